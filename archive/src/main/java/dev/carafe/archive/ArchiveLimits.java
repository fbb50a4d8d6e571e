package dev.carafe.archive;

/**
 * How much of an archive is believed. What exceeds a limit is a fault of kind EXHAUSTED, before memory or disk are used up.
 *
 * @param entries members in one archive
 * @param pathBytes length of a member's path or of a link's text
 * @param headerBytes length of one extended header, hence of all attributes of one member
 * @param extents pieces of one sparse file
 * @param contentBytes content of all members together, without the holes of sparse files
 */
public record ArchiveLimits(long entries, int pathBytes, int headerBytes, int extents, long contentBytes) {
    /** Beyond any image that is known, and still harmless: 10 million members, 1 TiB. */
    public static final ArchiveLimits DEFAULT = new ArchiveLimits(10_000_000, 4095, 1 << 20, 1 << 18, 1L << 40);
}
