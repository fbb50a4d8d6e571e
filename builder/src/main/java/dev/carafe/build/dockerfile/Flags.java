package dev.carafe.build.dockerfile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The flags of one instruction, against those that it knows. */
final class Flags {
    private final int number;
    private final Set<String> values;
    private final Set<String> switches;
    private final Set<String> lists;
    private final Map<String, List<String>> given = new LinkedHashMap<>();

    /**
     * Reads them.
     *
     * @param values flags that have a value
     * @param switches flags that may have one: true or false
     * @param lists flags with a value that may come again
     */
    Flags(Line line, Set<String> values, Set<String> switches, Set<String> lists) {
        this.number = line.start();
        this.values = values;
        this.switches = switches;
        this.lists = lists;
        line.flags().forEach(this::add);
    }

    private void add(String word) {
        if (word.equals("--")) {
            return;
        }
        int equals = word.indexOf('=');
        String name = word.substring(2, equals < 0 ? word.length() : equals);
        if (!values.contains(name) && !switches.contains(name) && !lists.contains(name)) {
            var known = new ArrayList<>(values);
            known.addAll(switches);
            known.addAll(lists);
            throw ParseFault.at(number, "unknown flag: --" + name + Nearest.suggestion(name, known, "--"));
        }
        if (equals < 0 && !switches.contains(name)) {
            throw ParseFault.at(number, "missing a value on flag: --" + name);
        }
        String value = equals < 0 ? "true" : word.substring(equals + 1);
        if (switches.contains(name) && !value.equals("true") && !value.equals("false")) {
            throw ParseFault.at(number, "expecting boolean value for flag --" + name + ", not: " + value);
        }
        List<String> all = given.computeIfAbsent(name, n -> new ArrayList<>());
        if (!all.isEmpty() && !lists.contains(name)) {
            throw ParseFault.at(number, "duplicate flag specified: --" + name);
        }
        all.add(value);
    }

    Optional<String> value(String name) {
        return given.containsKey(name) ? Optional.of(given.get(name).getFirst()) : Optional.empty();
    }

    boolean on(String name) {
        return value(name).filter(v -> v.equals("true")).isPresent();
    }

    List<String> list(String name) {
        return given.getOrDefault(name, List.of());
    }
}
