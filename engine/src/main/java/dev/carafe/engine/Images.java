package dev.carafe.engine;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.ContentStore;
import dev.carafe.content.Image;
import dev.carafe.content.ImageIndex;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Document;
import dev.carafe.oci.History;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Manifest;
import dev.carafe.oci.MediaType;
import dev.carafe.oci.Platform;
import dev.carafe.oci.Reference;
import dev.carafe.snapshot.SnapshotDriver;
import dev.carafe.transport.Copy;
import dev.carafe.transport.CopyListener;
import dev.carafe.transport.ImageSource;
import dev.carafe.transport.ImageTarget;
import dev.carafe.transport.ImageTransport;
import dev.carafe.transport.StoreSource;
import dev.carafe.transport.StoreTarget;
import dev.carafe.transport.registry.Registry;
import dev.carafe.transport.registry.RegistrySettings;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The images of an engine: found by name, loaded, unpacked, listed and removed. */
public final class Images {
    static final String FIND = "find image";

    private final ContentStore store;
    private final ImageIndex index;
    private final ImageTransport transport;
    private final SnapshotDriver snapshots;
    private final Optional<Path> embedded;
    private final Platform host;
    private final InstantSource clock;
    private final Path builds;
    private final ImageDocuments documents;
    private final Unpacking unpacking;
    final EventFile events;

    Images(ContentStore store, SnapshotDriver snapshots, Optional<Path> embedded, Platform host, InstantSource clock, Path builds, EventFile events) {
        this.events = events;
        this.store = store;
        this.index = new ImageIndex(store);
        this.transport = new ImageTransport(store, index);
        this.snapshots = snapshots;
        this.embedded = embedded;
        this.host = host;
        this.clock = clock;
        this.builds = builds;
        this.documents = new ImageDocuments(store, host);
        this.unpacking = new Unpacking(store, snapshots);
    }

    /** All images, one entry for each name. */
    public List<Image> list() {
        return index.list();
    }

    /**
     * The image that a user means by a name, a digest or the first digits of an id. The embedded image is stored on its first use.
     *
     * @throws Fault NOT_FOUND when there is none
     */
    public Image find(String text) {
        Optional<Image> found = index.resolve(text);
        if (found.isPresent()) {
            return found.get();
        }
        if (embedded.isPresent() && Preview.isEmbedded(text)) {
            transport.load(embedded.get(), host);
            return index.resolve(text).orElseThrow(() -> notFound(text));
        }
        throw notFound(text);
    }

    private static Fault notFound(String text) {
        return Fault.notFound(FIND, "\"" + text + "\"", "no such image").hint("pull, load or import it; \"busybox\" is built in");
    }

    /** What a container is to be made of: the image as it is here, or fetched where the policy asks for that. */
    PreparedImage prepare(String text, Optional<String> platform, PullPolicy policy, Fetch fetch) {
        if (policy == PullPolicy.ALWAYS && !text.equals(PreparedImage.HOST)) {
            fetch.pull(text, platform, false);
        }
        try {
            return prepare(text, platform);
        } catch (Fault fault) {
            if (fault.kind() != Fault.Kind.NOT_FOUND || !fault.operation().equals(FIND) || policy != PullPolicy.MISSING || !isRemote(text)) {
                throw fault;
            }
            // It is here for another platform: a name that tells no registry has no other place to come from.
            if (index.resolve(text).isPresent() && Reference.parse(text).shortName()) {
                throw fault;
            }
        }
        fetch.pull(text, platform, true);
        return prepare(text, platform);
    }

    /** Fetches an image that a container is to be made of. */
    public interface Fetch {
        /** @param missing whether it is not here, rather than to be looked at anew */
        void pull(String text, Optional<String> platform, boolean missing);
    }

    /** Whether a registry may be asked for what is missing here: ids and the host are no names in registries. */
    private static boolean isRemote(String text) {
        return !text.equals(PreparedImage.HOST) && !text.startsWith("sha256:") && !text.startsWith("sha512:");
    }

    /**
     * What a pull brought.
     *
     * @param reference by which it was found; of a short name, what it meant
     * @param digest of the manifest or index that the registry names
     * @param newer whether the name meant something else before, or nothing
     */
    public record Pulled(Image image, Reference reference, Digest digest, boolean newer) {}

    /**
     * Fetches an image from its registry, and unpacks it. Blobs that are here are not fetched; one that an earlier attempt left half
     * is taken up where that stopped.
     *
     * @throws Fault NOT_FOUND when no registry has it or the name means none, PERMISSION when it wants credentials, UNAVAILABLE when
     *     it fails, CORRUPT when it sends other bytes than it should
     */
    public Pulled pull(String text, PullOptions options, PullListener listener) {
        Pulled pulled = new ImagePull(store, index, host, options, listener).run(text);
        if (MediaType.isManifest(pulled.image().target().mediaType())) {
            Manifest manifest = manifest(pulled.image());
            if (MediaType.isConfig(manifest.config().mediaType())) {
                ImageConfig config = config(manifest.config().digest());
                unpacking.unpack(manifest, config, listener);
            }
        }
        events.moved("pull", pulled.reference());
        return pulled;
    }

    /** The tags of a repository in its registry. */
    public List<String> remoteTags(String repository, RegistrySettings settings) {
        Reference reference = Reference.parse(repository);
        try (Registry registry = Registry.open(reference.domain(), settings)) {
            return registry.repository(reference.path()).tags();
        }
    }

    /**
     * Brings an image to a registry.
     *
     * @param destination a reference with a tag
     * @return the manifest or index that the name means there now
     */
    public Document push(Image image, Reference destination, Copy.Options options, RegistrySettings settings, CopyListener listener) {
        Document pushed = new ImagePush(store, index).run(image, destination, options, settings, listener);
        events.moved("push", destination);
        return pushed;
    }

    /** The configuration of an image, with nothing stored or unpacked for it. */
    ImageConfig peek(String text, Optional<String> platform) {
        if (text.equals(PreparedImage.HOST)) {
            return PreparedImage.host(host.architecture()).config();
        }
        Optional<Image> found = index.resolve(text);
        if (found.isEmpty() && embedded.isPresent() && Preview.isEmbedded(text)) {
            return Preview.embedded(embedded.get());
        }
        Image image = found.orElseThrow(() -> notFound(text));
        return config(manifest(image, platform.map(p -> Platform.parse(p, host)).orElse(host)).config().digest());
    }

    /** The image with its layers unpacked; a layer that is there already costs one look. */
    public PreparedImage prepare(String text, Optional<String> platform) {
        if (text.equals(PreparedImage.HOST)) {
            return PreparedImage.host(host.architecture());
        }
        Image image = find(text);
        Manifest manifest = manifest(image, platform.map(p -> Platform.parse(p, host)).orElse(host));
        ImageConfig config = config(manifest.config().digest());
        if (platform.isPresent() && !Platform.parse(platform.get(), host).matches(config.platform())) {
            throw Fault.notFound(FIND, "\"" + text + "\"", "it is for " + config.platform() + ", not for " + platform.get());
        }
        Optional<Digest> chain = config.chainId();
        if (chain.isPresent() && snapshots.find(chain.get().toString()).isEmpty()) {
            unpacking.unpack(manifest, config, PullListener.SILENT);
        }
        return new PreparedImage(text, Optional.of(manifest.config().digest()), config, chain);
    }

    /** The manifest of an image for a platform; an index is searched. */
    public Manifest manifest(Image image, Platform wanted) {
        return documents.manifest(image, wanted);
    }

    public Manifest manifest(Image image) {
        return documents.manifest(image, host);
    }

    /** The manifest that stands for an image in lists: the host's, else the first of an index that is here. */
    public Manifest shown(Image image) {
        return documents.shown(image);
    }

    /** The configuration by which an image is listed; that of a list of manifests of which nothing is here is empty. */
    public ImageConfig listed(Image image) {
        return documents.listed(image);
    }

    public ImageConfig config(Digest digest) {
        return documents.config(digest);
    }

    /** The bytes that an image's layers take on disk: as snapshots, or as the blobs that they still are. */
    public long size(Image image) {
        return documents.face(image).map(manifest -> total(layerSizes(manifest, config(manifest.config().digest())))).orElse(0L);
    }

    /** The bytes that the unpacked layers of a configuration take, whose manifest may be gone. */
    long size(ImageConfig config) {
        return total(unpacking.sizes(List.of(), config));
    }

    List<Long> layerSizes(Manifest manifest, ImageConfig config) {
        return unpacking.sizes(manifest.layers(), config);
    }

    private static long total(List<Long> sizes) {
        long total = 0;
        for (long size : sizes) {
            total += size;
        }
        return total;
    }

    /** What docker's image inspect shows. */
    public com.google.gson.JsonObject inspect(String text) {
        return Inspection.of(this, find(text));
    }

    /** Loads every image of a layout directory or an archive. */
    public List<Image> load(Path source) {
        return loaded(transport.load(source, host));
    }

    /** Loads every image of an archive; the stream is read to its end and stays open. */
    public List<Image> load(InputStream archive) {
        return loaded(transport.load(archive, host));
    }

    private List<Image> loaded(List<Image> images) {
        images.forEach(image -> events.image("load", image));
        return images;
    }

    /** Makes an image of one layer from the tar of a root file system. */
    public Image importRootfs(InputStream tar, Optional<String> name, ImageConfig template) {
        return importRootfs(tar, name, template, clock.instant());
    }

    /** Makes an image of one layer from the tar of a root file system, which says that it was made then. */
    public Image importRootfs(InputStream tar, Optional<String> name, ImageConfig template, java.time.Instant created) {
        Image image = transport.importRootfs(tar, name.map(n -> Reference.parse(n).withDefaultTag().toString()), template, created);
        name.ifPresent(n -> events.tagged(image, Reference.parse(n).withDefaultTag().toString()));
        events.image("import", image);
        return image;
    }

    /** What removing did: names taken away, blobs that no other image needs, and how many bytes those had. */
    public record Removal(List<String> untagged, List<Digest> deleted, long bytes) {
    }

    /** Whether there is such an image here. */
    public boolean exists(String text) {
        return index.resolve(text).isPresent();
    }

    /** Takes names from an image, all when none is given; it stays. */
    public void untag(String text, List<String> names) {
        new ImageRemoval(this, store, index, snapshots, builds).untag(text, names);
    }

    /** Removes images that have no name, or all that no container uses, of those that the condition holds for. */
    public List<Removal> prune(boolean every, java.util.function.Predicate<Image> condition, Map<Digest, List<String>> usedBy) {
        return new ImageRemoval(this, store, index, snapshots, builds).prune(every, condition, usedBy);
    }

    /**
     * Removes images that no container uses, those that came first before the others, until blobs and snapshots take no more than so many
     * bytes, or no such image is left.
     */
    public List<Removal> shrink(long budget, Map<Digest, List<String>> usedBy) {
        return new ImageRemoval(this, store, index, snapshots, builds).shrink(budget, usedBy);
    }

    /** Removes the blobs that neither an image nor anybody at work needs; the bytes that they had. */
    public long sweep() {
        return new ImageRemoval(this, store, index, snapshots, builds).sweep(clock.instant());
    }

    /**
     * Takes a name away; with its last name, the image and what only it held. By id, all its names go, which takes {@code force} when
     * there are several.
     *
     * @param usedBy the containers that need images, by the image's id
     */
    public Removal remove(String text, boolean force, Map<Digest, List<String>> usedBy) {
        return new ImageRemoval(this, store, index, snapshots, builds).remove(text, force, usedBy);
    }

    /**
     * How an image was made.
     *
     * @param steps the first one first
     * @param sizes of its layers on disk, base first
     */
    public record Story(Digest id, List<String> names, List<History> steps, List<Long> sizes) {
    }

    /** How an image was made, as its configuration tells. */
    public Story history(String text) {
        return new Lineage(this, index).history(text);
    }

    /** One layer of an image, with the names of images that end with it. */
    public record Layer(Digest chainId, long bytes, List<String> topOf) {
    }

    /** The layers of an image, base first. */
    public List<Layer> layers(String text) {
        return new Lineage(this, index).layers(text);
    }

    /** An image of the store, to be copied elsewhere. */
    public ImageSource source(Image image) {
        return new StoreSource(store, image);
    }

    /** A name in the store, to copy an image to. */
    public ImageTarget target(String name) {
        return new StoreTarget(store, index, Optional.of(name));
    }

    /** The lists of manifests that are made here. */
    public ManifestLists lists() {
        return new ManifestLists(this, store, index, snapshots, host, builds);
    }

    /** A look at everything in the store. @param quick whether sizes will do */
    public StoreCheck check(boolean quick) {
        return new StoreCheck(store, index, quick);
    }

    /** Gives an image another name. */
    public Image tag(String text, String name) {
        Image image = find(text);
        String whole = Reference.parse(name).withDefaultTag().toString();
        Image tagged = index.tag(whole, image.target(), image.config());
        events.tagged(tagged, whole);
        return tagged;
    }

    /** Writes images as an archive that docker and every OCI tool can read. */
    public void save(List<Image> images, java.io.OutputStream archive) {
        transport.save(images, archive);
        images.forEach(image -> events.image("save", image));
    }

    /** Stores an image whose layers are stored already; its name comes last. */
    Image store(ImageConfig config, List<Descriptor> layers, Optional<String> name) {
        byte[] json = dev.carafe.oci.Json.compact(config.json()).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        store.put(json);
        Descriptor configDescriptor = Descriptor.of(MediaType.CONFIG, json);
        byte[] manifest = dev.carafe.oci.Json.compact(Manifest.builder(configDescriptor).mediaType(MediaType.MANIFEST).layers(layers).build().json())
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        store.put(manifest);
        Descriptor target = Descriptor.of(MediaType.MANIFEST, manifest).toBuilder().platform(config.platform()).build();
        Optional<Digest> id = Optional.of(configDescriptor.digest());
        return name.isPresent() ? index.tag(Reference.parse(name.get()).withDefaultTag().toString(), target, id) : index.add(target, id);
    }

    /** The platform of this machine. */
    Platform host() {
        return host;
    }

    /** What builds keep. */
    BuildSteps buildSteps() {
        return BuildSteps.of(builds);
    }

    /** All blobs and chain ids that an image leads to. */
    void reach(Image image, java.util.Set<Digest> blobs, List<Digest> chains) {
        new Collection(store, index, snapshots, buildSteps()).reach(image.target(), blobs, chains);
    }

    ContentStore store() {
        return store;
    }

}
