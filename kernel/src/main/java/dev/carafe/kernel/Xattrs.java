package dev.carafe.kernel;

import dev.carafe.base.Errno;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Extended attributes by path, never following a link in its last component: llistxattr, lgetxattr, lsetxattr (2). */
final class Xattrs {
    private Xattrs() {}

    static List<Xattr> list(FileSystem files, String path, String shown) {
        var names = new ArrayList<String>();
        try (Scratch scratch = files.borrow()) {
            long length = files.kernel().call(
                    SystemCall.LLISTXATTR, scratch.first(path), scratch.dataAddress(), Scratch.DATA_BYTES);
            if (length == -Errno.EOPNOTSUPP.number()) {
                return List.of();
            }
            check(length, "list attributes of", shown);
            byte[] bytes = new byte[(int) length];
            scratch.bytes().get(scratch.dataAt(), bytes);
            int start = 0;
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] == 0) {
                    names.add(ByteText.decode(bytes, start, i));
                    start = i + 1;
                }
            }
        }
        if (names.isEmpty()) {
            return List.of();
        }
        names.sort(Comparator.naturalOrder());
        var found = new ArrayList<Xattr>(names.size());
        for (String name : names) {
            find(files, path, name, shown).ifPresent(found::add);
        }
        return found;
    }

    static Optional<Xattr> find(FileSystem files, String path, String name, String shown) {
        try (Scratch scratch = files.borrow()) {
            long length = files.kernel().call(SystemCall.LGETXATTR, scratch.first(path), scratch.second(name),
                    scratch.dataAddress(), Scratch.DATA_BYTES);
            if (length == -Errno.ENODATA.number() || length == -Errno.EOPNOTSUPP.number()) {
                return Optional.empty();
            }
            check(length, "read attribute " + name + " of", shown);
            byte[] value = new byte[(int) length];
            scratch.bytes().get(scratch.dataAt(), value);
            return Optional.of(new Xattr(name, value));
        }
    }

    static void set(FileSystem files, String path, Xattr attribute, String shown) {
        try (Scratch scratch = files.borrow()) {
            byte[] value = attribute.value();
            if (value.length > Scratch.DATA_BYTES) {
                throw FileSystem.fault(-Errno.E2BIG.number(), "set attribute " + attribute.name() + " of", shown);
            }
            scratch.bytes().put(scratch.dataAt(), value);
            long result = files.kernel().call(SystemCall.LSETXATTR, scratch.first(path), scratch.second(attribute.name()),
                    scratch.dataAddress(), value.length, 0);
            check(result, "set attribute " + attribute.name() + " of", shown);
        }
    }

    static void remove(FileSystem files, String path, String name, String shown) {
        try (Scratch scratch = files.borrow()) {
            long result = files.kernel().call(SystemCall.LREMOVEXATTR, scratch.first(path), scratch.second(name));
            check(result == -Errno.ENODATA.number() ? 0 : result, "remove attribute " + name + " of", shown);
        }
    }

    private static void check(long result, String operation, String shown) {
        if (result < 0) {
            throw FileSystem.fault(result, operation, shown);
        }
    }
}
