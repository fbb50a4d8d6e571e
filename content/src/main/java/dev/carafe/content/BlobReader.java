package dev.carafe.content;

import java.io.IOException;
import java.io.InputStream;

/** A blob's bytes, wherever they are. */
@FunctionalInterface
public interface BlobReader {
    /** The bytes from an offset on, counted from 0; the caller closes the stream. They may be other bytes than the digest says. */
    InputStream open(long offset) throws IOException;
}
