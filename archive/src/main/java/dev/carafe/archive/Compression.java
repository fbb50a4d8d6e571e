package dev.carafe.archive;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** How the bytes of a layer or archive are packed: gzip (RFC 1952), zstd (RFC 8878), or not at all. */
public enum Compression {
    NONE, GZIP, ZSTD;

    private static final int BUFFER = 65536;

    /** Told by the first bytes, of which four suffice. */
    public static Compression detect(byte[] first) {
        if (first.length >= 2 && first[0] == 0x1F && first[1] == (byte) 0x8B) {
            return GZIP;
        }
        boolean frame = first.length >= 4 && first[0] == 0x28 && first[1] == (byte) 0xB5 && first[2] == 0x2F
                && first[3] == (byte) 0xFD;
        boolean skippable = first.length >= 4 && (first[0] & 0xF0) == 0x50 && first[1] == 0x2A && first[2] == 0x4D
                && first[3] == 0x18;
        return frame || skippable ? ZSTD : NONE;
    }

    /** A stream together with how it is packed, found without losing its first bytes. */
    public record Detected(Compression compression, InputStream packed) {
        /** The bytes as they were before packing. */
        public InputStream unpacked() throws IOException {
            return compression.unpack(packed);
        }
    }

    /** Looks at the first bytes of a stream. */
    public static Detected detect(InputStream in) throws IOException {
        var packed = new Peekable(in);
        packed.mark(4);
        byte[] first = packed.readNBytes(4);
        packed.reset();
        return new Detected(detect(first), packed);
    }

    /** The bytes as they were before packing. Several packed streams in a row read as one. */
    public InputStream unpack(InputStream packed) throws IOException {
        return switch (this) {
            case NONE -> packed;
            case GZIP -> new GZIPInputStream(packed instanceof Peekable ? packed : new Peekable(packed), BUFFER);
            case ZSTD -> new ZstdInputStreamNoFinalizer(packed);
        };
    }

    /** Packs what is written; the same bytes give the same packed bytes. Closing finishes the packing and closes the stream below. */
    public OutputStream pack(OutputStream out) throws IOException {
        return switch (this) {
            case NONE -> out;
            case GZIP -> new GZIPOutputStream(out, BUFFER);
            case ZSTD -> new ZstdOutputStreamNoFinalizer(out);
        };
    }

    /** The suffix of a layer's media type: nothing, {@code +gzip} or {@code +zstd} (image-spec layer.md). */
    public String mediaTypeSuffix() {
        return switch (this) {
            case NONE -> "";
            case GZIP -> "+gzip";
            case ZSTD -> "+zstd";
        };
    }

    /** GZIPInputStream looks for a further member only when bytes are available, so that must be true until the end. */
    private static final class Peekable extends BufferedInputStream {
        Peekable(InputStream in) {
            super(in, BUFFER);
        }

        @Override
        public synchronized int available() throws IOException {
            if (pos < count) {
                return count - pos;
            }
            mark(1);
            int next = read();
            reset();
            return next < 0 ? 0 : 1;
        }
    }
}
