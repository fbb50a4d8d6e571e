package dev.carafe.transport;

import dev.carafe.content.BlobReader;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Document;
import dev.carafe.oci.Reference;
import java.util.Optional;

/** A place that holds one image, to read it from. Blocks; for use by many threads. */
public interface ImageSource extends AutoCloseable {
    /** The manifest or index that the place names. */
    Document top();

    /**
     * A manifest or index that an index of this place lists.
     *
     * @throws dev.carafe.base.Fault NOT_FOUND when the place does not have it, CORRUPT when its bytes have another digest
     */
    Document document(Descriptor descriptor);

    /** A configuration or layer. Nothing is opened before it is read. */
    BlobReader blob(Descriptor descriptor);

    /** What the image is called there, where the place knows names. */
    default Optional<Reference> name() {
        return Optional.empty();
    }

    @Override
    default void close() {}
}
