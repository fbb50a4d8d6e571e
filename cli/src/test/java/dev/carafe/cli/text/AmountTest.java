package dev.carafe.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountTest {
    @ParameterizedTest
    @CsvSource({"0,3,0B", "5,3,5B", "999,3,999B", "1000,3,1kB", "1234,3,1.23kB", "1234567,3,1.23MB", "987654321,3,988MB", "123456789,4,123.5MB",
        "999499,3,999kB", "999999,3,1MB", "1500,4,1.5kB", "1000000000000,3,1TB", "9223372036854775807,3,9.22EB"})
    void sizesAreInPowersOf1000(long bytes, int digits, String expected) {
        assertThat(Amount.size(bytes, digits)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"PT0S,Less than a second", "PT-5S,Less than a second", "PT0.9S,Less than a second", "PT1S,1 second", "PT59S,59 seconds",
        "PT60S,About a minute", "PT119S,About a minute", "PT2M,2 minutes", "PT59M59S,59 minutes", "PT1H,About an hour", "PT1H29M,About an hour",
        "PT1H30M,2 hours", "PT14H,14 hours", "PT47H29M,47 hours", "PT48H,2 days", "P13D,13 days", "P14D,2 weeks", "P20D,2 weeks", "P59D,8 weeks",
        "P60D,2 months", "P400D,13 months", "P729D,24 months", "P730D,2 years", "P20000D,54 years"})
    void spansAreInTheCoarsestWordsThatFit(Duration span, String expected) {
        assertThat(Amount.span(span)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"2026-11-21T21:52:35.9Z,UTC,2026-11-21 21:52:35 +0000 UTC", "1970-01-01T00:00:00Z,Z,1970-01-01 00:00:00 +0000 UTC",
        "2026-07-01T00:30:00Z,Europe/Berlin,2026-07-01 02:30:00 +0200 CEST", "2026-01-01T00:30:00Z,Europe/Berlin,2026-01-01 01:30:00 +0100 CET",
        "2026-01-01T00:30:00Z,America/New_York,2025-12-31 19:30:00 -0500 EST", "2026-01-01T00:30:00Z,Asia/Kolkata,2026-01-01 06:00:00 +0530 IST"})
    void momentsCarryTheirZone(Instant moment, ZoneId zone, String expected) {
        assertThat(Amount.moment(moment, zone)).isEqualTo(expected);
    }
}
