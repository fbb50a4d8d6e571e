package dev.carafe.kernel;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An open directory, and the calls on the names in it.
 *
 * <p>A name is one component: no slash, not {@code .} or {@code ..}; anything else is a fault before the kernel is asked. No
 * call here follows a link in its last component. So what a name leads to is always in this very directory, whoever chose the
 * name, and code that handles the trees of images can be sure of where it writes. Longer paths are first resolved to their
 * parent by {@link #within} or {@link #beneath}.
 */
public final class Directory extends Opened {
    private static final int NO_FOLLOW = 0x100;
    private static final int REMOVE_DIRECTORY = 0x200;

    Directory(FileSystem files, Fd fd, String path) {
        super(files, fd, path);
    }

    /** Opens a directory of that name; a link is a fault. */
    public Directory open(String name) {
        return new Directory(files, files.open(number(), name(name), OpenFlag.READ | OpenFlag.DIRECTORY | OpenFlag.NO_FOLLOW, 0,
                FileSystem.Resolve.FREE, "open", shown(name)), shown(name));
    }

    /** Opens a directory of that name; empty when there is nothing by that name. */
    public Optional<Directory> find(String name) {
        long result = files.tryOpen(number(), name(name), OpenFlag.READ | OpenFlag.DIRECTORY | OpenFlag.NO_FOLLOW, 0,
                FileSystem.Resolve.FREE);
        return directory(result, name);
    }

    /** As {@link #find}; a mount point is a fault (EXDEV). */
    Optional<Directory> findOnSameMount(String name) {
        long result = files.tryOpen(number(), name(name), OpenFlag.READ | OpenFlag.DIRECTORY | OpenFlag.NO_FOLLOW, 0,
                FileSystem.Resolve.SAME_MOUNT);
        return directory(result, name);
    }

    /**
     * Opens a directory below this one as a process would whose root this is (RESOLVE_IN_ROOT): links are followed, but
     * absolute ones start here and dot-dot stops here.
     */
    public Optional<Directory> within(String path) {
        long result = files.tryOpen(number(), path.isEmpty() ? "." : path, OpenFlag.READ | OpenFlag.DIRECTORY, 0,
                FileSystem.Resolve.IN_ROOT);
        return directory(result, path);
    }

    /**
     * Opens a regular file below this one for reading, by the rules of {@link #within}; empty when nothing is there, or something else. What a path leads to
     * is looked at before it is opened: to open a device may already do something, and whoever owns the directory chooses the device.
     */
    public Optional<OpenFile> fileWithin(String path) {
        long found = files.tryOpen(number(), path, OpenFlag.PATH, 0, FileSystem.Resolve.IN_ROOT);
        if (found == -Errno.ENOENT.number()) {
            return Optional.empty();
        }
        try (OpenFile place = file(found, "open", path)) {
            if (place.stat().type() != FileType.REGULAR) {
                return Optional.empty();
            }
            long result = files.tryOpen(FileSystem.CURRENT_DIRECTORY, "/proc/self/fd/" + found, OpenFlag.READ, 0, FileSystem.Resolve.FREE);
            return Optional.of(file(result, "open", path));
        }
    }

    /** Opens a directory below this one by a path without any links (RESOLVE_BENEATH, RESOLVE_NO_SYMLINKS); a link is a fault. */
    public Optional<Directory> beneath(String path) {
        long result = files.tryOpen(number(), path.isEmpty() ? "." : path, OpenFlag.READ | OpenFlag.DIRECTORY, 0,
                FileSystem.Resolve.BENEATH);
        return directory(result, path);
    }

    private Optional<Directory> directory(long result, String path) {
        if (result == -Errno.ENOENT.number()) {
            return Optional.empty();
        }
        if (result < 0) {
            throw FileSystem.fault(result, "open", shown(path));
        }
        return Optional.of(new Directory(files, new Fd(files.kernel(), (int) result), shown(path)));
    }

    /** Makes a new file, open for reading and writing; empty when the name is taken. */
    public Optional<OpenFile> create(String name, int mode) {
        long result = files.tryOpen(number(), name(name),
                OpenFlag.READ_WRITE | OpenFlag.CREATE | OpenFlag.EXCLUSIVE | OpenFlag.NO_FOLLOW, mode, FileSystem.Resolve.FREE);
        if (result == -Errno.EEXIST.number()) {
            return Optional.empty();
        }
        return Optional.of(file(result, "create", name));
    }

    /** Opens a file for reading and writing, made with that mode when it is not there. */
    public OpenFile openOrCreate(String name, int mode) {
        return file(files.tryOpen(number(), name(name), OpenFlag.READ_WRITE | OpenFlag.CREATE | OpenFlag.NO_FOLLOW, mode,
                FileSystem.Resolve.FREE), "open", name);
    }

    /** Opens a file for reading; never waits for the other end of a FIFO. */
    public OpenFile read(String name) {
        return file(openForReading(name), "open", name);
    }

    /** Opens a file for reading; empty when there is nothing by that name. */
    public Optional<OpenFile> findFile(String name) {
        long result = openForReading(name);
        return result == -Errno.ENOENT.number() ? Optional.empty() : Optional.of(file(result, "open", name));
    }

    private long openForReading(String name) {
        return files.tryOpen(number(), name(name),
                OpenFlag.READ | OpenFlag.NO_FOLLOW | OpenFlag.NON_BLOCKING | OpenFlag.NO_CONTROLLING_TERMINAL, 0,
                FileSystem.Resolve.FREE);
    }

    private OpenFile file(long result, String operation, String name) {
        if (result < 0) {
            throw FileSystem.fault(result, operation, shown(name));
        }
        return new OpenFile(files, new Fd(files.kernel(), (int) result), shown(name));
    }

    /** What is there by that name; empty when nothing is. */
    public Optional<Stat> stat(String name) {
        try (Scratch scratch = files.borrow()) {
            long result = files.kernel().call(
                    SystemCall.STATX, number(), scratch.first(name(name)), NO_FOLLOW, Stat.MASK, scratch.structAddress());
            if (result == -Errno.ENOENT.number()) {
                return Optional.empty();
            }
            check(result, "stat", name);
            return Optional.of(Stat.read(scratch.bytes(), scratch.structAt()));
        }
    }

    /** mkdirat(2); false when the name is taken. The process's umask takes its bits from the mode. */
    public boolean mkdir(String name, int mode) {
        return made(oneName(SystemCall.MKDIRAT, name, mode, 0), "make directory", name);
    }

    /** mknodat(2) of a device, FIFO, socket or empty file; false when the name is taken. Numbers count for devices alone. */
    public boolean mknod(String name, FileType type, int mode, int major, int minor) {
        long device = minor & 0xFFL | (major & 0xFFFL) << 8 | (minor & 0xFFF00L) << 12;
        return made(oneName(SystemCall.MKNODAT, name, type.bits() | mode, device), "make node", name);
    }

    /** symlinkat(2): the text is kept as it is; false when the name is taken. */
    public boolean symlink(String text, String name) {
        try (Scratch scratch = files.borrow()) {
            long result = files.kernel().call(
                    SystemCall.SYMLINKAT, scratch.first(text), number(), scratch.second(name(name)));
            return made(result, "make link", name);
        }
    }

    /** linkat(2): another name for the file itself, also when that is a symbolic link; false when the name is taken. */
    public boolean link(Directory from, String existing, String name) {
        try (Scratch scratch = files.borrow()) {
            long result = files.kernel().call(SystemCall.LINKAT, from.number(), scratch.first(name(existing)), number(),
                    scratch.second(name(name)), 0);
            return made(result, "link", name);
        }
    }

    /** unlinkat(2) of anything but a directory; false when there is nothing by that name. */
    public boolean unlink(String name) {
        return removed(oneName(SystemCall.UNLINKAT, name, 0, 0), "unlink", name);
    }

    /** As {@link #unlink}; false when there is a directory by that name, which stays. */
    boolean unlinkFile(String name) {
        long result = oneName(SystemCall.UNLINKAT, name, 0, 0);
        if (result == -Errno.EISDIR.number()) {
            return false;
        }
        removed(result, "unlink", name);
        return true;
    }

    /** unlinkat(2) of an empty directory; false when there is nothing by that name. */
    public boolean rmdir(String name) {
        return removed(oneName(SystemCall.UNLINKAT, name, REMOVE_DIRECTORY, 0), "remove directory", name);
    }

    /** renameat2(2), replacing what is there, in one step for every observer. */
    public void rename(String name, Directory to, String newName) {
        check(renameat2(name, to, newName, 0), "rename", name);
    }

    /** renameat2(2) with RENAME_NOREPLACE; false when the new name is taken. */
    public boolean renameNew(String name, Directory to, String newName) {
        return made(renameat2(name, to, newName, 1), "rename", name);
    }

    private long renameat2(String name, Directory to, String newName, int flags) {
        try (Scratch scratch = files.borrow()) {
            return files.kernel().call(SystemCall.RENAMEAT2, number(), scratch.first(name(name)), to.number(),
                    scratch.second(name(newName)), flags);
        }
    }

    /** readlinkat(2): the text of a link. */
    public String readlink(String name) {
        try (Scratch scratch = files.borrow()) {
            long length = check(files.kernel().call(SystemCall.READLINKAT, number(), scratch.first(name(name)),
                    scratch.dataAddress(), Scratch.PATH_MAX), "read link", name);
            byte[] text = new byte[(int) length];
            scratch.bytes().get(scratch.dataAt(), text);
            return ByteText.decode(text);
        }
    }

    /** fchownat(2) of the very name. Clears set-user-ID, set-group-ID and file capabilities, so it comes before those. */
    public void chown(String name, int uid, int gid) {
        try (Scratch scratch = files.borrow()) {
            check(files.kernel().call(SystemCall.FCHOWNAT, number(), scratch.first(name(name)), uid, gid, NO_FOLLOW),
                    "chown", name);
        }
    }

    /** fchmodat2(2) of the very name (Linux 6.6; before that by way of an O_PATH descriptor). A link has no mode of its own: a fault. */
    public void chmod(String name, int mode) {
        long result;
        try (Scratch scratch = files.borrow()) {
            result = files.kernel().call(SystemCall.FCHMODAT2, number(), scratch.first(name(name)), mode, NO_FOLLOW);
        }
        if (result == -Errno.ENOSYS.number()) {
            try (Fd itself = files.open(number(), name, OpenFlag.PATH | OpenFlag.NO_FOLLOW, 0, FileSystem.Resolve.FREE, "open",
                            shown(name));
                    Scratch scratch = files.borrow()) {
                result = files.kernel().call(SystemCall.FCHMODAT, FileSystem.CURRENT_DIRECTORY,
                        scratch.first("/proc/self/fd/" + itself.number()), mode);
            }
        }
        check(result, "chmod", name);
    }

    /** Sets the time of last modification, and that of last access to the same (utimensat(2)), also of a link. */
    public void modified(String name, Instant time) {
        try (Scratch scratch = files.borrow()) {
            putTimes(scratch, time);
            check(files.kernel().call(SystemCall.UTIMENSAT, number(), scratch.first(name(name)), scratch.structAddress(),
                    NO_FOLLOW), "set time of", name);
        }
    }

    static void putTimes(Scratch scratch, Instant time) {
        int at = scratch.structAt();
        for (int i = 0; i < 2; i++) {
            scratch.bytes().putLong(at + 16 * i, time.getEpochSecond());
            scratch.bytes().putLong(at + 16 * i + 8, time.getNano());
        }
    }

    /** The extended attributes of a name, sorted by name; those that vanish meanwhile are left out. */
    public List<Xattr> xattrs(String name) {
        return Xattrs.list(files, xattrPath(name), shown(name));
    }

    /** The value of one extended attribute of a name. */
    public Optional<Xattr> xattr(String name, String attribute) {
        return Xattrs.find(files, xattrPath(name), attribute, shown(name));
    }

    /** Sets one extended attribute of a name. */
    public void setXattr(String name, Xattr attribute) {
        Xattrs.set(files, xattrPath(name), attribute, shown(name));
    }

    /** The extended attributes of this directory itself, sorted by name. */
    public List<Xattr> xattrs() {
        return Xattrs.list(files, xattrPath("."), path());
    }

    /** The value of one extended attribute of this directory itself. */
    public Optional<Xattr> xattr(String attribute) {
        return Xattrs.find(files, xattrPath("."), attribute, path());
    }

    /** Sets one extended attribute of this directory itself. */
    public void setXattr(Xattr attribute) {
        Xattrs.set(files, xattrPath("."), attribute, path());
    }

    /** Takes an extended attribute from this directory itself; one that is not there is no fault. */
    public void removeXattr(String attribute) {
        Xattrs.remove(files, xattrPath("."), attribute, path());
    }

    /** Before Linux 6.13 no call takes directory and name for these; the link in /proc leads to the directory itself. */
    private String xattrPath(String name) {
        return "/proc/self/fd/" + number() + "/" + (name.equals(".") ? "." : name(name));
    }

    /** Everything in this directory, in the order of the file system. Reads from the start each time. */
    public List<DirectoryEntry> entries() {
        check(files.kernel().call(SystemCall.LSEEK, number(), 0, 0), "rewind");
        var found = new ArrayList<DirectoryEntry>();
        try (Scratch scratch = files.borrow()) {
            while (true) {
                long length = check(files.kernel().call(
                        SystemCall.GETDENTS64, number(), scratch.dataAddress(), Scratch.DATA_BYTES), "list");
                if (length == 0) {
                    return found;
                }
                read(scratch.bytes(), scratch.dataAt(), (int) length, found);
            }
        }
    }

    private static void read(ByteBuffer bytes, int start, int length, List<DirectoryEntry> into) {
        for (int at = start; at < start + length; ) {
            int size = bytes.getShort(at + 16) & 0xFFFF;
            int end = at + 19;
            while (bytes.get(end) != 0) {
                end++;
            }
            byte[] name = new byte[end - at - 19];
            bytes.get(at + 19, name);
            boolean dots = name.length <= 2 && name[0] == '.' && name[name.length - 1] == '.';
            if (!dots) {
                int type = bytes.get(at + 18);
                into.add(new DirectoryEntry(ByteText.decode(name), bytes.getLong(at),
                        type == 0 ? Optional.empty() : Optional.of(FileType.of(type << 12))));
            }
            at += size;
        }
    }

    /** Removes whatever is there by that name, a whole tree if need be; see {@link TreeRemoval}. Nothing there is no fault. */
    public void removeTree(String name) {
        new TreeRemoval(this).remove(name(name));
    }

    private long oneName(SystemCall call, String name, long third, long fourth) {
        try (Scratch scratch = files.borrow()) {
            return files.kernel().call(call, number(), scratch.first(name(name)), third, fourth);
        }
    }

    private boolean made(long result, String operation, String name) {
        if (result == -Errno.EEXIST.number()) {
            return false;
        }
        check(result, operation, name);
        return true;
    }

    private boolean removed(long result, String operation, String name) {
        if (result == -Errno.ENOENT.number()) {
            return false;
        }
        check(result, operation, name);
        return true;
    }

    private long check(long result, String operation, String name) {
        if (result < 0) {
            throw FileSystem.fault(result, operation, shown(name));
        }
        return result;
    }

    private static String name(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
            throw Fault.invalid("use", Scratch.quote(name), "not a name within a directory");
        }
        return name;
    }

    private String shown(String name) {
        return path().endsWith("/") ? path() + name : path() + "/" + name;
    }
}
