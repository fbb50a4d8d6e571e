package dev.carafe.docker.http;

import java.io.IOException;

/** A connection as bytes both ways. One thread may read while another writes; whoever closes it wakes both. */
public interface Transport extends AutoCloseable {
    /** @return how many bytes came; -1 once the other side sends no more */
    int read(byte[] into, int offset, int length) throws IOException;

    /** Writes all of it. */
    void write(byte[] from, int offset, int length) throws IOException;

    /** Tells the other side that no more comes; what it sends is still read. */
    void shutdownOutput() throws IOException;

    @Override
    void close();
}
