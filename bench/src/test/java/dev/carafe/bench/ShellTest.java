package dev.carafe.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShellTest {
    @Test
    void wordsReachTheCommandAsTheyAre() {
        assertThat(Shell.quote(List.of("echo", "a b", "it's", "$HOME"))).isEqualTo("'echo' 'a b' 'it'\\''s' '$HOME'");
    }
}
