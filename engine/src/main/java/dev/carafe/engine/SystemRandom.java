package dev.carafe.engine;

import dev.carafe.base.Fault;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/** The kernel's random numbers (urandom(4)), as unpredictable as those of SecureRandom, without the forty classes behind that. */
final class SystemRandom implements RandomGenerator {
    private static final int BLOCK = 64;

    private final ByteBuffer block = ByteBuffer.allocate(BLOCK).limit(0);

    @Override
    public synchronized long nextLong() {
        if (block.remaining() < Long.BYTES) {
            try (var source = new FileInputStream("/dev/urandom")) {
                if (source.readNBytes(block.array(), 0, BLOCK) < BLOCK) {
                    throw unreadable("it ends");
                }
            } catch (IOException e) {
                throw unreadable(String.valueOf(e.getMessage())).cause(e);
            }
            block.clear();
        }
        return block.getLong();
    }

    private static Fault unreadable(String reason) {
        return Fault.of(Fault.Kind.UNAVAILABLE, "read", "\"/dev/urandom\"", reason).hint("ids must be unpredictable");
    }
}
