package dev.carafe.transport;

import dev.carafe.content.BlobReader;
import dev.carafe.content.ContentStore;
import dev.carafe.content.Image;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Document;
import dev.carafe.oci.Reference;
import java.io.InputStream;
import java.util.Optional;

/** An image of this engine's store as the start of a copy. */
public final class StoreSource implements ImageSource {
    private final ContentStore store;
    private final Image image;

    public StoreSource(ContentStore store, Image image) {
        this.store = store;
        this.image = image;
    }

    @Override
    public Document top() {
        return document(image.target());
    }

    @Override
    public Document document(Descriptor descriptor) {
        return Document.of(descriptor.mediaType(), store.read(descriptor.digest(), LayoutLoad.DOCUMENT_LIMIT)).verified(descriptor.digest().toString(), descriptor.digest().toString());
    }

    @Override
    public BlobReader blob(Descriptor descriptor) {
        return offset -> {
            InputStream in = store.open(descriptor.digest());
            in.skipNBytes(offset);
            return in;
        };
    }

    @Override
    public Optional<Reference> name() {
        return image.name().map(Reference::parse);
    }
}
