package dev.carafe.runtime.oci;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.LockFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Where a runtime keeps what it must know of its containers: a directory for each, which appears when it is created and vanishes when it is deleted.
 * <pre>
 *   ROOT/ID/state.json    what was created, see {@link KeptContainer}
 *   ROOT/ID/config.json   its bundle, as it was then
 *   ROOT/ID/plan          the program that created it, with its results
 *   ROOT/ID/exec.fifo     the gate, the fifo where its init waits for the start
 *   ROOT/ID/exec/…        programs of further processes, while they start
 *   ROOT/.locks/ID        held by whoever changes it
 * </pre>
 * Files are whole or absent. A process that is killed leaves a container that every command can still be used on.
 */
public record StateRoot(Path path) {
    /** The gate's name in a container's directory: the one that runc gives its own, by which tools know what a created container waits for. */
    static final String GATE = "exec.fifo";

    private static final String LOCKS = ".locks";
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    /** The directory of that container; the id is checked, since it comes from outside and names a file. */
    public Path container(String id) {
        return path.resolve(checked(id));
    }

    /** @throws Fault when a container cannot have that id */
    static String checked(String id) {
        boolean valid = !id.isEmpty() && !id.equals(".") && !id.equals("..") && id.length() <= 1024;
        for (int k = 0; k < id.length(); k++) {
            char c = id.charAt(k);
            valid &= c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '+' || c == '-' || c == '.';
        }
        if (!valid) {
            throw Fault.invalid("use", "container id \"" + id.replaceAll("[^ -~]", "?") + "\"", "invalid container ID format")
                    .hint("letters, digits and _ + - . may be used");
        }
        return id;
    }

    /** Waits until nobody else changes that container. The directory of the locks is made when it is missing. */
    public Lock lock(FileSystem files, String id) {
        checked(id);
        makeDirectories(path.resolve(LOCKS));
        Directory locks = files.directory(path.resolve(LOCKS).toString());
        try {
            return new Lock(locks, LockFile.acquire(locks, id));
        } catch (RuntimeException e) {
            locks.close();
            throw e;
        }
    }

    /** The right to change a container. */
    public record Lock(Directory locks, LockFile file) implements AutoCloseable {
        @Override
        public void close() {
            file.close();
            locks.close();
        }
    }

    /** The ids of all containers, in the order of their names; none when there is no such directory. */
    public List<String> ids() {
        var ids = new ArrayList<String>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (!name.equals(LOCKS) && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    ids.add(name);
                }
            }
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException e) {
            throw fault("list", path, e);
        }
        Collections.sort(ids);
        return ids;
    }

    /** Makes the directory of a new container. False: there is one already. */
    boolean claim(String id) {
        try {
            Files.createDirectory(container(id), PRIVATE);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw fault("make", container(id), e);
        }
    }

    static void makeDirectories(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory, PRIVATE);
            }
        } catch (IOException e) {
            throw fault("make", directory, e);
        }
    }

    /** Replaces a file in one step. */
    static void write(Path file, byte[] content) {
        Path draft = file.resolveSibling("." + file.getFileName() + "." + ProcessHandle.current().pid() + "." + Thread.currentThread().threadId());
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            draft.toFile().delete();
            throw fault("write", file, e);
        }
    }

    static void write(Path file, String text) {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Removes a directory of ours with everything below; links are removed, not followed. */
    static void removeTree(Path directory) {
        try {
            if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                    for (Path entry : entries) {
                        removeTree(entry);
                    }
                }
            }
            Files.deleteIfExists(directory);
        } catch (NoSuchFileException gone) {
            // Somebody else has just removed it.
        } catch (IOException e) {
            throw fault("remove", directory, e);
        }
    }

    static Fault fault(String operation, Path file, IOException e) {
        String message = String.valueOf(e.getMessage());
        if (e instanceof NoSuchFileException) {
            return Fault.of(Errno.ENOENT, operation, "\"" + file + "\"").cause(e);
        }
        if (e instanceof java.nio.file.AccessDeniedException) {
            return Fault.of(Errno.EACCES, operation, "\"" + file + "\"").cause(e);
        }
        int colon = message.lastIndexOf(": ");
        return Fault.of(Fault.Kind.UNAVAILABLE, operation, "\"" + file + "\"", colon < 0 ? message : message.substring(colon + 2).toLowerCase(java.util.Locale.ROOT)).cause(e);
    }
}
