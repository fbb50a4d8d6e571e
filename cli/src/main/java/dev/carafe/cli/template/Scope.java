package dev.carafe.cli.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The variables that a place in a template can see, innermost last. A template that is called starts with {@code $} alone. */
final class Scope {
    private final List<String> names = new ArrayList<>();
    private final List<Value> values = new ArrayList<>();

    Scope(Value data) {
        declare("$", data);
    }

    void declare(String name, Value value) {
        names.add(name);
        values.add(value);
    }

    /** Changes the innermost variable of that name; false when there is none. */
    boolean assign(String name, Value value) {
        int place = names.lastIndexOf(name);
        if (place < 0) {
            return false;
        }
        values.set(place, value);
        return true;
    }

    Optional<Value> find(String name) {
        int place = names.lastIndexOf(name);
        return place < 0 ? Optional.empty() : Optional.of(values.get(place));
    }

    /** How many variables there are, to come back to with {@link #leave}. */
    int depth() {
        return names.size();
    }

    /** Forgets what was declared since. */
    void leave(int depth) {
        while (names.size() > depth) {
            names.removeLast();
            values.removeLast();
        }
    }
}
