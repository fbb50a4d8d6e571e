package dev.carafe.docker;

import dev.carafe.base.Timestamps;
import dev.carafe.engine.Container;
import dev.carafe.engine.ContainerStatus;
import dev.carafe.engine.LogReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Sends what a container has said, and will say, by the parameters of {@code ContainerLogs}. */
final class LogPrinter {
    private final boolean output;
    private final boolean error;
    private final boolean stamps;
    private final long since;
    private final long until;
    private final int tail;
    private final StreamFrames frames;
    private final ByteArrayOutputStream[] open = {new ByteArrayOutputStream(), new ByteArrayOutputStream()};
    private final long[] times = new long[2];

    /** A line with its line feed, if it has one. */
    private record Line(long time, boolean error, byte[] bytes) {
    }

    LogPrinter(Query query, StreamFrames frames) {
        this.frames = frames;
        output = query.on("stdout");
        error = query.on("stderr");
        stamps = query.on("timestamps");
        since = moment(query.text("since"), Long.MIN_VALUE);
        until = moment(query.text("until"), Long.MAX_VALUE);
        tail = tail(query.text("tail"));
    }

    /** Seconds since 1970, with a fraction of nine digits at most; 0 stands for nothing said. In nanoseconds. */
    static long moment(String text, long otherwise) {
        if (text.isEmpty() || text.equals("0")) {
            return otherwise;
        }
        int dot = text.indexOf('.');
        String fraction = (dot < 0 ? "" : text.substring(dot + 1)) + "000000000";
        try {
            if (dot >= 0 && text.length() - dot > 10) {
                throw new NumberFormatException(text);
            }
            return Math.addExact(Math.multiplyExact(Long.parseLong(dot < 0 ? text : text.substring(0, dot)), 1_000_000_000L), Long.parseLong(fraction.substring(0, 9)));
        } catch (NumberFormatException | ArithmeticException bad) {
            throw ApiFault.invalid("invalid value for \"since\" or \"until\": " + text);
        }
    }

    /** Anything but a number of lines means all of them. */
    private static int tail(String text) {
        try {
            return text.isEmpty() ? -1 : Integer.parseInt(text);
        } catch (NumberFormatException all) {
            return -1;
        }
    }

    /** What there is by now. */
    void print(Container container) throws IOException {
        try (LogReader reader = container.logs().orElse(null)) {
            if (reader != null) {
                past(reader, true);
            }
        }
    }

    /** What there is and what comes, until it does not run any more. @param gone whether nobody listens any more */
    void follow(Container container, BooleanSupplier gone) throws IOException {
        Optional<LogReader> log = container.logs();
        while (log.isEmpty() && !gone.getAsBoolean() && container.status().phase() == ContainerStatus.Phase.CREATED) {
            pause();
            log = container.logs();
        }
        try (LogReader reader = log.orElse(null)) {
            if (reader == null) {
                return;
            }
            past(reader, false);
            while (System.currentTimeMillis() * 1_000_000 <= until) {
                Optional<LogReader.Piece> piece = reader.next(() -> !gone.getAsBoolean() && container.status().running());
                for (Line line : piece.isPresent() ? lines(piece.get()) : rest()) {
                    put(line);
                }
                if (piece.isEmpty()) {
                    return;
                }
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void past(LogReader reader, boolean all) throws IOException {
        Deque<Line> kept = new ArrayDeque<>();
        for (Optional<LogReader.Piece> piece = reader.next(); piece.isPresent(); piece = reader.next()) {
            for (Line line : lines(piece.get())) {
                keep(kept, line);
            }
        }
        // A last line without a line feed is a line too, unless more of it may come.
        for (Line line : all ? rest() : List.<Line>of()) {
            keep(kept, line);
        }
        for (Line line : kept) {
            put(line);
        }
    }

    private void keep(Deque<Line> kept, Line line) throws IOException {
        if (!wanted(line)) {
            return;
        }
        if (tail < 0) {
            put(line);
            return;
        }
        kept.add(line);
        if (kept.size() > tail) {
            kept.removeFirst();
        }
    }

    private boolean wanted(Line line) {
        return line.time() >= since && line.time() <= until && (line.error() ? error : output);
    }

    private void put(Line line) throws IOException {
        if (!wanted(line)) {
            return;
        }
        byte[] bytes = line.bytes();
        if (stamps) {
            var stamped = new ByteArrayOutputStream();
            stamped.writeBytes(stamp(line.time()).getBytes(StandardCharsets.US_ASCII));
            stamped.writeBytes(bytes);
            bytes = stamped.toByteArray();
        }
        frames.put(line.error(), bytes, bytes.length);
    }

    /** With all nine digits, as docker prints it. */
    private static String stamp(long nanos) {
        String whole = Timestamps.print(Instant.ofEpochSecond(nanos / 1_000_000_000));
        return whole.substring(0, whole.length() - 1) + "." + Long.toString(1_000_000_000 + nanos % 1_000_000_000).substring(1) + "Z ";
    }

    private List<Line> lines(LogReader.Piece piece) {
        int stream = piece.error() ? 1 : 0;
        var lines = new ArrayList<Line>();
        byte[] bytes = piece.bytes();
        for (int from = 0; from < bytes.length;) {
            int end = from;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            boolean whole = end < bytes.length;
            if (open[stream].size() == 0) {
                times[stream] = piece.time();
            }
            open[stream].write(bytes, from, (whole ? end + 1 : end) - from);
            if (whole) {
                lines.add(line(stream));
            }
            from = end + 1;
        }
        return lines;
    }

    private Line line(int stream) {
        var line = new Line(times[stream], stream == 1, open[stream].toByteArray());
        open[stream].reset();
        return line;
    }

    private List<Line> rest() {
        var lines = new ArrayList<Line>();
        for (int stream = 0; stream < 2; stream++) {
            if (open[stream].size() > 0) {
                lines.add(line(stream));
            }
        }
        return lines;
    }
}
