package dev.carafe.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void theLastOfAnOptionCounts() {
        assertThat(Options.parse(List.of("--rounds", "3", "--rounds", "4")).rounds()).isEqualTo(4);
    }

    @Test
    void peersAreSeparatedByCommas() {
        assertThat(Options.parse(List.of("--peers", "crun,docker")).peers()).containsExactly("crun", "docker");
    }

    @Test
    void aSocketMayBeAUrl() {
        assertThat(Options.parse(List.of("--docker", "unix:///run/d.sock")).docker()).contains(Path.of("/run/d.sock"));
    }

    @Test
    void anUnknownOptionIsRefused() {
        assertThatThrownBy(() -> Options.parse(List.of("--fast", "1"))).isInstanceOf(Fault.class).hasMessageContaining("\"--fast\"");
    }

    @Test
    void anOptionNeedsAValue() {
        assertThatThrownBy(() -> Options.parse(List.of("--rounds"))).isInstanceOf(Fault.class).hasMessageContaining("no value");
    }

    @Test
    void aNumberIsNotNegative() {
        assertThatThrownBy(() -> Options.parse(List.of("--idle", "-1"))).isInstanceOf(Fault.class).hasMessageContaining("found \"-1\"");
    }
}
