package dev.carafe.cli.command;

import dev.carafe.base.ByteSize;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.list.Headings;
import dev.carafe.cli.list.Listing;
import dev.carafe.cli.template.Value;
import dev.carafe.content.Image;
import dev.carafe.engine.Container;
import dev.carafe.engine.Engine;
import dev.carafe.engine.Images;
import dev.carafe.engine.Volume;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code carafe system df}: what is kept on disk, and how much of it nobody uses. */
final class SystemDfCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe system df", "Print what is kept on disk").operands("[OPTIONS]", 0, 0)
            .options(Option.of(Type.TEXT, "format", "Print by this Go template, or table, or json"),
                    Option.of(Type.SWITCH, "why", "Print everything that takes space with whom it is kept for"),
                    Option.of(Type.SWITCH, 'v', "verbose", "Show each image, container and volume"))
            .build();
    private static final Headings HEADINGS = new Headings("diskUsage", List.of("Active", "Reclaimable", "Size", "TotalCount", "Type"),
            List.of("ACTIVE", "RECLAIMABLE", "SIZE", "TOTAL", "TYPE"));

    /** What there is of one kind: how many, how many of them are in use, and how many bytes they and those that are not in use take. */
    private record Line(String type, int total, int active, long size, long idle) implements Value.Row {
        @Override
        public String typeName() {
            return HEADINGS.typeName();
        }

        @Override
        public List<String> columns() {
            return HEADINGS.columns();
        }

        @Override
        public Optional<Value> column(String name) {
            return switch (name) {
                case "Type" -> Optional.of(Value.of(type));
                case "TotalCount" -> Optional.of(Value.of(Integer.toString(total)));
                case "Active" -> Optional.of(Value.of(Integer.toString(active)));
                case "Size" -> Optional.of(Value.of(new ByteSize(size).decimal()));
                case "Reclaimable" -> Optional.of(Value.of(new ByteSize(idle).decimal() + (size == 0 ? "" : " (" + idle * 100 / size + "%)")));
                default -> Optional.empty();
            };
        }

        @Override
        public Optional<Value> ask(String method, String argument) {
            return Optional.empty();
        }
    }

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        if (values.on("verbose") && !values.text("format").isEmpty()) {
            throw Fault.invalid("df", "--verbose", "the verbose and the format options conflict");
        }
        if (values.on("verbose")) {
            call.console().out(new DiskUsage(call.engine(), Instant.now()).print());
            return 0;
        }
        if (values.on("why")) {
            return why(call);
        }
        Images images = call.engine().images();
        var used = new HashSet<Digest>();
        long containerBytes = 0;
        long stoppedBytes = 0;
        int containers = 0;
        int running = 0;
        for (Container container : call.engine().containers().list()) {
            long bytes = container.bytesWritten();
            containers++;
            containerBytes += bytes;
            container.record().imageId().ifPresent(used::add);
            if (container.status().running()) {
                running++;
            } else {
                stoppedBytes += bytes;
            }
        }
        Set<Digest> seen = new HashSet<>();
        long imageBytes = 0;
        long idleBytes = 0;
        int active = 0;
        for (Image image : images.list()) {
            Digest id = image.config().orElse(image.target().digest());
            if (seen.add(id)) {
                long bytes = images.size(image);
                imageBytes += bytes;
                if (used.contains(id)) {
                    active++;
                } else {
                    idleBytes += bytes;
                }
            }
        }
        var lines = List.of(new Line("Images", seen.size(), active, imageBytes, idleBytes),
                new Line("Containers", containers, running, containerBytes, stoppedBytes), volumes(call));
        call.console().out(Listing.print(values.text("format"), "{{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}", HEADINGS, lines));
        return 0;
    }

    private static Line volumes(Call call) {
        Set<String> used = call.engine().volumes().users().keySet();
        int active = 0;
        long bytes = 0;
        long idle = 0;
        List<Volume> volumes = call.engine().volumes().list();
        for (Volume volume : volumes) {
            long size = call.engine().volumes().size(volume);
            bytes += size;
            if (used.contains(volume.name())) {
                active++;
            } else {
                idle += size;
            }
        }
        return new Line("Local Volumes", volumes.size(), active, bytes, idle);
    }

    private static int why(Call call) {
        long total = 0;
        for (Engine.Held held : call.engine().ledger()) {
            total += held.bytes();
            String size = new ByteSize(held.bytes()).decimal();
            call.console().out(size + " ".repeat(Math.max(1, 10 - size.length())) + held.what() + ": " + (held.holders().isEmpty() ? "nobody" : String.join(", ", held.holders())) + "\n");
        }
        String size = new ByteSize(total).decimal();
        call.console().out(size + " ".repeat(Math.max(1, 10 - size.length())) + "in all\n");
        return 0;
    }
}
