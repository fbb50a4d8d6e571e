package dev.carafe.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lends blocks out of larger pieces of memory, and lends again what is given back. Pieces stay for good, so what is held is what was lent at
 * once at the busiest moment. Safe for use by many threads.
 *
 * <p>Arenas of the JDK that threads share are too dear for a block a call: to close one, every thread of the process is stopped.
 */
public final class MemoryBlocks {
    private static final int SMALLEST = 64;
    private static final byte[] ZEROS = new byte[4096];

    /** Where pieces come from. */
    public interface Source {
        /** A piece of at least that many zeroed bytes, aligned to 16. */
        Piece piece(int bytes);
    }

    /**
     * Memory that both Java and the kernel reach.
     *
     * @param address where the kernel finds the first byte
     */
    public record Piece(ByteBuffer bytes, long address) {
    }

    private final Source source;
    /** Given back, by size, which is a power of two. */
    private final Map<Integer, ArrayDeque<Piece>> idle = new HashMap<>();
    private Piece current = new Piece(ByteBuffer.allocate(0), 0);
    private int used;

    public MemoryBlocks(Source source) {
        this.source = source;
    }

    /** Zeroed memory of at least that many bytes, aligned to 16. */
    public Memory allocate(int bytes) {
        int size = Math.max(SMALLEST, Integer.highestOneBit(Math.max(1, bytes - 1)) << 1);
        Piece block = take(size);
        for (int at = 0; at < size; at += ZEROS.length) {
            block.bytes().put(at, ZEROS, 0, Math.min(ZEROS.length, size - at));
        }
        return new Lent(block);
    }

    private synchronized Piece take(int size) {
        ArrayDeque<Piece> free = idle.get(size);
        Piece known = free == null ? null : free.poll();
        if (known != null) {
            return known;
        }
        if (size > current.bytes().capacity() - used) {
            current = source.piece(size);
            used = 0;
        }
        var block = new Piece(current.bytes().slice(used, size).order(ByteOrder.nativeOrder()), current.address() + used);
        used += size;
        return block;
    }

    private synchronized void giveBack(Piece block) {
        ArrayDeque<Piece> free = idle.get(block.bytes().capacity());
        if (free == null) {
            free = new ArrayDeque<>();
            idle.put(block.bytes().capacity(), free);
        }
        free.push(block);
    }

    /** A block in somebody's hands; after it is closed it leads nowhere, since the bytes may be another's. */
    private final class Lent implements Memory {
        private @Nullable Piece block;

        Lent(Piece block) {
            this.block = block;
        }

        private Piece open() {
            Piece held = block;
            if (held == null) {
                throw new IllegalStateException("the memory was given back");
            }
            return held;
        }

        @Override
        public long address() {
            return open().address();
        }

        @Override
        public ByteBuffer bytes() {
            return open().bytes();
        }

        @Override
        public void close() {
            Piece held = block;
            if (held != null) {
                block = null;
                giveBack(held);
            }
        }
    }
}
