package dev.carafe.cli.flag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {
    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "1b,1", "1B,1", "1k,1024", "1K,1024", "1kb,1024", "1KiB,1024", "1 k,1024", "1.5g,1610612736", "32MiB,33554432",
        "2t,2199023255552", "1p,1125899906842624", "0.5,0", ".5k,512", "5.k,5120"})
    void sizesAreInPowersOf1024(String text, long bytes) {
        assertThat(Numbers.parseBytes(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k", "-1", "-1k", "1x", "1kk", "1kbb", "1kib b", "1..2", "hello", "1e3k", "1bb", "9999999999p"})
    void sizesAreStrict(String text) {
        assertThatThrownBy(() -> Numbers.parseBytes(text)).isInstanceOf(Fault.class);
    }

    @ParameterizedTest
    @CsvSource({"1,1000000000", "1.5,1500000000", ".01,10000000", "3/2,1500000000", "-1,-1000000000", "0.000000001,1", "1/4,250000000"})
    void processorsAreCountedInBillionths(String text, long nanos) {
        assertThat(Numbers.parseNanos(text)).isEqualTo(nanos);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1/0", "1/3", "1.0000000001", "1/", "99999999999"})
    void processorsAreExact(String text) {
        assertThatThrownBy(() -> Numbers.parseNanos(text)).isInstanceOf(Fault.class);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "-5,-5", "+5,5", "0x1f,31", "-0X1F,-31", "0b11,3", "0o17,15", "017,15", "0_17,15", "0x_1f,31",
        "9223372036854775807,9223372036854775807", "-9223372036854775807,-9223372036854775807", "-9223372036854775808,-9223372036854775808"})
    void numbersMayBeWrittenInAnyBase(String text, long number) {
        assertThat(Numbers.parseInt(text)).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "x", "1_000", "0x", "0x1_", "0__1", "08", "1.5", "٣"})
    void numbersAreStrict(String text) {
        assertThatThrownBy(() -> Numbers.parseInt(text)).isInstanceOf(Fault.class).hasMessageContaining("invalid syntax");
    }
}
