package dev.carafe.transport.registry;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.oci.Document;
import dev.carafe.oci.Reference;
import org.jspecify.annotations.Nullable;

/** Finds the repository that a name means: along the mirrors to fetch, in one place to push. */
public final class Sources {
    private Sources() {}

    /** A manifest, and where it was found; the registry is the caller's to close. */
    public record Found(Repository repository, Document manifest) {}

    /**
     * Asks each place in turn.
     *
     * @throws Fault that of the last place, which is the registry itself; those of mirrors are suppressed
     */
    public static Found find(Reference reference, RegistrySettings settings) {
        RegistryConfiguration configuration = RegistryConfiguration.load(settings);
        @Nullable Fault last = null;
        for (RegistryConfiguration.Place place : configuration.toPull(reference)) {
            var registry = new Registry(place.endpoint(), settings);
            try {
                Repository repository = registry.repository(place.reference().path());
                return new Found(repository, repository.manifest(wanted(place.reference())));
            } catch (Fault fault) {
                registry.close();
                if (last != null) {
                    fault.addSuppressed(last);
                }
                last = fault;
            }
        }
        throw last == null ? new IllegalStateException("no place to ask") : last;
    }

    /** The digest when there is one: it says more than the tag. */
    private static String wanted(Reference reference) {
        return reference.digest().map(Digest::toString).or(reference::tag).orElse(Reference.DEFAULT_TAG);
    }

    /** The repository that images of that name are brought to; its registry is the caller's to close. */
    public static Repository toPush(Reference reference, RegistrySettings settings) {
        RegistryConfiguration.Place place = RegistryConfiguration.load(settings).toPush(reference);
        return new Registry(place.endpoint(), settings).repository(place.reference().path());
    }
}
