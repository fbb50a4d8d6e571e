package dev.carafe.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a container's output in another engine's format, beside the log, for tools that read such files as they grow. The monitor knows nothing of it: whoever
 * tends the container reads the log and writes on. Each piece of output is written by one call and bears its time, so that one who goes on after a kill finds by the
 * last line where to; nothing is doubled, and nothing is left out that the log still has.
 */
final class Transcript implements AutoCloseable {
    /** As docker cuts lines, before they are escaped. */
    private static final int LONGEST = 16 << 10;
    /** No line is longer, escaped and with its attributes, unless those are huge. */
    private static final int TAIL = 256 << 10;

    /** How a part of a line is written. */
    interface Format {
        void write(ByteArrayOutputStream to, byte[] bytes, int from, int end, LogReader.Piece piece);

        /** The time of a line, in nanoseconds since 1970. */
        long time(String line);
    }

    private final Path log;
    private final Path file;
    private final LogPolicy policy;
    private final Format format;
    private @Nullable LogReader reader;
    private @Nullable FileChannel out;
    private long last;

    Transcript(Path log, Path file, LogPolicy policy, Format format) {
        this.log = log;
        this.file = file;
        this.policy = policy;
        this.format = format;
    }

    static Transcript of(Roots roots, ContainerRecord record, LogPolicy policy) {
        Format format = policy.driver().equals(LogPolicy.JSON) ? new TranscriptFormat.Json(policy.attributes(record)) : new TranscriptFormat.Kubernetes();
        return new Transcript(roots.log(record.id()), policy.path(roots, record.id()), policy, format);
    }

    /** Writes what is in the log and not here yet. */
    void writeOn() {
        try {
            LogReader from = reader;
            if (from == null) {
                from = LogReader.open(log).orElse(null);
                if (from == null) {
                    return;
                }
                reader = from;
                last = lastTime();
            }
            for (Optional<LogReader.Piece> piece = from.next(); piece.isPresent(); piece = from.next()) {
                if (piece.get().time() > last) {
                    append(lines(piece.get()));
                    last = piece.get().time();
                }
            }
        } catch (IOException e) {
            throw StateFile.fault("write", file, e);
        }
    }

    private byte[] lines(LogReader.Piece piece) {
        var text = new ByteArrayOutputStream();
        byte[] bytes = piece.bytes();
        int from = 0;
        for (int k = 0; k < bytes.length; k++) {
            if (bytes[k] == '\n' || k + 1 - from == LONGEST || k + 1 == bytes.length) {
                format.write(text, bytes, from, k + 1, piece);
                from = k + 1;
            }
        }
        return text.toByteArray();
    }

    private void append(byte[] text) throws IOException {
        FileChannel to = out;
        if (to == null) {
            to = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.WRITE);
            out = to;
        }
        ByteBuffer bytes = ByteBuffer.wrap(text);
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
        if (policy.mostBytes() > 0 && to.size() >= policy.mostBytes()) {
            to.close();
            out = null;
            rotate();
        }
    }

    /** As docker does: to {@code FILE.1}, what is there to {@code FILE.2} and so on, packed where that is wanted. */
    private void rotate() throws IOException {
        String end = policy.compress() ? LogSource.PACKED : "";
        if (policy.files() == 1) {
            Files.deleteIfExists(file);
            return;
        }
        for (int k = policy.files() - 1; k > 1; k--) {
            Path newer = numbered(k - 1, end);
            if (Files.exists(newer)) {
                Files.move(newer, numbered(k, end), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (!policy.compress()) {
            Files.move(file, numbered(1, ""), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return;
        }
        Path draft = numbered(1, ".new");
        try (InputStream in = Files.newInputStream(file);
                OutputStream packed = new GZIPOutputStream(Files.newOutputStream(draft))) {
            in.transferTo(packed);
        }
        Files.move(draft, numbered(1, end), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        // A reader of the file keeps what it has open; the next line begins a new one. The time of its last line is kept for one who goes on after a kill.
        StateFile.write(mark(), Long.toString(last));
        Files.delete(file);
    }

    private Path numbered(int number, String end) {
        return file.resolveSibling(file.getFileName() + "." + number + end);
    }

    private Path mark() {
        return file.resolveSibling(file.getFileName() + ".last");
    }

    /** Of what was written before; 0: nothing. */
    private long lastTime() throws IOException {
        for (Path written : new Path[] {file, numbered(1, "")}) {
            if (Files.exists(written) && Files.size(written) > 0) {
                try (var tail = new RandomAccessFile(written.toFile(), "r")) {
                    long from = Math.max(0, tail.length() - TAIL);
                    byte[] bytes = new byte[(int) (tail.length() - from)];
                    tail.seek(from);
                    tail.readFully(bytes);
                    String text = new String(bytes, StandardCharsets.UTF_8).stripTrailing();
                    return format.time(text.substring(text.lastIndexOf('\n') + 1));
                }
            }
        }
        return StateFile.readWhole(mark()).map(Long::parseLong).orElse(0L);
    }

    /** The time that a line bears in the usual form, to the nanosecond. */
    static long nanos(String time) {
        Instant moment = java.time.OffsetDateTime.parse(time).toInstant();
        return moment.getEpochSecond() * 1_000_000_000 + moment.getNano();
    }

    @Override
    public void close() {
        LogReader from = reader;
        if (from != null) {
            from.close();
        }
        FileChannel to = out;
        if (to != null) {
            try {
                to.close();
            } catch (IOException e) {
                throw StateFile.fault("close", file, e);
            }
        }
    }
}
