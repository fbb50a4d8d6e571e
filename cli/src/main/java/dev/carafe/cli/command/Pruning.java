package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What all commands that prune have in common: the question before, and the filters. */
final class Pruning {
    static final Option FILTER = Option.of(Type.FILTER, "filter", "Remove only those that fit (such as \"until=24h\" or \"label=KEY\")");
    static final Option FORCE = Option.of(Type.SWITCH, 'f', "force", "Do not ask");

    private final List<String[]> filters = new ArrayList<>();

    /** @param known the names that a filter may have */
    Pruning(Values values, List<String> known) {
        for (String filter : values.list("filter")) {
            int equals = filter.indexOf('=');
            if (equals < 0) {
                continue;
            }
            boolean not = equals > 0 && filter.charAt(equals - 1) == '!';
            String name = filter.substring(0, not ? equals - 1 : equals).trim().toLowerCase(java.util.Locale.ROOT);
            if (!known.contains(name) || not && !name.equals("label")) {
                throw Fault.invalid("prune", "filter \"" + filter + "\"", "invalid filter '" + (not ? name + "!" : name) + "'")
                        .hint("the filters are " + String.join(", ", known));
            }
            filters.add(new String[] {not ? "label!" : name, filter.substring(equals + 1)});
        }
    }

    /** Whether the user wants it: said beforehand, or now. */
    static boolean agreed(Call call, Values values, String warning) {
        if (values.on("force")) {
            return true;
        }
        call.console().out("WARNING! " + warning + "\nAre you sure you want to continue? [y/N] ");
        return answer(call.console().in()).trim().equalsIgnoreCase("y");
    }

    private static String answer(InputStream in) {
        var line = new StringBuilder();
        try (in) {
            for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
                line.append((char) b);
            }
        } catch (IOException gone) {
            return "";
        }
        return line.toString();
    }

    /** Whether something of those labels, made then, fits all filters. */
    boolean fits(Map<String, String> labels, Instant created) {
        for (String[] filter : filters) {
            boolean fits = switch (filter[0]) {
                case "until" -> created.isBefore(until(filter[1]));
                case "label" -> labelled(labels, filter[1]);
                case "label!" -> !labelled(labels, filter[1]);
                default -> true;
            };
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    /** Whether the filter is there. */
    boolean has(String name) {
        return filters.stream().anyMatch(filter -> filter[0].equals(name));
    }

    /** Whether the filter is there with a value that means yes. */
    boolean on(String name) {
        return filters.stream().anyMatch(filter -> filter[0].equals(name) && (filter[1].equals("1") || filter[1].equalsIgnoreCase("true")));
    }

    private static boolean labelled(Map<String, String> labels, String wanted) {
        int equals = wanted.indexOf('=');
        String value = labels.get(equals < 0 ? wanted : wanted.substring(0, equals));
        return value != null && (equals < 0 || value.equals(wanted.substring(equals + 1)));
    }

    private static Instant until(String text) {
        long nanos = LogsCommand.time(text);
        return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    }
}
