package dev.carafe.cli.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Lines whose cells end with a tab, aligned as Go's text/tabwriter aligns them for docker: a column is at least ten places wide, three of
 * them padding, and as wide as its widest cell in the lines that follow each other; what stands behind the last tab of a line is not part of a column.
 */
public final class Columns {
    private static final int NARROWEST = 10;
    private static final int PADDING = 3;

    private Columns() {}

    /** The lines with spaces in place of the tabs. */
    public static String align(String lines) {
        return align(lines, NARROWEST);
    }

    /** As {@link #align(String)}, with columns of at least that many places. */
    public static String align(String lines, int narrowest) {
        var cells = new ArrayList<List<String>>();
        int start = 0;
        for (int end = lines.indexOf('\n'); end >= 0; end = lines.indexOf('\n', start)) {
            cells.add(cells(lines.substring(start, end)));
            start = end + 1;
        }
        List<String> rest = cells(lines.substring(start));
        cells.add(rest);
        int[][] widths = widths(cells, narrowest);
        var out = new StringBuilder(lines.length() * 2);
        for (int line = 0; line < cells.size(); line++) {
            List<String> row = cells.get(line);
            for (int i = 0; i < row.size() - 1; i++) {
                out.append(row.get(i)).repeat(' ', widths[line][i] - Width.of(row.get(i)));
            }
            out.append(row.getLast());
            if (line < cells.size() - 1) {
                out.append('\n');
            }
        }
        return out.toString();
    }

    private static List<String> cells(String line) {
        var cells = new ArrayList<String>();
        int start = 0;
        for (int end = line.indexOf('\t'); end >= 0; end = line.indexOf('\t', start)) {
            cells.add(line.substring(start, end));
            start = end + 1;
        }
        cells.add(line.substring(start));
        return cells;
    }

    private static int[][] widths(List<List<String>> lines, int narrowest) {
        var widths = new int[lines.size()][];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = new int[lines.get(i).size() - 1];
        }
        for (int first = 0; first < widths.length; first++) {
            for (int column = 0; column < widths[first].length; column++) {
                if (widths[first][column] == 0) {
                    spread(lines, widths, first, column, narrowest);
                }
            }
        }
        return widths;
    }

    private static void spread(List<List<String>> lines, int[][] widths, int first, int column, int narrowest) {
        int width = narrowest;
        int end = first;
        for (; end < widths.length && widths[end].length > column; end++) {
            width = Math.max(width, Width.of(lines.get(end).get(column)) + PADDING);
        }
        for (int line = first; line < end; line++) {
            widths[line][column] = width;
        }
    }
}
