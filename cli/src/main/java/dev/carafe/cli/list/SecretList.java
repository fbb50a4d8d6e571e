package dev.carafe.cli.list;

import dev.carafe.base.Durations;
import dev.carafe.cli.template.Value.Row;
import dev.carafe.engine.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code secret ls} prints (podman-secret-ls(1)). */
public final class SecretList {
    private static final Headings HEADINGS = new Headings("secret", List.of("CreatedAt", "Driver", "ID", "Name", "UpdatedAt"),
            List.of("CREATED", "DRIVER", "ID", "NAME", "UPDATED"));
    private static final String TABLE = "{{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.CreatedAt}}\t{{.UpdatedAt}}";

    private SecretList() {
    }

    /** The secrets as text, a line for each. @param headings whether a table has a first line */
    public static String print(List<Secret> secrets, View view, boolean headings, Instant now) {
        var rows = new ArrayList<Row>();
        secrets.forEach(secret -> rows.add(new Line(secret, now)));
        String text = Listing.print(view.quiet() ? "{{.ID}}" : view.format(), TABLE, HEADINGS, rows);
        boolean table = !view.quiet() && (view.format().isEmpty() || view.format().startsWith("table"));
        return table && !headings ? text.substring(text.indexOf('\n') + 1) : text;
    }

    private record Line(Secret secret, Instant now) implements Listed {
        @Override
        public Headings headings() {
            return HEADINGS;
        }

        @Override
        public String text(String column) {
            return switch (column) {
                case "ID" -> secret.id();
                case "Name" -> secret.name();
                case "Driver" -> "file";
                default -> Durations.human(Duration.between(secret.created(), now)).toLowerCase(Locale.ROOT).replaceFirst("^l", "L") + " ago";
            };
        }
    }
}
