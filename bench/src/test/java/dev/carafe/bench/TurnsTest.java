package dev.carafe.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
    @Test
    void eachRoundBeginsWithAnotherPeer() {
        assertThat(Turns.order(List.of("a", "b", "c"), 0)).containsExactly("a", "b", "c");
        assertThat(Turns.order(List.of("a", "b", "c"), 1)).containsExactly("b", "c", "a");
        assertThat(Turns.order(List.of("a", "b", "c"), 5)).containsExactly("c", "a", "b");
    }
}
