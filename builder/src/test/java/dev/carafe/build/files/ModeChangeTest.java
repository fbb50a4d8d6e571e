package dev.carafe.build.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModeChangeTest {
    @ParameterizedTest
    @CsvSource({"755, 644, false, 755", "u+x, 644, false, 744", "go-w, 666, false, 644", "a=r, 777, false, 444", "'u=rwX,go=rX', 640, false, 644", "'u=rwX,go=rX', 750, false, 755",
            "+X, 644, true, 755", "u+s, 755, false, 4755", "+t, 777, true, 1777", "4711, 0, false, 4711"})
    void aModeBecomesWhatChmodMakesOfIt(String words, String mode, boolean directory, String expected) {
        assertThat(Integer.toOctalString(ModeChange.parse(words).apply(Integer.parseInt(mode, 8), directory))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "u", "q+x", "999", "u*x", "12345678"})
    void whatIsNoModeIsRefused(String words) {
        assertThatThrownBy(() -> ModeChange.parse(words)).isInstanceOf(Fault.class);
    }
}
