package dev.carafe.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class WireMessageTest {
    @Test
    void fieldsAreWrittenAsTheFormatSays() {
        assertThat(new WireMessage().number(1, 150).bytes()).isEqualTo(HexFormat.of().parseHex("089601"));
        assertThat(new WireMessage().text(2, "carafe").bytes()).isEqualTo(HexFormat.of().parseHex("1206636172616665"));
        assertThat(new WireMessage().message(3, new WireMessage().number(1, 150)).bytes()).isEqualTo(HexFormat.of().parseHex("1a03089601"));
        assertThat(new WireMessage().number(68, -1).bytes()).isEqualTo(HexFormat.of().parseHex("a004ffffffffffffffffff01"));
    }

    @Test
    void whatIsWrittenIsRead() {
        byte[] bytes = new WireMessage().number(1, 6).number(2, 1).message(5, new WireMessage().text(1, "post-restore").number(2, 4711)).text(9, "ä").number(1, -1).bytes();
        WireMessage.Read read = WireMessage.Read.of(bytes);
        assertThat(read.number(1)).as("the last counts").contains(-1L);
        assertThat(read.truth(2)).isTrue();
        assertThat(read.truth(3)).isFalse();
        assertThat(read.text(9)).contains("ä");
        assertThat(read.message(5).orElseThrow().text(1)).contains("post-restore");
        assertThat(read.message(5).orElseThrow().number(2)).contains(4711L);
        assertThat(read.number(5)).as("of another kind").isEmpty();
    }

    @Test
    void bytesThatAreNoMessageAreRefusedAndNothingBeyondThemIsRead() {
        for (String broken : new String[] {"08", "0896", "12ff", "1205616263", "12ffffffffffffffffff01", "0b", "0d0000", "09ffffff", "80808080808080808080808001"}) {
            assertThatThrownBy(() -> WireMessage.Read.of(HexFormat.of().parseHex(broken)).number(1)).as(broken).isInstanceOf(Fault.class)
                    .hasMessageContaining("message of criu");
        }
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        for (int k = 0; k < 5000; k++) {
            byte[] bytes = new byte[random.nextInt(24)];
            random.nextBytes(bytes);
            try {
                WireMessage.Read.of(bytes).message(random.nextInt(16)).ifPresent(part -> assertThat(part.end()).as(Arrays.toString(bytes)).isBetween(part.start(), bytes.length));
            } catch (Fault refused) {
                assertThat(refused.kind()).isEqualTo(Fault.Kind.CORRUPT);
            }
        }
    }
}
