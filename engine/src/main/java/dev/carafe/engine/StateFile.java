package dev.carafe.engine;

import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.oci.Json;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Files of state that are whole or absent to every process: written under another name, and renamed.
 *
 * <p>A power failure is another matter. A file that was not synced may be empty after it, or hold zeros, whatever its name promises. So what
 * must survive is synced before it is renamed ({@link #keep}); what need not is written without ({@link #write}), and whoever reads it
 * takes an empty file for none. What must survive is said in {@code ARCHITECTURE.md}, "State on disk".
 */
final class StateFile {
    private StateFile() {
    }

    /** Replaces the file in one step. A power failure soon after may leave it empty. */
    static void write(Path file, String text) {
        write(file, text, false);
    }

    /** Replaces the file in one step, and returns when its content is on the disk. */
    static void keep(Path file, String text) {
        write(file, text, true);
    }

    /** As {@link #keep(Path, String)}, with that mode from the beginning. */
    static void keep(Path file, byte[] content, String mode) {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(temporary);
            Files.createFile(temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(false);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw fault("write", file, e);
        }
    }

    private static void write(Path file, String text, boolean synced) {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            if (synced) {
                channel.force(false);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw fault("write", file, e);
        }
    }

    /**
     * Gives a file other content where it is, since something is mounted upon that very file. Cut after it was written: a file that was emptied before
     * is written to the disk at once by ext4 (auto_da_alloc), and whoever closes it waits.
     */
    static void overwrite(Path file, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            int length = bytes.remaining();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.truncate(length);
        }
    }

    /** Adds a line in one step for every observer. What cannot be written is lost: nothing may fail for want of such a note. */
    static void append(Path file, String line, long most) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
            if (channel.size() > most) {
                Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException full) {
            // The disk is full, or another engine has just set the file aside.
        }
    }

    static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw fault("read", file, e);
        }
    }

    /** An object; empty when the file is not there or a power failure has left nothing in it. */
    static Optional<JsonObject> readJson(Path file) {
        Optional<String> text = readWhole(file);
        return text.isEmpty() ? Optional.empty() : Optional.of(Json.parseObject(file.getFileName().toString(), text.get()));
    }

    /** A text; empty when the file is not there or a power failure has left nothing in it. */
    static Optional<String> readWhole(Path file) {
        Optional<String> text = read(file);
        return text.isEmpty() || isBlank(text.get()) ? Optional.empty() : text;
    }

    private static boolean isBlank(String text) {
        for (int k = 0; k < text.length(); k++) {
            if (text.charAt(k) > ' ') {
                return false;
            }
        }
        return true;
    }

    static void makeDirectories(Path directory) {
        if (Files.isDirectory(directory)) {
            return;
        }
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw fault("make", directory, e);
        }
    }

    static boolean delete(Path file) {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            throw fault("remove", file, e);
        }
    }

    /** Removes a directory of ours with everything below; links are removed, not followed. */
    static void deleteTree(Path directory) {
        deleteTree(directory.toFile());
    }

    /** By the calls of old, which make no object for a file and no exception for one that is not there: every container ends with this. */
    private static void deleteTree(File file) {
        // remove(3): a file, a link or an empty directory; one call, mostly. What is left is a directory, or not there.
        if (file.delete()) {
            return;
        }
        String[] names = file.list();
        if (names != null) {
            for (String name : names) {
                deleteTree(new File(file, name));
            }
        }
        delete(file.toPath());
    }

    static Fault fault(String operation, Path file, IOException e) {
        boolean full = e.getMessage() != null && e.getMessage().contains("No space left");
        return Fault.of(full ? Fault.Kind.EXHAUSTED : Fault.Kind.UNAVAILABLE, operation, "\"" + file + "\"",
                full ? "no space left on device (ENOSPC)" : e.getClass().getSimpleName() + " " + e.getMessage()).cause(e)
                .hint(full ? "free some space, or move the root with --root" : "check the directory's owner and mode");
    }
}
