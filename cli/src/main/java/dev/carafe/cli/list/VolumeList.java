package dev.carafe.cli.list;

import dev.carafe.cli.template.Value;
import dev.carafe.cli.template.Value.Row;
import dev.carafe.engine.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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

    private record Line(Volume volume) implements Row {
        @Override
        public String typeName() {
            return HEADINGS.typeName();
        }

        @Override
        public List<String> columns() {
            return HEADINGS.columns();
        }

        @Override
        public Optional<Value> column(String column) {
            return HEADINGS.columns().contains(column) ? Optional.of(Value.of(text(column))) : Optional.empty();
        }

        @Override
        public Optional<Value> ask(String method, String argument) {
            return method.equals("Label") ? Optional.of(Value.of(volume.labels().getOrDefault(argument, ""))) : Optional.empty();
        }

        private String text(String column) {
            return switch (column) {
                case "Driver" -> volume.json().get("Driver").getAsString();
                case "Labels" -> labels(volume.labels());
                case "Mountpoint" -> volume.mountpoint().toString();
                case "Name" -> volume.name();
                case "Scope" -> "local";
                default -> "N/A";
            };
        }

        private static String labels(Map<String, String> labels) {
            var words = new ArrayList<String>();
            new TreeMap<>(labels).forEach((name, value) -> words.add(name + "=" + value));
            return String.join(",", words);
        }
    }
}
