package dev.carafe.transport.registry;

import dev.carafe.base.Fault;
import dev.carafe.oci.Descriptor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A blob's bytes to their announced end. Where a body breaks off, the rest is asked for by another request; as long as bytes come,
 * the attempts count anew.
 */
final class ResumingInput extends InputStream {
    private final Repository repository;
    private final Descriptor blob;
    private final Retry retry;
    private long at;
    private @Nullable InputStream body;

    ResumingInput(Repository repository, Descriptor blob, long offset) throws IOException {
        this.repository = repository;
        this.blob = blob;
        this.retry = new Retry(repository.settings());
        this.at = offset;
        this.body = offset < blob.size() ? repository.open(blob, offset) : null;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        while (true) {
            InputStream now = body;
            if (now == null) {
                return -1;
            }
            try {
                int got = now.read(into, from, length);
                if (got < 0 && at < blob.size()) {
                    throw new EOFException("it ends after " + at + " of " + blob.size() + " bytes");
                }
                if (got > 0) {
                    at += got;
                    retry.reset();
                }
                return got;
            } catch (IOException e) {
                close();
                if (!retry.again(Optional.empty())) {
                    throw e;
                }
                body = again();
            }
        }
    }

    private InputStream again() throws IOException {
        try {
            return repository.open(blob, at);
        } catch (Fault fault) {
            throw fault;
        }
    }

    @Override
    public void close() throws IOException {
        InputStream now = body;
        body = null;
        if (now != null) {
            now.close();
        }
    }
}
