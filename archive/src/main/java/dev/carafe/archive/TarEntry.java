package dev.carafe.archive;

import dev.carafe.kernel.Xattr;
import java.time.Instant;
import java.util.List;

/**
 * One member of a tar archive (POSIX.1-2017 pax, and the GNU and star extensions that images use).
 *
 * @param kind what it is
 * @param path as it stands in the archive: not to be trusted, see {@link MemberPath}
 * @param link text of a symbolic link, or path within the archive that a hard link repeats; else empty
 * @param mode 12 permission bits
 * @param size bytes of content, with the holes of a sparse file
 * @param modified time of last modification, to the nanosecond
 * @param major of a device
 * @param minor of a device
 * @param xattrs sorted by name
 * @param extents where the content of a sparse file lies, ascending
 * @param sparse whether only the extents are stored
 */
public record TarEntry(
        Kind kind, String path, String link, int mode, int uid, int gid, long size, Instant modified, int major, int minor,
        List<Xattr> xattrs, List<Extent> extents, boolean sparse) {

    /** The kinds of member that a layer may hold. */
    public enum Kind {
        FILE, HARD_LINK, SYMBOLIC_LINK, CHARACTER_DEVICE, BLOCK_DEVICE, DIRECTORY, FIFO
    }

    /** A piece of a sparse file that has content. */
    public record Extent(long offset, long length) {}

    public TarEntry {
        xattrs = List.copyOf(xattrs);
        extents = List.copyOf(extents);
    }

    /** The same at another path, with another link. */
    public TarEntry at(String otherPath, String otherLink) {
        return new TarEntry(kind, otherPath, otherLink, mode, uid, gid, size, modified, major, minor, xattrs, extents, sparse);
    }

    /** The same with another owner. */
    public TarEntry ownedBy(int otherUid, int otherGid) {
        return new TarEntry(kind, path, link, mode, otherUid, otherGid, size, modified, major, minor, xattrs, extents, sparse);
    }

    /** The same with another time. */
    public TarEntry modified(Instant time) {
        return new TarEntry(kind, path, link, mode, uid, gid, size, time, major, minor, xattrs, extents, sparse);
    }

    /** Bytes of content that the archive stores: the size, less the holes. */
    public long stored() {
        long stored = 0;
        for (Extent extent : extents) {
            stored += extent.length();
        }
        return sparse ? stored : size;
    }

    /** An entry of that kind and path, owned by root, of mode 0644 (directories 0755) and the time 0. */
    public static Builder builder(Kind kind, String path) {
        return new Builder(kind, path);
    }

    /** Collects what an entry consists of. */
    public static final class Builder {
        private Kind kind;
        private String path;
        private String link = "";
        private int mode;
        private int uid;
        private int gid;
        private long size;
        private Instant modified = Instant.EPOCH;
        private int major;
        private int minor;
        private List<Xattr> xattrs = List.of();
        private List<Extent> extents = List.of();
        private boolean sparse;

        private Builder(Kind kind, String path) {
            this.kind = kind;
            this.path = path;
            this.mode = kind == Kind.DIRECTORY ? 0755 : 0644;
        }

        public Builder kind(Kind value) {
            kind = value;
            return this;
        }

        public Builder path(String value) {
            path = value;
            return this;
        }

        public Builder link(String value) {
            link = value;
            return this;
        }

        public Builder mode(int value) {
            mode = value & 07777;
            return this;
        }

        public Builder owner(int newUid, int newGid) {
            uid = newUid;
            gid = newGid;
            return this;
        }

        public Builder size(long value) {
            size = value;
            return this;
        }

        public Builder modified(Instant value) {
            modified = value;
            return this;
        }

        public Builder device(int newMajor, int newMinor) {
            major = newMajor;
            minor = newMinor;
            return this;
        }

        public Builder xattrs(List<Xattr> values) {
            xattrs = values;
            return this;
        }

        /** Makes it a sparse file of which only these pieces are stored; an empty list is one single hole. */
        public Builder sparse(List<Extent> values) {
            sparse = true;
            extents = values;
            return this;
        }

        public TarEntry build() {
            return new TarEntry(kind, path, link, mode, uid, gid, size, modified, major, minor, xattrs, extents, sparse);
        }
    }
}
