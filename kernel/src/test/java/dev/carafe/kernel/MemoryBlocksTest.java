package dev.carafe.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryBlocksTest {
    private final List<Integer> pieces = new ArrayList<>();
    private final MemoryBlocks blocks = new MemoryBlocks(bytes -> {
        pieces.add(bytes);
        return new MemoryBlocks.Piece(ByteBuffer.allocateDirect(Math.max(bytes, 1024)), 1L << 20 << pieces.size());
    });

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 64, 65, 4095, 4096, 4097, 100_000})
    void aBlockIsZeroedAndLargeEnoughWhateverItHeldBefore(int size) {
        for (int turn = 0; turn < 2; turn++) {
            try (Memory memory = blocks.allocate(size)) {
                assertThat(memory.bytes().capacity()).isGreaterThanOrEqualTo(size);
                assertThat(memory.address() % 16).isZero();
                for (int at = 0; at < memory.bytes().capacity(); at++) {
                    assertThat(memory.bytes().get(at)).isZero();
                    memory.bytes().put(at, (byte) 1);
                }
            }
        }
    }

    @Test
    void blocksThatAreLentAtOnceDoNotOverlap() {
        var lent = new ArrayList<Memory>();
        for (int k = 0; k < 100; k++) {
            lent.add(blocks.allocate(100));
        }
        lent.sort((a, b) -> Long.compare(a.address(), b.address()));
        for (int k = 1; k < lent.size(); k++) {
            assertThat(lent.get(k).address()).isGreaterThanOrEqualTo(lent.get(k - 1).address() + 100);
        }
    }

    @Test
    void whatIsGivenBackIsLentAgain() {
        blocks.allocate(200).close();
        int before = pieces.size();
        for (int k = 0; k < 100; k++) {
            blocks.allocate(200).close();
        }
        assertThat(pieces).hasSize(before);
    }

    @Test
    void aBlockThatWasGivenBackLeadsNowhereAndIsNotGivenBackTwice() {
        Memory first = blocks.allocate(64);
        first.close();
        first.close();
        assertThatThrownBy(first::bytes).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(first::address).isInstanceOf(IllegalStateException.class);
        try (Memory one = blocks.allocate(64); Memory two = blocks.allocate(64)) {
            assertThat(one.address()).isNotEqualTo(two.address());
        }
    }
}
