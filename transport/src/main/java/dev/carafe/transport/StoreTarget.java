package dev.carafe.transport;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.BlobReader;
import dev.carafe.content.ContentStore;
import dev.carafe.content.Image;
import dev.carafe.content.ImageIndex;
import dev.carafe.content.Ingest;
import dev.carafe.content.Lease;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Document;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Manifest;
import dev.carafe.oci.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The store of this engine as the end of a copy. A blob that was interrupted is taken up where it stopped. Images are named while
 * nothing is being collected, and only when every blob of theirs is still there.
 */
public final class StoreTarget implements ImageTarget {
    private static final int ATTEMPTS = 3;

    private final ContentStore store;
    private final ImageIndex index;
    private final Optional<String> name;
    private final @Nullable Consumer<Document> keeper;
    private final Map<Descriptor, BlobReader> readers = new ConcurrentHashMap<>();
    private Optional<Digest> origin = Optional.empty();
    private @Nullable Image image;
    private @Nullable Lease lease;

    /** @param name in full form; absent for an image that is known by its digests alone */
    public StoreTarget(ContentStore store, ImageIndex index, Optional<String> name) {
        this.store = store;
        this.index = index;
        this.name = name;
        this.keeper = null;
    }

    /** For what becomes part of something that has a name: the keeper sees to that while nothing is being collected. */
    public StoreTarget(ContentStore store, ImageIndex index, Consumer<Document> keeper) {
        this.store = store;
        this.index = index;
        this.name = Optional.empty();
        this.keeper = keeper;
    }

    /** Notes the index that the image was chosen from, by whose digest people may ask for it. */
    public StoreTarget from(Digest chosenFrom) {
        origin = Optional.of(chosenFrom);
        return this;
    }

    /** What was named, once it is. */
    public Image image() {
        Image done = image;
        if (done == null) {
            throw new IllegalStateException("the copy is not finished");
        }
        return done;
    }

    /** Until the image has its name, nothing else keeps its blobs. */
    private void hold(Digest digest) {
        Lease mine;
        synchronized (this) {
            mine = lease == null ? store.lease() : lease;
            lease = mine;
        }
        mine.add(digest);
    }

    @Override
    public synchronized void close() {
        Lease mine = lease;
        lease = null;
        if (mine != null) {
            mine.close();
        }
    }

    @Override
    public Outcome put(Descriptor blob, BlobReader bytes) {
        hold(blob.digest());
        readers.put(blob, bytes);
        boolean resumed = false;
        for (int attempt = 1; ; attempt++) {
            try (Ingest ingest = store.ingest(blob.digest(), blob.size())) {
                if (ingest.complete()) {
                    return Outcome.EXISTS;
                }
                resumed = ingest.offset() > 0;
                try (InputStream in = bytes.open(ingest.offset())) {
                    ingest.write(in);
                }
                ingest.commit();
                return Outcome.WRITTEN;
            } catch (IOException e) {
                String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
                throw Fault.of(Fault.Kind.UNAVAILABLE, "fetch blob", blob.digest().toString(), reason).cause(e).hint("what has arrived is kept: try again");
            } catch (Fault fault) {
                // What was written before may have been other bytes; then the whole blob is fetched once more.
                if (fault.kind() != Fault.Kind.CORRUPT || !resumed || attempt == ATTEMPTS) {
                    throw fault;
                }
            }
        }
    }

    @Override
    public void put(Document document) {
        hold(document.digest());
        try (Ingest ingest = store.ingest(document.digest(), document.bytes().length)) {
            if (!ingest.complete()) {
                ingest.restart();
                ingest.write(document.bytes(), 0, document.bytes().length);
                ingest.commit();
            }
        }
    }

    @Override
    public void finish(Document top) {
        for (int attempt = 1; ; attempt++) {
            put(top);
            List<Descriptor> vanished;
            try (AutoCloseable held = store.keep()) {
                vanished = vanished();
                if (vanished.isEmpty() && store.has(top.digest())) {
                    if (keeper == null) {
                        image = register(top);
                    } else {
                        keeper.accept(top);
                    }
                    return;
                }
            } catch (Fault fault) {
                throw fault;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            if (attempt == ATTEMPTS) {
                throw Fault.of(Fault.Kind.CONFLICT, "store image", name.orElse(top.digest().toString()), "another process removes its blobs again and again");
            }
            vanished.forEach(blob -> put(blob, readers.get(blob)));
        }
    }

    /** What another process has removed meanwhile, along with an image that shared it. */
    private List<Descriptor> vanished() {
        var vanished = new ArrayList<Descriptor>();
        for (Descriptor blob : readers.keySet()) {
            if (!store.has(blob.digest())) {
                vanished.add(blob);
            }
        }
        return vanished;
    }

    /** Other things than images have a place in registries, none in this store. Docker once gave configurations no type. */
    private static void refuseArtifact(Document top, Manifest manifest) {
        String type = manifest.config().mediaType();
        if (!MediaType.isConfig(type) && !type.equals("application/octet-stream")) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "store image", top.digest().toString(), "it is no image but an artifact of type " + manifest.artifactType().orElse(type))
                    .hint("copy it to an oci: or dir: place");
        }
    }

    private Image register(Document top) {
        var descriptor = Descriptor.builder(top.mediaType(), top.digest(), top.bytes().length);
        Optional<Digest> config = Optional.empty();
        if (!top.isIndex()) {
            Manifest manifest = top.manifest();
            refuseArtifact(top, manifest);
            config = Optional.of(manifest.config().digest());
            if (MediaType.isConfig(manifest.config().mediaType()) && store.has(manifest.config().digest())) {
                descriptor.platform(ImageConfig.parse(store.read(manifest.config().digest(), LayoutLoad.DOCUMENT_LIMIT)).platform());
            }
        }
        origin.filter(digest -> !digest.equals(top.digest())).ifPresent(digest -> descriptor.annotations(Map.of(ImageIndex.ORIGIN, digest.toString())));
        return name.isPresent() ? index.tag(name.get(), descriptor.build(), config) : index.add(descriptor.build(), config);
    }
}
