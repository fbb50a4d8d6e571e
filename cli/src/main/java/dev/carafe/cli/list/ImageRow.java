package dev.carafe.cli.list;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * What {@code images} needs to know of one image (the fields of the Engine API's ImageSummary). It takes a line for each of its tags.
 *
 * @param id the whole id, with its algorithm
 * @param tags its references with tags, such as {@code docker.io/library/alpine:3.20}
 * @param digests its references with digests, such as {@code docker.io/library/alpine@sha256:…}
 * @param created when it was made
 * @param size the bytes of its layers
 * @param shared the bytes of its layers that other images have too, where that was measured
 * @param containers how many containers use it, where that was counted
 */
public record ImageRow(String id, List<String> tags, List<String> digests, Instant created, long size, OptionalLong shared, OptionalLong containers) {
    public ImageRow {
        tags = List.copyOf(tags);
        digests = List.copyOf(digests);
    }

    /** An image whose use by others was not measured. */
    public static ImageRow of(String id, List<String> tags, List<String> digests, Instant created, long size) {
        return new ImageRow(id, tags, digests, created, size, OptionalLong.empty(), OptionalLong.empty());
    }
}
