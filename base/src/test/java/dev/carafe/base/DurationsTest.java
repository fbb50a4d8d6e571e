package dev.carafe.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "0, PT0S", "10, PT10S", "-10, PT-10S", "1m30s, PT1M30S", "300ms, PT0.3S", "1.5h, PT1H30M", "-1.5s, PT-1.5S", "+5s, PT5S",
        "1h2m3s4ms5us6ns, PT1H2M3.004005006S", "100us, PT0.0001S", "100µs, PT0.0001S", "100μs, PT0.0001S", ".5s, PT0.5S", "1.s, PT1S",
        "0.3333333333333333333h, PT19M59.999999999S", "2562047h, PT2562047H",
    })
    void durationsAreReadAsGoDoesAndBareNumbersAreSeconds(String text, Duration duration) {
        assertThat(Durations.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''|not a duration", "-|not a duration", "s|not a duration", ".s|not a duration", "1.5|a unit is missing", "1s2|a unit is missing",
        "1d|unknown unit \"d\"", "1 s|unknown unit \" s\"", "--1s|not a duration", "3000000h|too long", "99999999999999999999s|too long",
        "9223372037|too long", "1h-1m|unknown unit \"h-\"",
    })
    void whatIsNotADurationIsRefused(String text, String reason) {
        assertThatThrownBy(() -> Durations.parse(text)).isInstanceOf(Fault.class)
                .hasMessageStartingWith("duration \"" + text + "\": " + reason);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s", "PT1M30S, 1m30s", "PT1H30M, 1h30m0s", "PT0.3S, 300ms", "PT1.5S, 1.5s", "PT-1.5S, -1.5s", "PT0.000000001S, 1ns",
        "PT0.0000015S, 1.5µs", "PT0.0015S, 1.5ms", "PT100H0.25S, 100h0m0.25s", "PT59.999999999S, 59.999999999s",
    })
    void durationsPrintAsGoDoesAndReadBack(Duration duration, String text) {
        assertThat(Durations.print(duration)).isEqualTo(text);
        assertThat(Durations.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0.999S, Less than a second", "PT-5S, Less than a second", "PT1S, 1 second", "PT45S, 45 seconds", "PT60S, About a minute",
        "PT119S, About a minute", "PT3M, 3 minutes", "PT59M59S, 59 minutes", "PT60M, About an hour", "PT89M, About an hour",
        "PT90M, 2 hours", "PT47H29M, 47 hours", "PT47H30M, 2 days", "P13DT23H, 13 days", "P14D, 2 weeks", "P59D, 8 weeks", "P60D, 2 months",
        "P729D, 24 months", "P730D, 2 years", "P2000D, 5 years",
    })
    void durationsAreToldAsDockerDoes(Duration duration, String text) {
        assertThat(Durations.human(duration)).isEqualTo(text);
    }
}
