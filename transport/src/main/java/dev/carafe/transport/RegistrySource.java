package dev.carafe.transport;

import dev.carafe.base.Fault;
import dev.carafe.content.BlobReader;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Document;
import dev.carafe.oci.Reference;
import dev.carafe.transport.registry.RegistrySettings;
import dev.carafe.transport.registry.Repository;
import dev.carafe.transport.registry.Sources;
import java.util.Optional;

/** An image in a registry, as the configuration leads there: the first mirror that has it, or the registry itself. */
public final class RegistrySource implements ImageSource {
    private final Reference reference;
    private final Sources.Found found;

    private RegistrySource(Reference reference, Sources.Found found) {
        this.reference = reference;
        this.found = found;
    }

    /**
     * Finds the image's manifest.
     *
     * @param reference with a tag or a digest
     * @throws Fault that of the registry itself, when neither it nor a mirror has the image
     */
    public static RegistrySource open(Reference reference, RegistrySettings settings) {
        return new RegistrySource(reference, Sources.find(reference, settings));
    }

    @Override
    public Document top() {
        return found.manifest();
    }

    @Override
    public Document document(Descriptor descriptor) {
        Document document = found.repository().manifest(descriptor.digest().toString());
        if (document.bytes().length != descriptor.size()) {
            throw Fault.of(Fault.Kind.CORRUPT, "fetch manifest", descriptor.digest().toString(), document.bytes().length + " bytes, where the index says " + descriptor.size());
        }
        return document;
    }

    @Override
    public BlobReader blob(Descriptor descriptor) {
        return found.repository().blob(descriptor);
    }

    /** Where it was found. */
    public Repository repository() {
        return found.repository();
    }

    @Override
    public Optional<Reference> name() {
        return Optional.of(reference);
    }

    @Override
    public void close() {
        found.repository().registry().close();
    }
}
