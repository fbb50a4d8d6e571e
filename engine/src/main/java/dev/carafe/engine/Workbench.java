package dev.carafe.engine;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.Image;
import dev.carafe.content.Ingest;
import dev.carafe.kernel.FileSystem;
import dev.carafe.oci.ChainId;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Manifest;
import dev.carafe.oci.MediaType;
import dev.carafe.oci.Platform;
import dev.carafe.snapshot.Snapshot;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a builder of images needs of an engine: bases, trees of files, containers for steps, layers of what they changed, and images of layers. The layers of steps are stored as
 * tar, not packed, so that the digest of the blob is the diff id; whoever brings them elsewhere may pack them.
 */
public final class Workbench {
    /** The label of containers in which steps run: the build that they belong to. */
    public static final String LABEL = "dev.carafe.build";

    private static final List<String> MADE_BY_STARTS = List.of("/etc/hostname", "/etc/hosts", "/etc/resolv.conf", "/dev", "/proc", "/sys");

    private final Containers all;

    Workbench(Containers all) {
        this.all = all;
    }

    /** A layer of the store. */
    public record Layer(Digest diffId, Descriptor descriptor) {
    }

    /** An image to begin from. @param layers base first */
    public record Base(ImageConfig config, List<Layer> layers) {
        public Base {
            layers = List.copyOf(layers);
        }

        /** Its file system; empty when it has no layers. */
        public Optional<Digest> chain() {
            return config.chainId();
        }
    }

    /** The files and calls of the engine. */
    public FileSystem files() {
        return all.files;
    }

    public Roots roots() {
        return all.roots;
    }

    /** The platform of this machine. */
    public Platform platform() {
        return all.images.host();
    }

    /** The image of that name with its layers unpacked, fetched where the policy asks for that. */
    public Base base(String reference, Optional<String> platform, PullPolicy policy, Images.Fetch fetch) {
        PreparedImage prepared = all.images.prepare(reference, platform, policy, fetch);
        if (prepared.isHost()) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "build from", "\"" + reference + "\"", "the machine's own system is no image");
        }
        Image image = all.images.find(reference);
        Manifest manifest = all.images.manifest(image, platform.map(p -> Platform.parse(p, platform())).orElse(platform()));
        var layers = new ArrayList<Layer>();
        for (int k = 0; k < manifest.layers().size(); k++) {
            layers.add(new Layer(prepared.config().diffIds().get(k), manifest.layers().get(k)));
        }
        return new Base(prepared.config(), layers);
    }

    /** The configuration of an image that is here, with nothing unpacked for it; empty when it is not. */
    public Optional<ImageConfig> peek(String reference, Optional<String> platform) {
        try {
            return Optional.of(all.images.peek(reference, platform));
        } catch (Fault fault) {
            if (fault.kind() == Fault.Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw fault;
        }
    }

    /** Whether a layer is still here, with its file system. */
    public boolean has(Optional<Digest> parent, Layer layer) {
        return all.images.store().has(layer.descriptor().digest()) && all.snapshots.find(chain(parent, layer).toString()).isPresent();
    }

    /** The name of the file system that a layer makes of its parent. */
    public static Digest chain(Optional<Digest> parent, Layer layer) {
        return parent.map(p -> ChainId.extend(p, layer.diffId())).orElse(layer.diffId());
    }

    /** A committed file system, to look into. @param chain empty: an empty one */
    public WorkTree look(Optional<Digest> chain, String key) {
        Snapshot view = all.snapshots.view(key, chain);
        return tree(view, key, false);
    }

    /** A new file system upon a committed one, to change, and then to {@link #layer}. */
    public WorkTree draft(Optional<Digest> parent, String key) {
        return tree(all.snapshots.prepare(key, parent), key, true);
    }

    private WorkTree tree(Snapshot snapshot, String key, boolean writable) {
        try {
            return new WorkTree(writable ? MountedSnapshot.writable(all.files, snapshot.mounts()) : MountedSnapshot.readOnly(all.files, snapshot.mounts()), () -> {
                if (!writable) {
                    all.snapshots.remove(key);
                }
            });
        } catch (RuntimeException e) {
            all.snapshots.remove(key);
            throw e;
        }
    }

    /** Takes back a file system that became no layer; nothing happens when there is none. */
    public void discard(String key) {
        all.snapshots.remove(key);
    }

    /** A container for one step, upon a committed file system. Its name, its command and its mounts are in the options. */
    public Step step(ContainerOptions options, Optional<Digest> parent, ContainerConfig config) {
        ImageConfig image = ImageConfig.builder(platform().architecture(), platform().os()).config(config).build();
        // A container without the id of an image is one of the host itself.
        Digest id = Digest.sha256(dev.carafe.oci.Json.compact(image.json()).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Container container = all.create(options, new PreparedImage(options.image(), Optional.of(id), image, parent));
        return new Step(all, container, parent, targets(options));
    }

    private static List<String> targets(ContainerOptions options) {
        var targets = new ArrayList<>(MADE_BY_STARTS);
        options.mounts().forEach(mount -> targets.add(mount.target()));
        return targets;
    }

    /** A container in which a step runs. Closing it removes it, whatever became of it. */
    public static final class Step implements AutoCloseable {
        private final Containers all;
        private final Container container;
        private final Optional<Digest> parent;
        private final Set<String> made;

        Step(Containers all, Container container, Optional<Digest> parent, List<String> targets) {
            this.all = all;
            this.container = container;
            this.parent = parent;
            this.made = settling().missing(targets);
        }

        public Container container() {
            return container;
        }

        private Settling settling() {
            return new Settling(all.files, container.snapshot("build").mounts());
        }

        /** What it changed, as a layer; it must have ended. @param latest what times in the layer are at most */
        public Layer layer(Instant latest) {
            settling().remove(made);
            return new Workbench(all).layer(container.id(), parent, latest);
        }

        @Override
        public void close() {
            container.remove(true, true);
        }
    }

    /**
     * Makes an active file system, which must not be mounted any more, a layer and a committed one.
     *
     * @param latest what times in the layer are at most
     */
    public Layer layer(String key, Optional<Digest> parent, Instant latest) {
        Snapshot snapshot = all.snapshots.find(key).orElseThrow(() -> Fault.notFound("make layer of", "\"" + key + "\"", "it is gone"));
        new Settling(all.files, snapshot.mounts()).date(latest);
        Layer layer = stored(key);
        Digest chain = chain(parent, layer);
        try {
            if (all.snapshots.find(chain.toString()).isEmpty()) {
                all.snapshots.commit(key, chain);
                return layer;
            }
        } catch (Fault meanwhile) {
            if (meanwhile.kind() != Fault.Kind.ALREADY_EXISTS) {
                throw meanwhile;
            }
        }
        all.snapshots.remove(key);
        return layer;
    }

    private Layer stored(String key) {
        return layer(tar -> all.snapshots.diff(key, tar));
    }

    /** Stores what is written as a layer; it is not unpacked. @param content writes the tar of the layer */
    public Layer layer(java.util.function.Consumer<OutputStream> content) {
        try (Ingest ingest = all.images.store().ingest()) {
            try (OutputStream tar = new BufferedOutputStream(ingest.output(), 1 << 16)) {
                content.accept(tar);
            }
            long size = ingest.offset();
            Digest digest = ingest.commit();
            return new Layer(digest, Descriptor.of(MediaType.LAYER_TAR, digest, size));
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "make", "layer", String.valueOf(e.getMessage())).cause(e);
        }
    }

    /** The committed file system that a layer of the store makes of its parent; unpacked where it is not there yet. */
    public Digest unpacked(Optional<Digest> parent, Layer layer) {
        Digest chain = chain(parent, layer);
        if (all.snapshots.find(chain.toString()).isEmpty()) {
            try (InputStream tar = all.images.store().open(layer.descriptor().digest())) {
                all.snapshots.apply(parent, layer.diffId(), tar);
            } catch (IOException e) {
                throw Fault.of(Fault.Kind.UNAVAILABLE, "unpack", layer.descriptor().digest().toString(), String.valueOf(e.getMessage())).cause(e);
            }
        }
        return chain;
    }

    /** Stores an image of those layers, base first, under those names; without any, it is one without a name. */
    public Image image(ImageConfig config, List<Layer> layers, List<String> names) {
        List<Descriptor> descriptors = layers.stream().map(Layer::descriptor).toList();
        Image image = all.images.store(config, descriptors, names.isEmpty() ? Optional.empty() : Optional.of(names.getFirst()));
        for (String name : names.subList(Math.min(1, names.size()), names.size())) {
            image = all.images.store(config, descriptors, Optional.of(name));
        }
        return image;
    }

    /** Writes an image of the store as an archive, with all its names. @param id the digest of its configuration */
    public void save(Digest id, OutputStream archive) {
        List<Image> named = all.images.list().stream().filter(image -> image.config().filter(id::equals).isPresent()).toList();
        if (named.isEmpty()) {
            throw Fault.notFound("save", id.toString(), "it is not in the store");
        }
        all.images.save(named, archive);
    }

    /** Whether an image of the store has that layer. */
    public boolean used(Layer layer) {
        for (Image image : all.images.list()) {
            if (MediaType.isManifest(image.target().mediaType())
                    && all.images.manifest(image).layers().stream().anyMatch(l -> l.digest().equals(layer.descriptor().digest()))) {
                return true;
            }
        }
        return false;
    }

    /** Removes a layer that no image has, with its file system; false when something still starts from that. */
    public boolean remove(Digest chain, Layer layer) {
        try {
            all.snapshots.remove(chain.toString());
        } catch (Fault inUse) {
            if (inUse.kind() != Fault.Kind.CONFLICT) {
                throw inUse;
            }
            return false;
        }
        all.images.store().delete(layer.descriptor().digest());
        return true;
    }

    /** Ends the commands of a build that run now. */
    public void kill(String build) {
        for (Container container : all.list()) {
            if (build.equals(container.record().labels().get(LABEL)) && container.status().running()) {
                container.kill(dev.carafe.kernel.Signal.KILL);
            }
        }
    }

    /** Removes containers and file systems that a build left which did not live to do so. @param build whose keys and labels they have */
    public void clear(String build) {
        for (Container container : all.list()) {
            if (build.equals(container.record().labels().get(LABEL))) {
                container.remove(true, true);
            }
        }
        for (Snapshot snapshot : all.snapshots.list()) {
            if (snapshot.state() != Snapshot.State.COMMITTED && snapshot.name().startsWith(build + ".")) {
                all.snapshots.remove(snapshot.name());
            }
        }
    }
}
