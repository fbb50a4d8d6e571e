package dev.carafe.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.base.Digest;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChainIdTest {
    private static final Digest A = Digest.parse("sha256:589f0d58b9053a4ff7329b8fdb4f9dd120e29354c086ad0b3b10733f6cfd6de3");
    private static final Digest B = Digest.parse("sha256:55fea2a37a9fc5963f1beccd0d162b856e6bd05ca07cdd3726847846ab740f0d");
    private static final Digest C = Digest.parse("sha256:e6c65c655ca8172ab7a2b634dab3220a45472dd6571b6efd956ccc05e229a201");
    // printf 'sha256:589f… sha256:55fe…' | sha256sum, and so on.
    private static final Digest AB = Digest.parse("sha256:267c5fd16af60e52927fabf0a36a31f3b5a2069347f7f00c7bd7f93f6ebc01f4");
    private static final Digest ABC = Digest.parse("sha256:82c0ed5f6c15be9b9180a8c04b9f2c676d74af6db13c711f5bb47a0fa43b56df");

    @Test
    void theChainIdOfOneLayerIsItsDiffId() {
        assertThat(ChainId.of(List.of(A))).isEqualTo(A);
    }

    @Test
    void eachFurtherLayerIsHashedUponTheChainBelowIt() {
        assertThat(ChainId.chain(List.of(A, B, C))).containsExactly(A, AB, ABC);
        assertThat(ChainId.of(List.of(A, B, C))).isEqualTo(ABC);
        assertThat(ChainId.extend(AB, C)).isEqualTo(ABC);
        assertThat(ChainId.chain(List.of())).isEmpty();
    }

    @Test
    void theOrderOfLayersMatters() {
        assertThat(ChainId.of(List.of(B, A))).isNotEqualTo(AB);
    }
}
