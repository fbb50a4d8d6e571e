package dev.carafe.bench;

import dev.carafe.base.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table in Markdown whose columns also line up as plain text; the first column is text, the others are figures. */
public final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... headings) {
        rows.add(List.of(headings));
    }

    /** Adds a row; each heading gets one cell. */
    public Table row(List<String> cells) {
        if (cells.size() != rows.getFirst().size()) {
            throw Fault.invalid("add row", cells.toString(), "expected " + rows.getFirst().size() + " cells");
        }
        rows.add(cells.stream().map(cell -> cell.replace("|", "\\|")).toList());
        return this;
    }

    public Table row(String... cells) {
        return row(List.of(cells));
    }

    /** A figure with about three significant digits. */
    public static String figure(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size == 0 || size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    }

    /** How many times as much the value is. */
    public static String ratio(double value, double reference) {
        return reference > 0 ? figure(value / reference) : "–";
    }

    /** The ends of a range. */
    public static String range(Summary summary) {
        return figure(summary.min()) + "–" + figure(summary.max());
    }

    @Override
    public String toString() {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int k = 0; k < columns; k++) {
                widths[k] = Math.max(widths[k], row.get(k).length());
            }
        }
        var text = new StringBuilder();
        for (int r = 0; r < rows.size(); r++) {
            line(text, rows.get(r), widths);
            if (r == 0) {
                rule(text, widths);
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, List<String> cells, int[] widths) {
        text.append('|');
        for (int k = 0; k < widths.length; k++) {
            String gap = " ".repeat(widths[k] - cells.get(k).length());
            text.append(' ').append(k == 0 ? cells.get(k) + gap : gap + cells.get(k)).append(" |");
        }
        text.append('\n');
    }

    private static void rule(StringBuilder text, int[] widths) {
        text.append('|');
        for (int k = 0; k < widths.length; k++) {
            text.append("-".repeat(widths[k] + 1)).append(k == 0 ? "-|" : ":|");
        }
        text.append('\n');
    }
}
