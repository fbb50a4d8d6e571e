package dev.carafe.kernel;

import java.util.Optional;

/**
 * One name in a directory, getdents64(2).
 *
 * @param name without any slash; never {@code .} or {@code ..}
 * @param type empty when the file system does not say and {@link Directory#stat(String)} must be asked
 */
public record DirectoryEntry(String name, long inode, Optional<FileType> type) {}
