package dev.carafe.cli.list;

import dev.carafe.cli.template.Value;
import dev.carafe.cli.template.Value.Row;
import java.util.List;
import java.util.Optional;

/**
 * The titles of a list's columns, as the row that a table's template is first applied to.
 *
 * @param typeName what messages call a row of the list
 * @param columns the names of the columns, sorted, for JSON lists them in that order
 * @param titles the title of each column, in the same order
 */
public record Headings(String typeName, List<String> columns, List<String> titles) implements Row {
    public Headings {
        columns = List.copyOf(columns);
        titles = List.copyOf(titles);
        if (columns.size() != titles.size()) {
            throw new IllegalArgumentException(typeName + " has " + columns.size() + " columns and " + titles.size() + " titles");
        }
    }

    @Override
    public Optional<Value> column(String name) {
        int place = columns.indexOf(name);
        return place < 0 ? Optional.empty() : Optional.of(Value.of(titles.get(place)));
    }

    /** The title of {@code .Label "org.example.of-team"} is {@code of team}. */
    @Override
    public Optional<Value> ask(String method, String argument) {
        return method.equals("Label")
                ? Optional.of(Value.of(argument.substring(argument.lastIndexOf('.') + 1).replace('-', ' ').replace('_', ' ')))
                : Optional.empty();
    }
}
