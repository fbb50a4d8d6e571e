package dev.carafe.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerIdTest {
    private static final String HEX = "4f1c9d2ab3e07a55d1f08bc6329e74a04f1c9d2ab3e07a55d1f08bc6329e74a0";

    @Test
    void anIdIsSixtyFourDigitsOfTheRandomSource() {
        var random = new SecureRandom();
        var seen = new HashSet<ContainerId>();
        for (int i = 0; i < 1000; i++) {
            assertThat(seen.add(ContainerId.random(random))).isTrue();
        }
        assertThat(seen).allSatisfy(id -> assertThat(id.hex()).matches("[0-9a-f]{64}"));
    }

    @Test
    void anAbbreviatedIdIsTwelveDigits() {
        assertThat(ContainerId.parse(HEX).abbreviated()).isEqualTo("4f1c9d2ab3e0");
        assertThat(ContainerId.parse(HEX)).hasToString(HEX);
    }

    @Test
    void anIdWhoseAbbreviationIsANumberIsNotChosen() {
        var fills = new int[] {0x12, 0x34, 0x5a};
        RandomGenerator random = new RandomGenerator() {
            private int turn;

            @Override
            public void nextBytes(byte[] bytes) {
                Arrays.fill(bytes, (byte) fills[turn++]);
            }

            @Override
            public long nextLong() {
                throw new AssertionError("only bytes are asked for");
            }
        };
        assertThat(ContainerId.random(random).hex()).isEqualTo("5a".repeat(32));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4f1c9d2ab3e0", "4F1C9D2AB3E07A55D1F08BC6329E74A04F1C9D2AB3E07A55D1F08BC6329E74A0", HEX + "0",
        "zf1c9d2ab3e07a55d1f08bc6329e74a04f1c9d2ab3e07a55d1f08bc6329e74a0"})
    void whatIsNotAnIdIsRefused(String text) {
        assertThatThrownBy(() -> ContainerId.parse(text)).isInstanceOf(Fault.class)
                .hasMessage("container id \"" + text + "\": expected 64 lower-case hexadecimal digits");
    }
}
