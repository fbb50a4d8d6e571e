package dev.carafe.base;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigestTest {
    private static final String ABC = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private static final String ABC_512 = "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";

    @Test
    void theDigestOfBytesIsTheirSha256() {
        assertThat(Digest.sha256("abc".getBytes(UTF_8))).hasToString(ABC);
        assertThat(Digest.sha256(new byte[0])).isEqualTo(Digest.EMPTY);
    }

    @Test
    void aDigestPrintsAsItWasRead() {
        assertThat(Digest.parse(ABC)).hasToString(ABC);
        assertThat(Digest.parse(ABC_512)).hasToString(ABC_512);
        assertThat(Digest.parse(ABC_512).algorithm()).isEqualTo(Digest.Algorithm.SHA512);
        assertThat(Digest.parse(ABC).abbreviated()).isEqualTo("ba7816bf8f01");
    }

    @Test
    void aHasherFedInPiecesGivesTheSameDigest() {
        var hasher = Digest.Algorithm.SHA512.hasher();
        hasher.update("a".getBytes(UTF_8));
        hasher.update("bc".getBytes(UTF_8));
        assertThat(Digest.of(Digest.Algorithm.SHA512, hasher.digest())).hasToString(ABC_512);
    }

    @Test
    void aDigestMatchesItsBytesOnly() {
        assertThat(Digest.parse(ABC).matches("abc".getBytes(UTF_8))).isTrue();
        assertThat(Digest.parse(ABC_512).matches("abc".getBytes(UTF_8))).isTrue();
        assertThat(Digest.parse(ABC).matches("abd".getBytes(UTF_8))).isFalse();
    }

    @Test
    void digestsSortByAlgorithmAndHash() {
        assertThat(Digest.parse(ABC)).isLessThan(Digest.EMPTY).isLessThan(Digest.parse(ABC_512));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "abc|expected an algorithm and a hash, as in sha256:…",
        "sha256:|sha256 has 64 hexadecimal digits, not 0",
        "sha256:ba78|sha256 has 64 hexadecimal digits, not 4",
        "sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD|expected lower-case hexadecimal digits",
        "sha256:ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad|expected lower-case hexadecimal digits",
        ":ba78|expected an algorithm of lower-case letters and digits before the colon",
        "SHA256:ba78|expected an algorithm of lower-case letters and digits before the colon",
        "a++b:ba78|expected an algorithm of lower-case letters and digits before the colon",
        "a+:ba78|expected an algorithm of lower-case letters and digits before the colon",
        "../sha256:ba78|expected an algorithm of lower-case letters and digits before the colon",
    })
    void whatIsNotADigestIsRefused(String text, String reason) {
        assertThatThrownBy(() -> Digest.parse(text)).isInstanceOf(Fault.class).hasMessage("digest \"" + text + "\": " + reason);
    }

    @Test
    void aWellFormedDigestOfAnUnknownAlgorithmIsUnsupported() {
        Fault fault = catchThrowableOfType(Fault.class, () -> Digest.parse("multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46HmX4Gx8"));
        assertThat(fault.kind()).isEqualTo(Fault.Kind.UNSUPPORTED);
        assertThat(fault.reason()).isEqualTo("algorithm multihash+base58 is not known (sha256 and sha512 are)");
    }
}
