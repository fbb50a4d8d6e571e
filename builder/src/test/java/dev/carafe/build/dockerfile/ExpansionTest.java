package dev.carafe.build.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpansionTest {
    private static final Variables SET = Variables.of(Map.of("A", "alpha", "EMPTY", "", "PATH", "/usr/lib/libc.so.6", "TWO", "one two", "DOTS", "a.b.c.d", "STAR", "x*y"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "$A|alpha", "${A}|alpha", "x$A/y|xalpha/y", "$ABC|~~", "${A}BC|alphaBC", "\\$A|$A", "'$A'|$A", "\"$A\"|alpha", "\"\\$A\"|$A", "$|$", "a$|a$", "$/|$/",
            "${NO:-word}|word", "${EMPTY:-word}|word", "${A:-word}|alpha", "${NO-word}|word", "${EMPTY-word}|~~", "${A:+word}|word", "${EMPTY:+word}|~~",
            "${EMPTY+word}|word", "${NO+word}|~~", "${NO:-$A}|alpha", "${NO:-${NO:-deep}}|deep", "${A:?no}|alpha",
            "${PATH#*/}|usr/lib/libc.so.6", "${PATH##*/}|libc.so.6", "${PATH%.*}|/usr/lib/libc.so", "${PATH%%.*}|/usr/lib/libc", "${PATH%/*}|/usr/lib",
            "${DOTS/./-}|a-b.c.d", "${DOTS//./-}|a-b-c-d", "${DOTS/?/X}|X.b.c.d", "${STAR#x\\*}|y", "${DOTS//[.]/-}|a.b.c.d",
            "a\\ b|a b", "'a b'|a b", "\"a'b\"|a'b", "'a\"b'|a\"b", "\"a\\nb\"|a\\nb", "\"a\\\\b\"|a\\b", "a\\\\b|a\\b"
    })
    void aWordIsExpandedAsTheReferenceSays(String text, String expected) {
        assertThat(Expansion.of('\\').word(text, SET)).isEqualTo(expected);
    }

    @Test
    void wordsArePartedAtBlanksThatAVariableBringsUnlessItIsQuoted() {
        assertThat(Expansion.of('\\').words("a $TWO b", SET)).containsExactly("a", "one", "two", "b");
        assertThat(Expansion.of('\\').words("a \"$TWO\" 'c d'", SET)).containsExactly("a", "one two", "c d");
    }

    @Test
    void aBackquoteEscapesWhereTheFileSaysSo() {
        assertThat(Expansion.of('`').word("C:\\x`$A", SET)).isEqualTo("C:\\x$A");
    }

    @Test
    void textOfADocumentKeepsQuotesAndEscapes() {
        assertThat(Expansion.of('\\').document("\"$A\" 'x' \\$A \\n", SET)).isEqualTo("\"alpha\" 'x' $A \\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "${A|syntax error: missing '}'", "${|syntax error: missing '}'", "${}|syntax error: bad substitution", "${:A}|syntax error: bad substitution",
            "${A:=x}|unsupported modifier (=) in substitution", "${A@x}|unsupported modifier (@) in substitution", "${NO:?give it}|NO: give it",
            "${NO?}|NO: is not allowed to be unset", "${EMPTY:?}|EMPTY: is not allowed to be empty", "'a|unexpected end of statement while looking for matching single-quote",
            "\"a|unexpected end of statement while looking for matching double-quote"
    })
    void whatCannotBeExpandedIsRefused(String text, String reason) {
        assertThatThrownBy(() -> Expansion.of('\\').word(text, SET)).isInstanceOf(Fault.class).hasMessageContaining(reason);
    }
}
