package dev.carafe.bench;

import dev.carafe.base.Fault;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Several measurements of one thing: the middle one, and how far the others are from it. */
public record Summary(double median, double min, double max) {
    /** Of at least one value, in any order; the median of an even number is the mean of the two in the middle. */
    public static Summary of(double... values) {
        if (values.length == 0) {
            throw Fault.invalid("summarise", "", "no values");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Summary(median, sorted[0], sorted[sorted.length - 1]);
    }

    /** Of one figure of each. */
    public static <T> Summary of(List<T> samples, ToDoubleFunction<T> figure) {
        return of(samples.stream().mapToDouble(figure).toArray());
    }
}
