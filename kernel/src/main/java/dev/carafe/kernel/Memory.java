package dev.carafe.kernel;

import java.nio.ByteBuffer;

/** A block of memory that both Java and the kernel can reach. Whoever allocated it closes it. */
public interface Memory extends AutoCloseable {
    /** Where the kernel finds the first byte. */
    long address();

    /** The same bytes for Java, in native byte order; absolute access only, since position and limit are shared. */
    ByteBuffer bytes();

    /** Gives the memory back; neither side may touch it afterwards. */
    @Override
    void close();
}
