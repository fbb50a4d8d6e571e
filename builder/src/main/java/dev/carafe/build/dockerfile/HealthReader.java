package dev.carafe.build.dockerfile;

import dev.carafe.base.Durations;
import dev.carafe.base.Fault;
import dev.carafe.oci.Healthcheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Understands HEALTHCHECK (Dockerfile reference, "HEALTHCHECK"). */
final class HealthReader {
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private HealthReader() {
    }

    static Healthcheck read(Line line) {
        var flags = new Flags(line, Set.of("interval", "timeout", "start-period", "start-interval", "retries"), Set.of(), Set.of());
        if (line.words().isEmpty()) {
            throw ParseFault.at(line.start(), "HEALTHCHECK requires at least one argument");
        }
        String kind = line.words().getFirst().toUpperCase(Locale.ROOT);
        List<String> command = line.words().subList(1, line.words().size());
        if (kind.equals("NONE")) {
            if (!command.isEmpty()) {
                throw ParseFault.at(line.start(), "HEALTHCHECK NONE takes no arguments");
            }
            return Healthcheck.NONE;
        }
        if (!kind.equals("CMD")) {
            throw ParseFault.at(line.start(), "Unknown type \"" + kind + "\" in HEALTHCHECK (try CMD)");
        }
        if (command.isEmpty()) {
            throw ParseFault.at(line.start(), "Missing command after HEALTHCHECK CMD");
        }
        var test = new ArrayList<String>();
        test.add(line.json() ? "CMD" : "CMD-SHELL");
        test.addAll(command);
        return Healthcheck.builder().test(test)
                .interval(time(line, flags, "interval"))
                .timeout(time(line, flags, "timeout"))
                .startPeriod(time(line, flags, "start-period"))
                .startInterval(time(line, flags, "start-interval"))
                .retries(flags.value("retries").map(text -> retries(line, text)))
                .build();
    }

    /** 0 stands for the usual, as when nothing is said. */
    private static Optional<Duration> time(Line line, Flags flags, String name) {
        Optional<String> text = flags.value(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Duration time;
        try {
            time = Durations.parse(text.get());
        } catch (Fault fault) {
            throw ParseFault.at(line.start(), "--" + name + ": " + fault.reason()).cause(fault);
        }
        if (time.isNegative()) {
            throw ParseFault.at(line.start(), "Interval \"" + name + "\" cannot be negative");
        }
        if (time.isPositive() && time.compareTo(SHORTEST) < 0) {
            throw ParseFault.at(line.start(), "Interval \"" + name + "\" cannot be less than 1ms");
        }
        return time.isZero() ? Optional.empty() : Optional.of(time);
    }

    private static int retries(Line line, String text) {
        try {
            int retries = Integer.parseInt(text);
            if (retries < 0) {
                throw ParseFault.at(line.start(), "--retries cannot be negative (" + retries + ")");
            }
            return retries;
        } catch (NumberFormatException e) {
            throw ParseFault.at(line.start(), "--retries: \"" + text + "\" is no number");
        }
    }
}
