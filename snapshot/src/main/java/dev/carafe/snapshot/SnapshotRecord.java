package dev.carafe.snapshot;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is written down of a snapshot: a few lines, {@code WORD VALUE}, the last of them {@code created}. Its name is that of the file; whether it is committed
 * follows from where the file is, so that committing is one rename.
 *
 * @param directory the number of its own directory; empty for a view, which needs none
 * @param lower the numbers of the directories below, top first
 */
record SnapshotRecord(String name, Snapshot.State state, String directory, Optional<Digest> parent, List<String> lower, Instant created) {
    static final int LIMIT = 64 * 1024;

    SnapshotRecord {
        lower = List.copyOf(lower);
    }

    /** What one that starts from this has for lower directories. */
    List<String> stack() {
        var stack = new ArrayList<String>(lower.size() + 1);
        stack.add(directory);
        stack.addAll(lower);
        return stack;
    }

    byte[] text() {
        var text = new StringBuilder();
        text.append("state ").append(state == Snapshot.State.VIEW ? "view" : "active").append('\n');
        if (!directory.isEmpty()) {
            text.append("directory ").append(directory).append('\n');
        }
        parent.ifPresent(digest -> text.append("parent ").append(digest).append('\n'));
        if (!lower.isEmpty()) {
            text.append("lower ").append(String.join(" ", lower)).append('\n');
        }
        text.append("created ").append(created.getEpochSecond()).append(' ').append(created.getNano()).append('\n');
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads a record; one that is cut off, as a power failure leaves it, is empty. */
    static Optional<SnapshotRecord> parse(String name, boolean committed, byte[] bytes, int length) {
        String text = new String(bytes, 0, length, StandardCharsets.US_ASCII);
        Snapshot.State state = null;
        String directory = "";
        Optional<Digest> parent = Optional.empty();
        List<String> lower = List.of();
        Instant created = null;
        for (String line : text.split("\n")) {
            int space = line.indexOf(' ');
            String value = line.substring(space + 1);
            try {
                switch (space < 0 ? "" : line.substring(0, space)) {
                    case "state" -> state = value.equals("view") ? Snapshot.State.VIEW : Snapshot.State.ACTIVE;
                    case "directory" -> directory = value;
                    case "parent" -> parent = Optional.of(Digest.parse(value));
                    case "lower" -> lower = List.of(value.split(" "));
                    case "created" -> created = time(value);
                    default -> {
                        return Optional.empty();
                    }
                }
            } catch (Fault | NumberFormatException damaged) {
                return Optional.empty();
            }
        }
        if (state == null || created == null || !text.endsWith("\n")) {
            return Optional.empty();
        }
        return Optional.of(new SnapshotRecord(name, committed ? Snapshot.State.COMMITTED : state, directory, parent, lower, created));
    }

    /** Seconds and nanoseconds, since to read a date would load half of java.time on the way to every start. */
    private static Instant time(String value) {
        int space = value.indexOf(' ');
        if (space < 0) {
            throw new NumberFormatException(value);
        }
        return Instant.ofEpochSecond(Long.parseLong(value.substring(0, space)), Integer.parseInt(value.substring(space + 1)));
    }
}
