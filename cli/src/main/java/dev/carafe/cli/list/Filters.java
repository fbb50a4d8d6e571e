package dev.carafe.cli.list;

import dev.carafe.base.Fault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The filters of a list: names with the values given for each, in order.
 *
 * <p>Docker's rule for a row: it must fit every name, and for a name any one of its values, labels excepted, which must all fit. What a
 * name means is up to the list.
 */
public record Filters(Map<String, List<String>> values) {
    public Filters {
        var copy = new LinkedHashMap<String, List<String>>();
        for (Map.Entry<String, List<String>> entry : values.entrySet()) {
            copy.put(entry.getKey(), List.copyOf(entry.getValue()));
        }
        values = java.util.Collections.unmodifiableMap(copy);
    }

    /**
     * Reads {@code name=value} as often as it was given; names are not case-sensitive, an empty filter is passed over.
     *
     * @param known the names that the list has a meaning for
     * @throws Fault of kind {@code INVALID} for a filter without a value or with an unknown name
     */
    public static Filters parse(List<String> given, List<String> known) {
        var values = new LinkedHashMap<String, List<String>>();
        for (String filter : given) {
            if (filter.isEmpty()) {
                continue;
            }
            int equals = filter.indexOf('=');
            if (equals < 0) {
                throw Fault.invalid("bad format of filter", "", "expected name=value, not \"" + filter + "\"");
            }
            String name = filter.substring(0, equals).strip().toLowerCase(java.util.Locale.ROOT);
            if (!known.contains(name)) {
                throw Fault.invalid("invalid filter", "'" + name + "'", "unknown name").hint("known are " + String.join(", ", known));
            }
            values.computeIfAbsent(name, n -> new ArrayList<>()).add(filter.substring(equals + 1).strip());
        }
        return new Filters(values);
    }

    /** The values of a name; empty when it was not given. */
    public List<String> of(String name) {
        return values.getOrDefault(name, List.of());
    }

    /**
     * The value of a name that is either so or not, such as {@code dangling}.
     *
     * @throws Fault of kind {@code INVALID} for any other word, and for two that contradict each other
     */
    public Optional<Boolean> truth(String name) {
        Optional<Boolean> truth = Optional.empty();
        for (String value : of(name)) {
            boolean one = switch (value) {
                case "1", "true" -> true;
                case "0", "false" -> false;
                default -> throw Fault.invalid("invalid filter", "'" + name + "=" + value + "'", "must be true or false");
            };
            if (truth.isPresent() && truth.get() != one) {
                throw Fault.invalid("invalid filter", "'" + name + "'", "both true and false");
            }
            truth = Optional.of(one);
        }
        return truth;
    }
}
