package dev.carafe.snapshot;

/**
 * What a snapshot takes on the disk by itself, without its parents.
 *
 * @param bytes of the blocks that are allocated; files with several names count once
 * @param inodes files, directories and all else
 */
public record Usage(long bytes, long inodes) {
    static final Usage NONE = new Usage(0, 0);
}
