package dev.carafe.cli.list;

import dev.carafe.cli.template.Template;
import dev.carafe.cli.template.Value;
import dev.carafe.cli.template.Value.Row;
import dev.carafe.cli.text.Columns;
import java.util.List;

/**
 * Rows as text in any of docker's formats. For lists that this package does not know, a command makes its own {@link Row}s and {@link Headings}.
 */
public final class Listing {
    private static final String TABLE = "table";
    private static final String JSON = "json";

    private Listing() {}

    /**
     * The rows in a format.
     *
     * @param format what {@code --format} said; empty or {@code table} for the default table
     * @param defaultTable the template of the default table, cells separated by tabs
     * @param headings the title of each column
     * @throws dev.carafe.base.Fault of kind {@code INVALID} when the template is wrong
     */
    public static String print(String format, String defaultTable, Headings headings, List<? extends Row> rows) {
        if (format.equals(JSON)) {
            return lines(Template.parse("{{json .}}"), rows);
        }
        if (!isTable(format)) {
            Template template = Template.parse(unescaped(format));
            template.applyToHeadings(headings);
            return lines(template, rows);
        }
        String asked = unescaped(trimmed(format.isEmpty() ? "" : format.substring(TABLE.length())));
        Template template = Template.parse(asked.isEmpty() ? defaultTable : asked);
        return Columns.align(template.applyToHeadings(headings) + "\n" + lines(template, rows));
    }

    /** Whether a format prints headings; any word that begins with "table" does, as in docker. */
    static boolean isTable(String format) {
        return format.isEmpty() || format.startsWith(TABLE);
    }

    private static String lines(Template template, List<? extends Row> rows) {
        var out = new StringBuilder();
        for (Value row : rows) {
            out.append(template.apply(row)).append('\n');
        }
        return out.toString();
    }

    /** Shells hand over a backslash and a letter where the user means a tab or a line feed. */
    private static String unescaped(String format) {
        return format.replace("\\t", "\t").replace("\\n", "\n");
    }

    private static String trimmed(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && text.charAt(start) == ' ') {
            start++;
        }
        while (end > start && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(start, end);
    }
}
