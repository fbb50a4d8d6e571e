package dev.carafe.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteTextTest {
    @Test
    void validUtf8ReadsAsItsText() {
        assertThat(ByteText.decode("größe/日本".getBytes(StandardCharsets.UTF_8))).isEqualTo("größe/日本");
        assertThat(ByteText.encode("größe/日本😀")).isEqualTo("größe/日本😀".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void bytesThatAreNotUtf8ComeBackUnchanged() {
        byte[] latin = {'n', (byte) 0xE4, 'h', (byte) 0xC3, (byte) 0xA4, (byte) 0xFF, (byte) 0xC3};
        assertThat(ByteText.encode(ByteText.decode(latin))).isEqualTo(latin);
    }

    @Test
    void anyBytesComeBackUnchanged() {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            assertThat(ByteText.encode(ByteText.decode(bytes))).isEqualTo(bytes);
        }
    }
}
