package dev.carafe.network;

import dev.carafe.base.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Files that are whole or absent: written under another name, and renamed. */
final class WholeFile {
    private WholeFile() {
    }

    static void write(Path file, String text) {
        try {
            Path draft = file.resolveSibling("." + file.getFileName() + ".new");
            Files.writeString(draft, text);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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

    /** Gives it the time of now; makes it where it is not there. */
    static void touch(Path file) {
        try {
            if (Files.notExists(file)) {
                Files.write(file, new byte[0]);
            }
            Files.setLastModifiedTime(file, FileTime.from(java.time.Instant.now()));
        } catch (IOException e) {
            throw fault("touch", file, e);
        }
    }

    /** When it was last changed; the beginning of time where it is not there. */
    static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (NoSuchFileException e) {
            return FileTime.fromMillis(0);
        } catch (IOException e) {
            throw fault("read", file, e);
        }
    }

    static void makeDirectories(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory);
            }
        } catch (IOException e) {
            throw fault("make", directory, e);
        }
    }

    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw fault("remove", file, e);
        }
    }

    /** The names in a directory but those of drafts; none where it is not there. */
    static List<String> names(Path directory) {
        var names = new ArrayList<String>();
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                String name = entry.getFileName().toString();
                if (!name.startsWith(".")) {
                    names.add(name);
                }
            }
            return names;
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            throw fault("list", directory, e);
        }
    }

    static Fault fault(String operation, Path file, IOException e) {
        return Fault.of(Fault.Kind.UNAVAILABLE, operation, "\"" + file + "\"", e.getClass().getSimpleName() + " " + e.getMessage()).cause(e)
                .hint("check the space and the directory's owner and mode");
    }
}
