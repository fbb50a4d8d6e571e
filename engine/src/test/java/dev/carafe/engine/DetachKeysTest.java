package dev.carafe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DetachKeysTest {
    @ParameterizedTest
    @CsvSource({"'ctrl-p,ctrl-q',1011", "a,61", "'a,b,c',616263", "ctrl-A,01", "ctrl-@,00", "ctrl-[,1b", "ctrl-\\,1c", "ctrl-],1d", "ctrl-^,1e",
        "ctrl-_,1f", "ctrl-z,1a", "'',''"})
    void keysAreCharactersOrControls(String text, String codes) {
        assertThat(HexFormat.of().formatHex(DetachKeys.parse(text).bytes())).isEqualTo(codes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"foo", "ctrl-", "ctrl-1", "ctrl-ab", "a,", ",a", "é", "ctrl-p ctrl-q", "CTRL-p"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> DetachKeys.parse(text)).isInstanceOf(Fault.class).hasMessageStartingWith("invalid detach keys (" + text + "): ");
    }

    @Test
    void theUsualKeysAreControlPAndControlQ() {
        assertThat(DetachKeys.USUAL).isEqualTo(DetachKeys.parse("ctrl-p,ctrl-q"));
    }
}
