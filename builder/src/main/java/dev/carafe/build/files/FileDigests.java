package dev.carafe.build.files;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.build.files.FileTree.Found;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.OpenFile;
import dev.carafe.kernel.Stat;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What files are, for keys of a cache: kind, mode, content, of links their text, of files of images their owners; not their times. A text for each.
 */
public final class FileDigests {
    private static final int BUFFER = 1 << 16;

    private FileDigests() {
    }

    /** A file and what it is. */
    public record Fingerprint(String path, String what) {
    }

    /** Those of all files that are meant, in order. */
    public static List<Fingerprint> of(Selection selection) {
        var prints = new ArrayList<Fingerprint>();
        try (var reader = new Reader(selection.tree())) {
            selection.walk((pick, found, inner) -> prints.add(new Fingerprint(found.path().isEmpty() ? "." : found.path(), reader.print(found) + (inner.equals(found.path()) ? "" : " " + inner))));
        }
        return prints;
    }

    /** One digest for all of them. */
    public static Digest whole(Selection selection) {
        var text = new StringBuilder();
        of(selection).forEach(print -> text.append(print.path()).append('\0').append(print.what()).append('\n'));
        return Digest.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Reads files with one buffer, and keeps the directory of the last one open. */
    private static final class Reader implements AutoCloseable {
        private final FileTree tree;
        private final HeldDirectory directory;
        private final byte[] buffer = new byte[BUFFER];

        Reader(FileTree tree) {
            this.tree = tree;
            this.directory = new HeldDirectory(tree.root());
        }

        String print(Found found) {
            Stat stat = found.stat();
            String head = Integer.toOctalString(stat.mode()) + (tree.owned() ? " " + stat.uid() + ":" + stat.gid() : "");
            return switch (stat.type()) {
                case DIRECTORY -> "directory " + head;
                case REGULAR -> "file " + head + " " + content(found);
                case SYMBOLIC_LINK -> "link " + text(found);
                case CHARACTER_DEVICE -> "device c " + stat.major() + ":" + stat.minor() + " " + head;
                case BLOCK_DEVICE -> "device b " + stat.major() + ":" + stat.minor() + " " + head;
                case FIFO -> "fifo " + head;
                case SOCKET -> "socket";
            };
        }

        private String text(Found found) {
            return parent(found).readlink(found.name());
        }

        private Directory parent(Found found) {
            return directory.at(FileTree.parent(found.path())).orElseThrow(() -> Fault.of(Fault.Kind.CONFLICT, "read", "\"" + found.path() + "\"", "it vanished meanwhile"));
        }

        private String content(Found found) {
            MessageDigest hasher = Digest.hasher();
            try (OpenFile file = parent(found).read(found.name())) {
                for (int got = file.read(buffer, 0, buffer.length); got >= 0; got = file.read(buffer, 0, buffer.length)) {
                    hasher.update(buffer, 0, got);
                }
            }
            return HexFormat.of().formatHex(hasher.digest());
        }

        @Override
        public void close() {
            directory.close();
        }
    }
}
