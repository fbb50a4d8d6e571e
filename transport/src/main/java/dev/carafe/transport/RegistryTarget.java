package dev.carafe.transport;

import dev.carafe.base.Digest;
import dev.carafe.content.BlobReader;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Document;
import dev.carafe.oci.Reference;
import dev.carafe.transport.registry.RegistrySettings;
import dev.carafe.transport.registry.Repository;
import dev.carafe.transport.registry.Sources;
import java.util.List;
import java.util.function.Function;

/** A name in a registry as the end of a copy. What the registry has already, here or in another repository, is not sent. */
public final class RegistryTarget implements ImageTarget {
    private final Reference reference;
    private final Repository repository;
    private final Function<Digest, List<String>> elsewhere;

    /**
     * @param reference with a tag, or with the digest of what is brought
     * @param elsewhere other repositories of the same registry that may have a blob, likeliest first
     */
    public RegistryTarget(Reference reference, RegistrySettings settings, Function<Digest, List<String>> elsewhere) {
        this.reference = reference;
        this.repository = Sources.toPush(reference, settings);
        this.elsewhere = elsewhere;
    }

    @Override
    public Outcome put(Descriptor descriptor, BlobReader bytes) {
        if (repository.hasBlob(descriptor.digest())) {
            return Outcome.EXISTS;
        }
        for (String other : elsewhere.apply(descriptor.digest())) {
            if (!other.equals(repository.path()) && repository.mount(descriptor.digest(), other)) {
                return Outcome.MOUNTED;
            }
        }
        repository.upload(descriptor, bytes);
        return Outcome.WRITTEN;
    }

    @Override
    public void put(Document document) {
        repository.putManifest(document.digest().toString(), document);
    }

    @Override
    public void finish(Document top) {
        repository.putManifest(reference.tag().orElse(top.digest().toString()), top);
    }

    @Override
    public void close() {
        repository.registry().close();
    }
}
