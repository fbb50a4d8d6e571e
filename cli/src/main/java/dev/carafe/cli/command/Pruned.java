package dev.carafe.cli.command;

import dev.carafe.cli.text.Amount;
import java.util.List;

/**
 * What pruning took away.
 *
 * @param title what stands above the names
 * @param names one line each
 * @param bytes how much space came free
 */
record Pruned(String title, List<String> names, long bytes) {
    /** The names under their title and an empty line; nothing if there are none. */
    String list() {
        return names.isEmpty() ? "" : title + ":\n" + String.join("\n", names) + "\n\n";
    }

    /** The names, and the space. */
    String report() {
        return list() + total(bytes);
    }

    /** The line that tells of the space. */
    static String total(long bytes) {
        return "Total reclaimed space: " + Amount.size(bytes, 4) + "\n";
    }
}
