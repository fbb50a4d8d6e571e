package dev.carafe.docker.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The body of a request: so many bytes, or chunks (RFC 9112, 6 and 7.1). Closing it reads nothing. */
final class RequestBody extends InputStream {
    private static final int LONGEST_CHUNK_LINE = 1024;
    private static final int MOST_TRAILERS = 64;
    private static final int LONGEST_TRAILER = 8192;

    private final Wire wire;
    private final boolean chunked;
    private final Runnable begin;
    private long left;
    private boolean begun;
    private boolean first = true;
    private boolean ended;

    /**
     * @param length of the body, or of no meaning where it comes in chunks
     * @param begin called before the first byte is read: who waits for a word to go on is told so
     */
    RequestBody(Wire wire, boolean chunked, long length, Runnable begin) {
        this.wire = wire;
        this.chunked = chunked;
        this.left = chunked ? 0 : length;
        this.begin = begin;
        this.ended = !chunked && length == 0;
    }

    /** Whether all of it was read. */
    boolean isRead() {
        return ended;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (ended || length == 0) {
            return ended ? -1 : 0;
        }
        if (!begun) {
            begun = true;
            try {
                begin.run();
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
        if (chunked && left == 0 && !nextChunk()) {
            return -1;
        }
        int got = wire.read(into, offset, (int) Math.min(length, left));
        if (got < 0) {
            throw new EOFException("the body ends early");
        }
        left -= got;
        ended = !chunked && left == 0;
        return got;
    }

    private boolean nextChunk() throws IOException {
        if (!first && !wire.line(2, 400).isEmpty()) {
            throw new BadRequest(400, "a chunk that is longer than it says");
        }
        first = false;
        String line = wire.line(LONGEST_CHUNK_LINE, 400);
        int semicolon = line.indexOf(';');
        left = size(semicolon < 0 ? line.stripTrailing() : line.substring(0, semicolon).stripTrailing());
        if (left > 0) {
            return true;
        }
        for (int k = 0; !wire.line(LONGEST_TRAILER, 431).isEmpty(); k++) {
            if (k == MOST_TRAILERS) {
                throw new BadRequest(431, "too many trailers");
            }
        }
        ended = true;
        return false;
    }

    private static long size(String digits) throws BadRequest {
        if (digits.isEmpty() || digits.length() > 15) {
            throw new BadRequest(400, "a chunk without a size");
        }
        long size = 0;
        for (int k = 0; k < digits.length(); k++) {
            int digit = Character.digit(digits.charAt(k), 16);
            if (digit < 0 || digits.charAt(k) > 'f') {
                throw new BadRequest(400, "a chunk without a size");
            }
            size = size << 4 | digit;
        }
        return size;
    }
}
