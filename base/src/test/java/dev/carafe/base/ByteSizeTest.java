package dev.carafe.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteSizeTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0", "32, 32", "32b, 32", "32B, 32", "32k, 32768", "32K, 32768", "32kb, 32768", "32Kb, 32768", "32KiB, 32768",
        "32MB, 33554432", "512m, 536870912", "1.5g, 1610612736", "1.5 GiB, 1610612736", "0.5k, 512", ".5k, 512", "1., 1",
        "2t, 2199023255552", "1p, 1125899906842624", "1.9, 1", "1.1g, 1181116006", "9223372036854775807, 9223372036854775807",
    })
    void sizesAreReadInPowersOf1024(String text, long bytes) {
        assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"10m, 10000000", "1.5kB, 1500", "32, 32", "1g, 1000000000"})
    void decimalSizesAreReadInPowersOf1000(String text, long bytes) {
        assertThat(ByteSize.parseDecimal(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''|not a size", "b|not a size", "m|not a size", "hello|unknown unit \"hello\"", "-1|not a size", "1.2.3k|not a size", ".|not a size",
        "32x|unknown unit \"x\"", "32mm|unknown unit \"mm\"", "32bb|unknown unit \"bb\"", "32kbb|unknown unit \"kbb\"", "32mib2|not a size",
        "32  m|unknown unit \" m\"", "' 32'|not a size", "9223372036854775808|too large", "8192p|too large", "9999999.5p|too large",
    })
    void whatIsNotASizeIsRefused(String text, String reason) {
        assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(Fault.class).hasMessageStartingWith("size \"" + text + "\": " + reason);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0B", "999, 999B", "1000, 1kB", "1024, 1.024kB", "1000000, 1MB", "1048576, 1.049MB", "3420000000, 3.42GB",
        "7654321, 7.654MB", "999999, 1000kB", "9223372036854775807, 9.223EB",
    })
    void theDecimalPrintHasFourDigits(long bytes, String text) {
        assertThat(new ByteSize(bytes).decimal()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"7654321, 7.65MB", "12345678, 12.3MB", "187000000, 187MB", "5, 5B", "999999, 1000kB"})
    void theDecimalPrintOfImagesHasThreeDigits(long bytes, String text) {
        assertThat(new ByteSize(bytes).decimal(3)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, 0B", "1023, 1023B", "1024, 1KiB", "1572864, 1.5MiB", "1000000, 976.6KiB", "3670016, 3.5MiB", "8323596288, 7.752GiB"})
    void theBinaryPrintHasFourDigits(long bytes, String text) {
        assertThat(new ByteSize(bytes).binary()).isEqualTo(text);
        assertThat(new ByteSize(bytes)).hasToString(text);
    }

    @Test
    void aSizeIsNotNegativeAndSortsByItsBytes() {
        assertThatThrownBy(() -> new ByteSize(-1)).isInstanceOf(Fault.class).hasMessage("size \"-1\": negative");
        assertThat(ByteSize.parse("1k")).isLessThan(ByteSize.parse("1m"));
    }
}
