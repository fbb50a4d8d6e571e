package dev.carafe.engine;

import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.oci.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Files of state that are whole or absent: written under another name, and renamed. */
final class StateFile {
    private StateFile() {
    }

    /** Replaces the file in one step. */
    static void write(Path file, String text) {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw fault("write", file, e);
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

    static Optional<JsonObject> readJson(Path file) {
        return read(file).map(text -> Json.parseObject(file.getFileName().toString(), text));
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
        if (!Files.isDirectory(directory, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            delete(directory);
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                // remove(3): one call for a file, and no link is followed.
                if (!entry.toFile().delete()) {
                    deleteTree(entry);
                }
            }
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException | DirectoryIteratorException e) {
            throw fault("remove", directory, e instanceof DirectoryIteratorException d ? d.getCause() : (IOException) e);
        }
        delete(directory);
    }

    static Fault fault(String operation, Path file, IOException e) {
        boolean full = e.getMessage() != null && e.getMessage().contains("No space left");
        return Fault.of(full ? Fault.Kind.EXHAUSTED : Fault.Kind.UNAVAILABLE, operation, "\"" + file + "\"",
                full ? "no space left on device (ENOSPC)" : e.getClass().getSimpleName() + " " + e.getMessage()).cause(e)
                .hint(full ? "free some space, or move the root with --root" : "check the directory's owner and mode");
    }
}
