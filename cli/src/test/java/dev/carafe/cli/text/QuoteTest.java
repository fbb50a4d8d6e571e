package dev.carafe.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuoteTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', ignoreLeadingAndTrailingWhitespace = false, value = {
        "plain|\"plain\"",
        "a \"b\" 'c'|\"a \\\"b\\\" 'c'\"",
        "back\\slash|\"back\\\\slash\"",
        "tab\tend|\"tab\\tend\"",
        "bell\u0007\u0001\u007f|\"bell\\a\\x01\\x7f\"",
        "é世😀|\"é世😀\"",
        "soft\u00adhyphen|\"soft\\u00adhyphen\"",
    })
    void textIsQuotedAsGoDoes(String text, String expected) {
        assertThat(Quote.of(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"x|'x'", "'|'\\''", "\"|'\"'"})
    void aCharacterIsQuotedAlone(String character, String expected) {
        assertThat(Quote.rune(character.codePointAt(0))).isEqualTo(expected);
    }
}
