package dev.carafe.transport;

import dev.carafe.content.BlobReader;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Document;

/** A place that one image is brought to. Blobs come first, then manifests, then the name. Blocks; for use by many threads. */
public interface ImageTarget extends AutoCloseable {
    /** What came of bringing a blob. */
    enum Outcome {
        /** It was there. */
        EXISTS,
        /** The place took it over from another of its repositories. */
        MOUNTED,
        /** Its bytes were brought. */
        WRITTEN
    }

    /** Sees to it that the place has a blob. The bytes are read as far as they are needed, and counted by the reader. */
    Outcome put(Descriptor descriptor, BlobReader bytes);

    /** Stores a manifest or index that is not the one to be named. */
    void put(Document document);

    /** Stores the manifest or index and names it. */
    void finish(Document top);

    /** Whether the place can hold documents as they are; one that cannot (docker-archive) makes its own from their parts. */
    default boolean keepsDocuments() {
        return true;
    }

    /** Gives up what is held; what was not finished is not named. */
    @Override
    default void close() {}
}
