package dev.carafe.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class Sha256Test {
    @Test
    void theEmptyMessageHasTheKnownHash() {
        assertThat(Digest.of(Digest.Algorithm.SHA256, Sha256.hash(new byte[0]))).isEqualTo(Digest.EMPTY);
    }

    @Test
    void everyLengthAroundTheBlocksHashesAsTheRuntimeDoes() {
        var random = new Random(42);
        for (int length = 0; length < 300; length++) {
            var message = new byte[length];
            random.nextBytes(message);
            assertThat(Sha256.hash(message)).as("length %s", length).isEqualTo(Digest.hasher().digest(message));
        }
    }

    @Test
    void longerMessagesHashAsTheRuntimeDoes() {
        var message = new byte[100_003];
        new Random(7).nextBytes(message);
        assertThat(Sha256.hash(message)).isEqualTo(Digest.hasher().digest(message));
    }
}
