package dev.carafe.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {
    @ParameterizedTest
    @CsvSource({
        "2015-10-31T22:22:56.015925234Z, 2015-10-31T22:22:56.015925234Z", "2015-10-31t22:22:56z, 2015-10-31T22:22:56Z",
        "2015-10-31T22:22:56.5+02:00, 2015-10-31T20:22:56.500Z", "2015-10-31T22:22:56-05:30, 2015-11-01T03:52:56Z",
        "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z", "2024-02-29T00:00:00.0000000019Z, 2024-02-29T00:00:00.000000001Z",
    })
    void timesAreReadWithAnyOffset(String text, Instant time) {
        assertThat(Timestamps.parse(text)).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2015-10-31T22:22:56.015925234Z", "2015-10-31T22:22:56Z", "2015-10-31T22:22:56.5Z", "0001-01-01T00:00:00Z",
        "2015-10-31T22:22:56.000000001Z"})
    void timesPrintAsTheyWereReadWithoutZerosAtTheEnd(String text) {
        assertThat(Timestamps.print(Timestamps.parse(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2015-10-31", "2015-10-31T22:22:56", "2015-10-31 22:22:56Z", "2015-13-31T22:22:56Z", "2015-02-30T22:22:56Z",
        "2015-10-31T24:22:56Z", "2015-10-31T22:22:56.Z", "2015-10-31T22:22:56+0200", "2015-10-31T22:22:56+99:00", "2015-10-31T22:22:56ZZ",
        "2o15-10-31T22:22:56Z", "2015-10-31T22:22:56.123"})
    void whatIsNotATimeIsRefused(String text) {
        assertThatThrownBy(() -> Timestamps.parse(text)).isInstanceOf(Fault.class)
                .hasMessageStartingWith("time \"" + text + "\": expected a time of RFC 3339");
    }
}
