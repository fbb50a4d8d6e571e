package dev.carafe.cli.list;

import dev.carafe.cli.template.Value;
import dev.carafe.cli.template.Value.Row;
import dev.carafe.cli.text.Amount;
import dev.carafe.cli.text.Quote;
import dev.carafe.cli.text.Width;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code ps} prints (docker's reference of {@code docker container ls}, section "Format the output"). */
public final class ContainerList {
    private static final Headings HEADINGS = new Headings("container",
            List.of("Command", "CreatedAt", "ID", "Image", "Labels", "LocalVolumes", "Mounts", "Names", "Networks", "Ports", "RunningFor", "Size",
                    "State", "Status"),
            List.of("COMMAND", "CREATED AT", "CONTAINER ID", "IMAGE", "LABELS", "LOCAL VOLUMES", "MOUNTS", "NAMES", "NETWORKS", "PORTS", "CREATED",
                    "SIZE", "STATE", "STATUS"));
    private static final String TABLE = "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}";
    private static final int COMMAND_PLACES = 20;
    private static final int MOUNT_PLACES = 15;

    private ContainerList() {}

    /**
     * The containers as text.
     *
     * @param now the moment that ages are counted to
     * @param zone the reader's time zone
     */
    public static String print(List<ContainerRow> containers, View view, Instant now, ZoneId zone) {
        var rows = new ArrayList<Row>(containers.size());
        for (ContainerRow container : containers) {
            rows.add(new Line(container, view.whole(), now, zone));
        }
        String format = view.quiet() ? "{{.ID}}" : view.format();
        return Listing.print(format, view.extra() ? TABLE + "\t{{.Size}}" : TABLE, HEADINGS, rows);
    }

    /** Whether the format shows sizes, so that they must be measured. */
    public static boolean needsSizes(View view) {
        return !view.quiet() && (view.extra() || view.format().contains(".Size") || view.format().contains("json"));
    }

    private record Line(ContainerRow container, boolean whole, Instant now, ZoneId zone) implements Listed {
        @Override
        public Headings headings() {
            return HEADINGS;
        }

        @Override
        public Optional<Value> ask(String method, String argument) {
            return Listed.label(container.labels(), method, argument);
        }

        @Override
        public String text(String column) {
            return switch (column) {
                case "ID" -> whole ? container.id() : Width.shortId(container.id());
                case "Names" -> names();
                case "Image" -> image();
                case "Command" -> Quote.of(whole ? container.command() : Width.cut(container.command(), COMMAND_PLACES));
                case "CreatedAt" -> Amount.moment(container.created(), zone);
                case "RunningFor" -> Amount.span(Duration.between(container.created(), now)) + " ago";
                case "Ports" -> Ports.print(container.ports());
                case "State" -> container.state();
                case "Status" -> container.status();
                case "Size" -> size();
                case "Labels" -> Listed.labels(container.labels());
                case "Mounts" -> mounts();
                case "LocalVolumes" -> Long.toString(localVolumes());
                case "Networks" -> String.join(",", container.networks());
                default -> throw new IllegalArgumentException(column);
            };
        }

        private String names() {
            if (whole) {
                return String.join(",", container.names());
            }
            for (String name : container.names()) {
                if (name.indexOf('/') < 0) {
                    return name;
                }
            }
            return "";
        }

        private String image() {
            String image = container.image();
            if (image.isEmpty()) {
                return "<no image>";
            }
            if (whole) {
                return image;
            }
            String shortId = Width.shortId(container.imageId());
            if (!shortId.isEmpty() && shortId.equals(Width.shortId(image))) {
                return shortId;
            }
            int digest = image.indexOf('@');
            return ImageList.familiar(digest < 0 ? image : image.substring(0, digest));
        }

        private String size() {
            String written = Amount.size(container.writtenBytes(), 3);
            return container.totalBytes() > 0 ? written + " (virtual " + Amount.size(container.totalBytes(), 3) + ")" : written;
        }

        private String mounts() {
            var all = new ArrayList<String>();
            for (ContainerRow.Mounted mount : container.mounts()) {
                String name = mount.name().isEmpty() ? mount.source() : mount.name();
                all.add(whole ? name : Width.cut(name, MOUNT_PLACES));
            }
            return String.join(",", all);
        }

        private long localVolumes() {
            long count = 0;
            for (ContainerRow.Mounted mount : container.mounts()) {
                count += mount.driver().equals("local") ? 1 : 0;
            }
            return count;
        }
    }
}
