package dev.carafe.cli.template;

import dev.carafe.base.Fault;
import dev.carafe.cli.template.Value.Mapping;
import dev.carafe.cli.template.Value.Nothing;
import dev.carafe.cli.template.Value.Real;
import dev.carafe.cli.template.Value.Row;
import dev.carafe.cli.template.Value.Sequence;
import dev.carafe.cli.template.Value.Text;
import dev.carafe.cli.template.Value.Truth;
import dev.carafe.cli.template.Value.Whole;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What {@code range} visits of a value: the elements of a sequence, the values of a mapping in the order of its keys, the numbers below a number.
 *
 * @param keys the index or key of each
 */
record Iteration(List<Value> keys, List<Value> elements) {
    private static final long LONGEST_COUNT = 1_000_000;

    /**
     * The iteration over a value.
     *
     * @param variables how many variables are to be set at each step
     * @throws Fault whose reason is Go's, when the value cannot be visited
     */
    static Iteration over(Value value, int variables) {
        var keys = new ArrayList<Value>();
        var elements = new ArrayList<Value>();
        switch (value) {
            case Nothing n -> { }
            case Sequence s -> {
                for (int i = 0; i < s.values().size(); i++) {
                    keys.add(Value.of(i));
                    elements.add(s.values().get(i));
                }
            }
            case Mapping m -> {
                for (Map.Entry<String, Value> entry : m.sorted().entrySet()) {
                    keys.add(Value.of(entry.getKey()));
                    elements.add(entry.getValue());
                }
            }
            case Whole w -> {
                if (variables > 1) {
                    throw reason("can't use " + w.value() + " to iterate over more than one variable");
                }
                if (w.value() > LONGEST_COUNT) {
                    throw reason("range over more than " + LONGEST_COUNT);
                }
                for (long i = 0; i < w.value(); i++) {
                    keys.add(Value.of(i));
                    elements.add(Value.of(i));
                }
            }
            case Truth t -> throw impossible(t);
            case Real r -> throw impossible(r);
            case Text t -> throw impossible(t);
            case Row r -> throw impossible(r);
        }
        return new Iteration(keys, elements);
    }

    private static Fault impossible(Value value) {
        return reason("range can't iterate over " + GoText.print(value));
    }

    private static Fault reason(String text) {
        return Fault.invalid("apply template", "", text);
    }
}
