package dev.carafe.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
    @Test
    void theMedianOfAnOddNumberIsTheMiddleValue() {
        assertThat(Summary.of(9, 1, 4)).isEqualTo(new Summary(4, 1, 9));
    }

    @Test
    void theMedianOfAnEvenNumberIsTheMeanOfTheTwoInTheMiddle() {
        assertThat(Summary.of(10, 1, 4, 2)).isEqualTo(new Summary(3, 1, 10));
    }

    @Test
    void oneValueIsAllThree() {
        assertThat(Summary.of(2.5)).isEqualTo(new Summary(2.5, 2.5, 2.5));
    }

    @Test
    void theValuesStayInTheirOrder() {
        double[] values = {3, 1, 2};
        Summary.of(values);
        assertThat(values).containsExactly(3, 1, 2);
    }

    @Test
    void aFigureOfSamplesIsChosen() {
        var samples = List.of(new Sample(5, 50), new Sample(7, 30), new Sample(6, 40));
        assertThat(Summary.of(samples, Sample::cpuMillis)).isEqualTo(new Summary(40, 30, 50));
    }

    @Test
    void nothingCannotBeSummarised() {
        assertThatThrownBy(Summary::of).isInstanceOf(Fault.class).hasMessageContaining("no values");
    }
}
