package dev.carafe.archive;

import dev.carafe.base.Digest;

/**
 * What was found out about a layer while it was read, in one pass.
 *
 * @param digest of the bytes as stored
 * @param size count of the bytes as stored
 * @param compression how they are packed
 * @param diffId digest of the tar bytes (image-spec config.md#layer-diffid)
 * @param xattrsRefused attributes that the file system would not take and that were left out
 */
public record AppliedLayer(Digest digest, long size, Compression compression, Digest diffId, long xattrsRefused) {}
