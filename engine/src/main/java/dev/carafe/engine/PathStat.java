package dev.carafe.engine;

import java.time.Instant;

/**
 * What is at a path of a container: docker's ContainerPathStat.
 *
 * @param name the last part of the path
 * @param mode the 12 permission bits
 * @param link the text of a symbolic link; else empty
 */
public record PathStat(String name, Kind kind, long size, int mode, Instant modified, String link) {
    /** What copying tells apart. */
    public enum Kind {
        DIRECTORY, FILE, LINK,
        /** A device, FIFO or socket. */
        OTHER
    }

    public boolean isDirectory() {
        return kind == Kind.DIRECTORY;
    }
}
