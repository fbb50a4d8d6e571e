package dev.carafe.transport;

import dev.carafe.base.Digest;
import java.util.Optional;

/** A place that blobs and a few documents come from. */
interface LayoutSource {
    /** A document beside the blobs, such as {@code index.json}. */
    Optional<byte[]> document(String name);

    /** Sees to it that the store has the blob; one that the source has not is a fault of kind NOT_FOUND. */
    void fetch(Digest digest, long size);
}
