package dev.carafe.cli.list;

import dev.carafe.cli.template.Value;
import dev.carafe.cli.template.Value.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A line of a list: what its headings name, each as a text. */
public interface Listed extends Row {
    Headings headings();

    /** The text of a column that the headings name. */
    String text(String column);

    @Override
    default String typeName() {
        return headings().typeName();
    }

    @Override
    default List<String> columns() {
        return headings().columns();
    }

    @Override
    default Optional<Value> column(String name) {
        return headings().columns().contains(name) ? Optional.of(Value.of(text(name))) : Optional.empty();
    }

    /** Nothing, where a line has no labels. */
    @Override
    default Optional<Value> ask(String method, String argument) {
        return Optional.empty();
    }

    /** The answer to {@code .Label "key"}. */
    static Optional<Value> label(Map<String, String> labels, String method, String key) {
        return method.equals("Label") ? Optional.of(Value.of(labels.getOrDefault(key, ""))) : Optional.empty();
    }

    /** Labels as a column shows them, in the order of their keys. */
    static String labels(Map<String, String> labels) {
        var words = new ArrayList<String>();
        for (Map.Entry<String, String> label : new TreeMap<>(labels).entrySet()) {
            words.add(label.getKey() + "=" + label.getValue());
        }
        return String.join(",", words);
    }
}
