package dev.carafe.engine;

import dev.carafe.base.Fault;
import dev.carafe.content.ContentStore;
import dev.carafe.content.Image;
import dev.carafe.content.ImageIndex;
import dev.carafe.oci.Document;
import dev.carafe.oci.Platform;
import dev.carafe.oci.Reference;
import dev.carafe.transport.Copy;
import dev.carafe.transport.RegistrySource;
import dev.carafe.transport.StoreTarget;
import dev.carafe.transport.registry.RegistryConfiguration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fetches one image from its registry into the store. */
final class ImagePull {
    private final ContentStore store;
    private final ImageIndex index;
    private final Platform host;
    private final PullOptions options;
    private final PullListener listener;

    ImagePull(ContentStore store, ImageIndex index, Platform host, PullOptions options, PullListener listener) {
        this.store = store;
        this.index = index;
        this.host = host;
        this.options = options;
        this.listener = listener;
    }

    /** Fetches what the first of the names that a text may mean has. */
    Images.Pulled run(String text) {
        Reference given = Reference.parse(text).withDefaultTag();
        List<Reference> meanings = RegistryConfiguration.load(options.settings()).meanings(given);
        if (meanings.isEmpty()) {
            throw Fault.notFound("pull", "\"" + text + "\"", "the name tells no registry, and no registry is searched for such names")
                    .hint("name one, as in " + given.name() + ", or list some as unqualified-search-registries in registries.conf");
        }
        @Nullable Fault last = null;
        for (Reference meaning : meanings) {
            try {
                return fetch(meaning);
            } catch (Fault fault) {
                if (last != null) {
                    fault.addSuppressed(last);
                }
                last = fault;
            }
        }
        throw last == null ? new IllegalStateException() : last;
    }

    private Images.Pulled fetch(Reference reference) {
        listener.asking(reference);
        String name = reference.digest().isPresent() ? reference.name() + "@" + reference.digest().get() : reference.toString();
        Optional<Image> before = index.find(name);
        try (RegistrySource source = RegistrySource.open(reference, options.settings()); var target = new StoreTarget(store, index, Optional.of(name))) {
            Document top = source.top();
            target.from(top.digest());
            Platform platform = options.platform().map(p -> Platform.parse(p, host)).orElse(host);
            Copy.Result result = new Copy(source, target, options.every() ? Copy.Options.all() : Copy.Options.of(platform), listener).run();
            boolean newer = before.isEmpty() || !before.get().target().digest().equals(result.target().digest());
            return new Images.Pulled(target.image(), reference, top.digest(), newer);
        }
    }
}
