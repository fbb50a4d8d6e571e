package dev.carafe.cli.list;

/**
 * How the user wants to see a list.
 *
 * @param format the value of {@code --format}; empty for the default table
 * @param quiet only the ids ({@code --quiet}), whatever the format says
 * @param whole nothing cut short ({@code --no-trunc})
 * @param extra the column that the list shows on demand: sizes of containers ({@code --size}), digests of images ({@code --digests})
 */
public record View(String format, boolean quiet, boolean whole, boolean extra) {
    /** A view with that format and nothing else asked for. */
    public static View of(String format) {
        return new View(format, false, false, false);
    }

    public View quietly() {
        return new View(format, true, whole, extra);
    }

    public View wholly() {
        return new View(format, quiet, true, extra);
    }

    public View withExtra() {
        return new View(format, quiet, whole, true);
    }
}
