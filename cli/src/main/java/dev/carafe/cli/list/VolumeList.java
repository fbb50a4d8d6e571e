package dev.carafe.cli.list;

import dev.carafe.cli.template.Value;
import dev.carafe.cli.template.Value.Row;
import dev.carafe.engine.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code volume ls} prints (docker's reference of {@code docker volume ls}, section "Format the output"). */
public final class VolumeList {
    private static final Headings HEADINGS = new Headings("volume",
            List.of("Availability", "Driver", "Group", "Labels", "Links", "Mountpoint", "Name", "Scope", "Size", "Status"),
            List.of("AVAILABILITY", "DRIVER", "GROUP", "LABELS", "LINKS", "MOUNTPOINT", "VOLUME NAME", "SCOPE", "SIZE", "STATUS"));
    private static final String TABLE = "{{.Driver}}\t{{.Name}}";

    private VolumeList() {}

    /** The volumes as text, a line for each. */
    public static String print(List<Volume> volumes, View view) {
        var rows = new ArrayList<Row>();
        volumes.forEach(volume -> rows.add(new Line(volume)));
        return Listing.print(view.quiet() ? "{{.Name}}" : view.format(), TABLE, HEADINGS, rows);
    }

    private record Line(Volume volume) implements Listed {
        @Override
        public Headings headings() {
            return HEADINGS;
        }

        @Override
        public Optional<Value> ask(String method, String argument) {
            return Listed.label(volume.labels(), method, argument);
        }

        @Override
        public String text(String column) {
            return switch (column) {
                case "Driver" -> volume.json().get("Driver").getAsString();
                case "Labels" -> Listed.labels(volume.labels());
                case "Mountpoint" -> volume.mountpoint().toString();
                case "Name" -> volume.name();
                case "Scope" -> "local";
                default -> "N/A";
            };
        }
    }
}
