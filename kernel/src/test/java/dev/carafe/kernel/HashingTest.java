package dev.carafe.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.base.Digest;
import java.security.MessageDigest;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HashingTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 55, 56, 64, 65_536, (4 << 20) - 1, 4 << 20, (4 << 20) + 1, 9_000_001})
    void streamsOfEveryLengthHaveTheDigestThatJavaGives(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        MessageDigest hasher = Hashing.hasher(Digest.Algorithm.SHA256);
        for (int turn = 0; turn < 2; turn++) {
            int at = 0;
            for (int piece = 1; at < length; piece = piece * 3 + 1) {
                int size = Math.min(piece, length - at);
                hasher.update(bytes, at, size);
                at += size;
            }
            assertThat(hasher.digest()).isEqualTo(Digest.hasher().digest(bytes));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 300_000})
    void theOtherAlgorithmIsThereToo(int length) {
        byte[] bytes = new byte[length];
        assertThat(Hashing.hasher(Digest.Algorithm.SHA512).digest(bytes)).isEqualTo(Digest.Algorithm.SHA512.hasher().digest(bytes));
    }
}
