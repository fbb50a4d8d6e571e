package dev.carafe.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Documents of state as they were parsed the last time. The disk is asked whether the file is still the same one: inode, time and size tell,
 * since files of state are replaced and never written to. Safe for use by many threads.
 */
final class KeptDocuments<T> {
    private static final int MOST = 32;

    /** How a document is read. */
    interface Reader<T> {
        /** Empty: the file is not there. */
        Optional<T> read(Path file);
    }

    private record Version(@Nullable Object key, FileTime modified, long size) {
        /** Not equals: that of a record is made when it is called first, which takes 15 ms, and no cache of Java's holds it. */
        boolean is(Version other) {
            return Objects.equals(key, other.key) && modified.equals(other.modified) && size == other.size;
        }
    }

    private record Kept<T>(Version version, T document) {
    }

    private final Reader<T> reader;
    /** The one asked for longest ago goes first. */
    private final Map<Path, Kept<T>> known = new LinkedHashMap<>(MOST, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Kept<T>> eldest) {
            return size() > MOST;
        }
    };

    KeptDocuments(Reader<T> reader) {
        this.reader = reader;
    }

    Optional<T> read(Path file) {
        // The version comes before the content: what is replaced in between is read again the next time.
        Optional<Version> version = version(file);
        if (version.isEmpty()) {
            return reader.read(file);
        }
        synchronized (known) {
            Kept<T> kept = known.get(file);
            if (kept != null && kept.version.is(version.get())) {
                return Optional.of(kept.document);
            }
        }
        Optional<T> document = reader.read(file);
        if (document.isPresent()) {
            synchronized (known) {
                known.put(file, new Kept<>(version.get(), document.get()));
            }
        }
        return document;
    }

    /**
     * Keeps what this process has just written itself.
     *
     * @param written where it is for the moment
     * @param file where it will be, by a rename
     */
    void keep(Path written, Path file, T document) {
        Optional<Version> version = version(written);
        if (version.isPresent()) {
            synchronized (known) {
                known.put(file, new Kept<>(version.get(), document));
            }
        }
    }

    private static Optional<Version> version(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(new Version(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
