package dev.carafe.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignalTest {
    @ParameterizedTest
    @CsvSource({"TERM,15", "SIGTERM,15", "sigterm,15", "term,15", "15,15", "KILL,9", "9,9", "HUP,1", "WINCH,28", "SYS,31", "IOT,6", "POLL,29",
        "CLD,17", "64,64", "RTMIN,34", "RTMIN+0,34", "RTMIN+3,37", "SIGRTMIN+15,49", "RTMIN+30,64", "RTMAX,64", "RTMAX-2,62", "sigrtmax-30,34", "33,33"})
    void aSignalIsANameOrANumber(String text, int number) {
        assertThat(Signal.parse(text)).isEqualTo(new Signal(number));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "65", "-1", "+1", "FOO", "SIG", "SIG15", "1x", "RTMIN-1", "RTMIN+31", "RTMAX+1", "RTMAX-31", "RTMIN+", "RTMINX", " 9"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> Signal.parse(text)).isInstanceOf(Fault.class).hasMessage("invalid signal: " + text);
    }

    @ParameterizedTest
    @CsvSource({"15,SIGTERM", "1,SIGHUP", "31,SIGSYS", "32,32", "33,33", "34,SIGRTMIN", "37,SIGRTMIN+3", "63,SIGRTMIN+29", "64,SIGRTMAX"})
    void aSignalPrintsAsItsManualPageSpellsIt(int number, String word) {
        assertThat(new Signal(number)).hasToString(word);
    }

    @Test
    void everySignalIsReadBackAsItPrints() {
        for (int number = 1; number <= 64; number++) {
            assertThat(Signal.parse(new Signal(number).word()).number()).isEqualTo(number);
        }
    }
}
