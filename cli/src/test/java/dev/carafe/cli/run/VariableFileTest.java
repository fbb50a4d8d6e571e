package dev.carafe.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VariableFileTest {
    /** A slash stands for a line feed, a backslash for a carriage return. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', ignoreLeadingAndTrailingWhitespace = false, quoteCharacter = '`', value = {
        "A=1;A=1",
        "A=1/B=2/;A=1|B=2",
        "A=1\\/B=2\\/;A=1|B=2",
        "/  /# no/  # no/A=1;A=1",
        "A=;A=",
        "A=x=y;A=x=y",
        "A=\"x\" ;A=\"x\" ",
        "  A=1;A=1",
        "HOME;HOME=/h",
        "NOWHERE;",
        "A= #1;A= #1",
        "\ufeffA=1/\ufeffB=2;A=1|\ufeffB=2",
    })
    void eachLineIsAVariable(String file, String expected) {
        byte[] bytes = file.replace('/', '\n').replace('\\', '\r').getBytes(StandardCharsets.UTF_8);
        assertThat(String.join("|", VariableFile.parse(bytes, Optional.of(Map.of("HOME", "/h"))))).isEqualTo(expected == null ? "" : expected);
    }

    @Test
    void aNameAloneStaysWhereNothingGivesAValue() {
        assertThat(VariableFile.parse("a\nb=c".getBytes(StandardCharsets.UTF_8), Optional.empty())).containsExactly("a", "b=c");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"A B=1;variable 'A B': contains whitespaces", "A =1;variable 'A ': contains whitespaces",
        "=1;no variable name on line: '=1'"})
    void aBadNameIsRefused(String file, String reason) {
        assertThatThrownBy(() -> VariableFile.parse(file.getBytes(StandardCharsets.UTF_8), Optional.empty())).isInstanceOf(Fault.class).hasMessage(reason);
    }

    @Test
    void bytesThatAreNotTextAreRefusedWithTheirLine() {
        assertThatThrownBy(() -> VariableFile.parse(new byte[] {'A', '=', '1', '\n', 'B', '=', (byte) 0xff}, Optional.empty()))
                .isInstanceOf(Fault.class).hasMessage("invalid utf8 bytes: line 2");
    }
}
