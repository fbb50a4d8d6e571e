package dev.carafe.archive;

import dev.carafe.archive.TarEntry.Extent;
import dev.carafe.archive.TarEntry.Kind;
import dev.carafe.base.Fault;
import dev.carafe.kernel.ByteText;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar archive front to back: v7, ustar, pax, GNU (long names, sparse) and star headers, names and attributes as exact
 * bytes.
 *
 * <p>Written here and not taken from commons-compress, since that turns the values of pax records into text and so destroys
 * binary ones: file capabilities and access control lists.
 *
 * <p>Memory is bounded by the {@link ArchiveLimits}. What is wrong with the archive is a fault of kind CORRUPT, UNSUPPORTED or
 * EXHAUSTED. Global extended headers are skipped, as Docker and containerd do.
 */
public final class TarReader {
    private final InputStream in;
    private final ArchiveLimits limits;
    private final byte[] block = new byte[TarFields.BLOCK];
    private long entries;
    private long content;
    private long remaining;
    private int padding;

    public TarReader(InputStream in, ArchiveLimits limits) {
        this.in = in;
        this.limits = limits;
    }

    /** The next member; what was not read of the last one is skipped. Empty at the end of the archive. */
    public Optional<TarEntry> next() throws IOException {
        @Nullable PaxRecords pax = null;
        @Nullable String longPath = null;
        @Nullable String longLink = null;
        while (true) {
            skip();
            if (!header()) {
                if (pax != null || longPath != null || longLink != null) {
                    throw TarFields.corrupt("it ends after an extended header");
                }
                return Optional.empty();
            }
            switch (block[TarFields.TYPE]) {
                case 'x', 'X' -> pax = PaxRecords.parse(extension(), limits);
                case 'g' -> extension();
                case 'L' -> longPath = longName();
                case 'K' -> longLink = longName();
                case 'V' -> extension();
                default -> {
                    PaxRecords records = pax == null ? new PaxRecords() : pax;
                    return Optional.of(entry(records, longPath, longLink));
                }
            }
        }
    }

    /** Stored bytes of the current member, in order: for a sparse file those of its extents one after the other; -1 at their end. */
    public int read(byte[] into, int from, int length) throws IOException {
        if (remaining == 0) {
            return -1;
        }
        int got = in.read(into, from, (int) Math.min(length, remaining));
        if (got < 0) {
            throw truncated();
        }
        remaining -= got;
        return got;
    }

    /** The rest of the current member as a stream, which need neither be read to the end nor closed. */
    public InputStream content() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return TarReader.this.read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                return length == 0 ? 0 : TarReader.this.read(into, from, length);
            }
        };
    }

    private void skip() throws IOException {
        long rest = remaining + padding;
        remaining = 0;
        padding = 0;
        while (rest > 0) {
            long skipped = in.skip(rest);
            if (skipped == 0) {
                if (in.read() < 0) {
                    throw truncated();
                }
                skipped = 1;
            }
            rest -= skipped;
        }
    }

    /** Reads the next header block; false at the end, which is a block of zeros or the end of the stream. */
    private boolean header() throws IOException {
        int got = in.readNBytes(block, 0, block.length);
        if (got == 0 || got == block.length && TarFields.isZero(block)) {
            return false;
        }
        if (got < block.length) {
            throw truncated();
        }
        if (!TarFields.checksumMatches(block)) {
            throw TarFields.corrupt(entries == 0 ? "it is not a tar archive" : "a header's checksum is wrong");
        }
        long size = TarFields.number(block, TarFields.SIZE, 12);
        if (size < 0) {
            throw TarFields.corrupt("a member's size is negative");
        }
        extent(size);
        return true;
    }

    private void extent(long size) {
        remaining = size;
        padding = (int) (-size & TarFields.BLOCK - 1);
    }

    private byte[] extension() throws IOException {
        if (++entries > limits.entries()) {
            throw exhausted("it has more than " + limits.entries() + " members");
        }
        if (remaining > limits.headerBytes()) {
            throw exhausted("an extended header of " + remaining + " bytes exceeds " + limits.headerBytes());
        }
        byte[] bytes = in.readNBytes((int) remaining);
        if (bytes.length < remaining) {
            throw truncated();
        }
        remaining = 0;
        return bytes;
    }

    private String longName() throws IOException {
        byte[] bytes = extension();
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return ByteText.decode(bytes, 0, end);
    }

    private TarEntry entry(PaxRecords pax, @Nullable String longPath, @Nullable String longLink) throws IOException {
        if (++entries > limits.entries()) {
            throw exhausted("it has more than " + limits.entries() + " members");
        }
        String path = bounded(pax.text("GNU.sparse.name", pax.text("path", longPath != null ? longPath : path())));
        String link = bounded(pax.text("linkpath", longLink != null ? longLink : TarFields.text(block, TarFields.LINK, 100)));
        byte type = block[TarFields.TYPE];
        Kind kind = kind(type, path);
        boolean device = kind == Kind.CHARACTER_DEVICE || kind == Kind.BLOCK_DEVICE;
        var entry = TarEntry.builder(kind, path)
                .link(kind == Kind.HARD_LINK || kind == Kind.SYMBOLIC_LINK ? link : "")
                .mode((int) TarFields.number(block, TarFields.MODE, 8))
                .owner(id(pax.number("uid", TarFields.number(block, TarFields.UID, 8))),
                        id(pax.number("gid", TarFields.number(block, TarFields.GID, 8))))
                .modified(pax.time("mtime", instant(TarFields.number(block, TarFields.MODIFIED, 12), 0)))
                .device(device ? (int) TarFields.number(block, TarFields.MAJOR, 8) : 0,
                        device ? (int) TarFields.number(block, TarFields.MINOR, 8) : 0)
                .xattrs(pax.xattrs());
        if (kind != Kind.FILE) {
            extent(0);
            return entry.build();
        }
        long size = pax.number("size", remaining);
        if (size < 0) {
            throw TarFields.corrupt("a member's size is negative");
        }
        extent(size);
        TarEntry file = sparse(entry, pax, type).orElseGet(() -> entry.size(size).build());
        if (remaining > limits.contentBytes() - content) {
            throw exhausted("its content exceeds " + limits.contentBytes() + " bytes");
        }
        content += remaining;
        return file;
    }

    private String path() {
        String name = TarFields.text(block, TarFields.NAME, TarFields.NAME_LENGTH);
        if (!TarFields.magic(block, "ustar\0")) {
            return name;
        }
        boolean star = TarFields.text(block, TarFields.STAR_TRAILER, 4).equals("tar");
        String prefix = TarFields.text(block, TarFields.PREFIX,
                star ? TarFields.STAR_PREFIX_LENGTH : TarFields.PREFIX_LENGTH);
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private String bounded(String path) {
        if (path.length() > limits.pathBytes() || ByteText.encode(path).length > limits.pathBytes()) {
            throw exhausted("a path is longer than " + limits.pathBytes() + " bytes");
        }
        if (path.indexOf('\0') >= 0) {
            throw TarFields.corrupt("a path contains a NUL byte");
        }
        return path;
    }

    private Kind kind(byte type, String path) {
        return switch (type) {
            case 0, '0', '7', 'S' -> path.endsWith("/") ? Kind.DIRECTORY : Kind.FILE;
            case '1' -> Kind.HARD_LINK;
            case '2' -> Kind.SYMBOLIC_LINK;
            case '3' -> Kind.CHARACTER_DEVICE;
            case '4' -> Kind.BLOCK_DEVICE;
            case '5' -> Kind.DIRECTORY;
            case '6' -> Kind.FIFO;
            default -> throw Fault.of(Fault.Kind.UNSUPPORTED, "read archive", Shown.path(path),
                    "a member of type 0x" + Integer.toHexString(type & 0xFF) + " is not known");
        };
    }

    private static int id(long number) {
        if (number < 0 || number > 0xFFFF_FFFEL) {
            throw TarFields.corrupt("a user or group id is not within 32 bits");
        }
        return (int) number;
    }

    static Instant instant(long seconds, int nanos) {
        long bounded = Math.clamp(seconds, Instant.MIN.getEpochSecond() + 1, Instant.MAX.getEpochSecond() - 1);
        return Instant.ofEpochSecond(bounded, nanos);
    }

    /** The file as a sparse one, when it is; the count of stored bytes then excludes the map. */
    private Optional<TarEntry> sparse(TarEntry.Builder entry, PaxRecords pax, byte type) throws IOException {
        List<Extent> extents;
        long size;
        if (type == 'S') {
            size = TarFields.number(block, TarFields.GNU_REAL_SIZE, 12);
            extents = oldSparseMap();
        } else if (pax.number("GNU.sparse.major", 0) == 1 && pax.number("GNU.sparse.minor", 0) == 0) {
            size = pax.number("GNU.sparse.realsize", -1);
            extents = leadingSparseMap();
        } else if (pax.has("GNU.sparse.map") || pax.has("GNU.sparse.numbytes")) {
            size = pax.number("GNU.sparse.size", -1);
            extents = pax.extents(limits);
        } else {
            return Optional.empty();
        }
        TarEntry sparse = entry.size(size).sparse(extents).build();
        long end = extents.isEmpty() ? 0 : extents.getLast().offset() + extents.getLast().length();
        if (size < end || sparse.stored() != remaining) {
            throw TarFields.corrupt("a sparse file's map does not fit its size");
        }
        return Optional.of(sparse);
    }

    private List<Extent> oldSparseMap() throws IOException {
        var extents = new ArrayList<Extent>();
        readOldMap(extents, TarFields.GNU_SPARSE, 4);
        boolean more = block[TarFields.GNU_SPARSE_MORE] != 0;
        while (more) {
            if (in.readNBytes(block, 0, block.length) < block.length) {
                throw truncated();
            }
            readOldMap(extents, 0, 21);
            more = block[504] != 0;
        }
        return extents;
    }

    private void readOldMap(List<Extent> extents, int start, int count) {
        for (int i = 0; i < count; i++) {
            int at = start + 24 * i;
            if (block[at] == 0) {
                return;
            }
            addExtent(extents, TarFields.number(block, at, 12), TarFields.number(block, at + 12, 12), limits);
        }
    }

    /** Pax format 1.0: decimal numbers on lines, the count of pairs first, padded to a block, before the content. */
    private List<Extent> leadingSparseMap() throws IOException {
        long before = remaining;
        long count = leadingNumber();
        if (count > limits.extents()) {
            throw exhausted("a sparse file has more than " + limits.extents() + " pieces");
        }
        var extents = new ArrayList<Extent>();
        for (long i = 0; i < count; i++) {
            addExtent(extents, leadingNumber(), leadingNumber(), limits);
        }
        long pad = -(before - remaining) & TarFields.BLOCK - 1;
        if (remaining < pad) {
            throw TarFields.corrupt("a sparse file's map is longer than the file");
        }
        in.skipNBytes(pad);
        remaining -= pad;
        return extents;
    }

    private long leadingNumber() throws IOException {
        long value = 0;
        byte[] one = new byte[1];
        for (int digits = 0; digits < 20; digits++) {
            if (read(one, 0, 1) < 0) {
                break;
            }
            if (one[0] == '\n' && digits > 0) {
                return value;
            }
            if (one[0] < '0' || one[0] > '9' || value > (Long.MAX_VALUE - 9) / 10) {
                break;
            }
            value = value * 10 + one[0] - '0';
        }
        throw TarFields.corrupt("a sparse file's map is not decimal");
    }

    /** Appends a piece, which must lie behind the last; empty ones only mark the end of the file. */
    static void addExtent(List<Extent> extents, long offset, long length, ArchiveLimits limits) {
        long end = extents.isEmpty() ? 0 : extents.getLast().offset() + extents.getLast().length();
        if (offset < end || length < 0 || offset > Long.MAX_VALUE - length) {
            throw TarFields.corrupt("a sparse file's map is not in ascending order");
        }
        if (extents.size() == limits.extents()) {
            throw exhausted("a sparse file has more than " + limits.extents() + " pieces");
        }
        if (length > 0) {
            extents.add(new Extent(offset, length));
        }
    }

    private static Fault truncated() {
        return TarFields.corrupt("it ends in the middle");
    }

    private static Fault exhausted(String reason) {
        return Fault.of(Fault.Kind.EXHAUSTED, "read archive", "", reason);
    }
}
