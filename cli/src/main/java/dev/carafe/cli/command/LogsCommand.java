package dev.carafe.cli.command;

import dev.carafe.base.Durations;
import dev.carafe.base.Fault;
import dev.carafe.base.Timestamps;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.Container;
import dev.carafe.engine.LogReader;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** {@code carafe logs}: what a container has said, and with {@code -f} what it will say. */
final class LogsCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe logs", "Print the output of a container")
            .operands("[OPTIONS] CONTAINER", 1, 1)
            .options(Option.of(Type.SWITCH, "details", "Show what the log options say of each line: labels, variables, the tag"),
                    Option.of(Type.SWITCH, 'f', "follow", "Go on until it ends"),
                    Option.of(Type.TEXT, "since", "Only what came after this time (2026-01-31T13:23:37Z) or this long ago (42m)"),
                    Option.of(Type.TEXT, 'n', "tail", "Only that many lines from the end").initially("all"),
                    Option.of(Type.SWITCH, 't', "timestamps", "Show when each line came"),
                    Option.of(Type.TEXT, "until", "Only what came before this time, or this long ago"))
            .build();

    /** A line, or what there is of one, with its line feed if it has one. */
    private record Line(long time, boolean error, byte[] bytes) {
    }

    /** What stands before each line; docker puts a blank behind details, however few there are. */
    private record Prefix(boolean time, Optional<String> details) {
        String of(Line line) {
            return (time ? stamp(line.time()) + " " : "") + (details.isPresent() ? details.get() + " " : "");
        }
    }

    /** As docker prints them: by name, joined by commas, escaped as in a query. */
    private static String details(Container container) {
        var words = new ArrayList<String>();
        container.logAttributes().forEach((name, value) -> words.add(URLEncoder.encode(name, StandardCharsets.UTF_8) + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return String.join(",", words);
    }

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        Container container = call.engine().containers().find(operands.getFirst());
        long since = values.given("since") ? time(values.text("since")) : Long.MIN_VALUE;
        long until = values.given("until") ? time(values.text("until")) : Long.MAX_VALUE;
        int tail = values.text("tail").equals("all") ? -1 : number(values.text("tail"));
        var prefix = new Prefix(values.on("timestamps"), values.on("details") ? Optional.of(details(container)) : Optional.empty());
        try (LogReader reader = container.logs().orElse(null)) {
            if (reader == null) {
                return 0;
            }
            var lines = new Lines();
            Deque<Line> kept = new ArrayDeque<>();
            for (Optional<LogReader.Piece> piece = reader.next(); piece.isPresent(); piece = reader.next()) {
                for (Line line : lines.add(piece.get())) {
                    keep(call, kept, line, since, until, tail, prefix);
                }
            }
            // A last line without a line feed is a line too, unless more of it may come.
            if (!values.on("follow")) {
                for (Line line : lines.rest()) {
                    keep(call, kept, line, since, until, tail, prefix);
                }
            }
            kept.forEach(line -> print(call, line, prefix));
            if (values.on("follow")) {
                follow(call, container, reader, lines, since, until, prefix);
            }
        }
        return 0;
    }

    private static void keep(Call call, Deque<Line> kept, Line line, long since, long until, int tail, Prefix prefix) {
        if (line.time() < since || line.time() > until) {
            return;
        }
        if (tail < 0) {
            print(call, line, prefix);
            return;
        }
        kept.add(line);
        if (kept.size() > tail) {
            kept.removeFirst();
        }
    }

    private static void follow(Call call, Container container, LogReader reader, Lines lines, long since, long until, Prefix prefix) {
        while (true) {
            Optional<LogReader.Piece> piece = reader.next(() -> container.status().running() && !call.console().gone());
            List<Line> whole = piece.isPresent() ? lines.add(piece.get()) : lines.rest();
            for (Line line : whole) {
                if (line.time() >= since && line.time() <= until) {
                    print(call, line, prefix);
                }
            }
            if (piece.isEmpty() || call.console().gone() || System.currentTimeMillis() * 1_000_000 > until) {
                return;
            }
        }
    }

    private static void print(Call call, Line line, Prefix prefix) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(prefix.of(line).getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(line.bytes());
        if (line.error()) {
            call.console().error(bytes.toByteArray());
        } else {
            call.console().out(bytes.toByteArray());
        }
    }

    /** With all nine digits, as docker prints it. */
    static String stamp(long nanos) {
        String whole = Timestamps.print(Instant.ofEpochSecond(nanos / 1_000_000_000));
        return whole.substring(0, whole.length() - 1) + "." + Long.toString(1_000_000_000 + nanos % 1_000_000_000).substring(1) + "Z";
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** A moment, or how long ago; seconds since 1970 are a moment too. */
    static long time(String text) {
        try {
            if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9' || c == '.')) {
                return (long) (Double.parseDouble(text) * 1e9);
            }
            if (text.indexOf('T') < 0 && text.indexOf('-') < 0) {
                return System.currentTimeMillis() * 1_000_000 - Durations.parse(text).toNanos();
            }
            Instant moment = Timestamps.parse(text.indexOf('T') < 0 ? text + "T00:00:00Z" : text);
            return moment.getEpochSecond() * 1_000_000_000 + moment.getNano();
        } catch (Fault | NumberFormatException e) {
            throw Fault.invalid("read", "time \"" + text + "\"", "expected a time such as 2026-01-31T13:23:37Z or a duration such as 42m");
        }
    }

    /** Puts pieces together to lines, for each stream by itself; a line carries the time of its first byte. */
    private static final class Lines {
        private final ByteArrayOutputStream[] open = {new ByteArrayOutputStream(), new ByteArrayOutputStream()};
        private final long[] times = new long[2];

        List<Line> add(LogReader.Piece piece) {
            int stream = piece.error() ? 1 : 0;
            var lines = new ArrayList<Line>();
            for (byte b : piece.bytes()) {
                if (open[stream].size() == 0) {
                    times[stream] = piece.time();
                }
                open[stream].write(b);
                if (b == '\n') {
                    lines.add(new Line(times[stream], piece.error(), open[stream].toByteArray()));
                    open[stream].reset();
                }
            }
            return lines;
        }

        List<Line> rest() {
            var lines = new ArrayList<Line>();
            for (int stream = 0; stream < 2; stream++) {
                if (open[stream].size() > 0) {
                    lines.add(new Line(times[stream], stream == 1, open[stream].toByteArray()));
                    open[stream].reset();
                }
            }
            return lines;
        }
    }
}
