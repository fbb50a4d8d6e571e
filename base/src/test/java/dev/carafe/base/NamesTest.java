package dev.carafe.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @Test
    void aNameIsAnAdjectiveAndANounOfManyAndValid() {
        var random = new Random(7);
        var adjectives = new HashSet<String>();
        var nouns = new HashSet<String>();
        for (int i = 0; i < 20_000; i++) {
            String name = Names.random(random);
            assertThat(name).matches("[a-z]+_[a-z]+");
            assertThat(Names.valid(name)).isTrue();
            adjectives.add(name.substring(0, name.indexOf('_')));
            nouns.add(name.substring(name.indexOf('_') + 1));
        }
        assertThat(adjectives).hasSizeGreaterThanOrEqualTo(90).contains("gentle");
        assertThat(nouns).hasSizeGreaterThanOrEqualTo(150).contains("amphora", "carafe");
    }

    @Test
    void theSameSourceGivesTheSameName() {
        assertThat(Names.random(new Random(42))).isEqualTo(Names.random(new Random(42)));
    }

    @Test
    void afterACollisionANameEndsInADigit() {
        assertThat(Names.randomWithDigit(new Random(42))).matches("[a-z]+_[a-z]+[0-9]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "a1", "0a", "A.b_c-d", "x_"})
    void lettersDigitsAndTheThreeMarksAreAllowed(String name) {
        assertThat(Names.require("container", name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "_a", "-a", ".a", "a b", "a/b", "/ab", "ä1", "a:1", "a\n"})
    void anythingElseIsRefusedInDockersWords(String name) {
        assertThatThrownBy(() -> Names.require("container", name)).isInstanceOf(Fault.class)
                .hasMessage("invalid container name \"" + name.replace('\n', ' ') + "\": only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
    }

    @Test
    void oneCharacterIsTooShort() {
        assertThatThrownBy(() -> Names.require("volume", "a")).hasMessage("invalid volume name \"a\": two characters or more are needed");
    }
}
