package dev.carafe.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnsTest {
    /** {@code |} stands for a tab, {@code /} for a line feed, {@code .} for a space. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "a;a",
        "a|b;a.........b",
        "a|b/;a.........b/",
        "12345678|b/;12345678...b/",
        "1234567|b/1|2/;1234567...b/1.........2/",
        "123456789|b/1|2/;123456789...b/1...........2/",
        "a|b|c/123456789|1|/;a...........b.........c/123456789...1........./",
        "123456789|b/-/1|2;123456789...b/-/1.........2",
        "1|123456789|x/1/1|2|x/;1.........123456789...x/1/1.........2.........x/",
        "a||c/;a...................c/",
        "世界世界世|b/1|2/;世界世界世...b/1............2/",
    })
    void cellsAreAlignedWithinNeighbouringLines(String lines, String expected) {
        assertThat(Columns.align(lines.replace('|', '\t').replace('/', '\n'))).isEqualTo(expected.replace('.', ' ').replace('/', '\n'));
    }
}
