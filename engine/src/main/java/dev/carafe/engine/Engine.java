package dev.carafe.engine;

import dev.carafe.archive.ArchiveLimits;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.ContentStore;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.NativeKernel;
import dev.carafe.network.Networks;
import dev.carafe.oci.Platform;
import dev.carafe.plan.HostFacts;
import dev.carafe.plan.Session;
import dev.carafe.runtime.HostProbe;
import dev.carafe.runtime.Performer;
import dev.carafe.runtime.SocketPerformer;
import dev.carafe.snapshot.OverlayDriver;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * A container engine in this process: no daemon, no socket to connect to.
 * <pre>
 *   try (var engine = Engine.open(Path.of("/var/lib/carafe"))) {
 *       Container web = engine.containers().create(ContainerOptions.builder("busybox").build());
 *       …
 *   }
 * </pre>
 *
 * <p>All truth is on disk and in the kernel. Any number of engines, in any number of processes, may work on the same roots; each
 * container is changed under a lock of its own. Closing an engine, or killing it, stops no container. Safe for use by many threads.
 */
public final class Engine implements AutoCloseable {
    private final Roots roots;
    private final FileSystem files;
    private final ContentStore content;
    private final OverlayDriver snapshots;
    private final Performer performer;
    private final Images images;
    private final Containers containers;
    private final HostFacts host;

    /**
     * What an engine is made of.
     *
     * @param program the native program
     * @param embedded the layout of the embedded image, where there is one
     * @param host the facts of this host
     * @param performer who performs plans; closed with the engine
     */
    public record Parts(Roots roots, Kernel kernel, Path program, Optional<Path> embedded, HostFacts host, Performer performer) {
    }

    private Engine(Parts parts) {
        roots = parts.roots();
        host = parts.host();
        performer = parts.performer();
        files = new FileSystem(parts.kernel());
        InstantSource clock = InstantSource.system();
        content = ContentStore.open(files, roots.content().toString());
        snapshots = new OverlayDriver(files, roots.snapshots("overlay").toString(), ArchiveLimits.DEFAULT, clock);
        images = new Images(content, snapshots, parts.embedded(), Platform.host(System.getProperty("os.arch")), clock, roots.builds(), new EventFile(roots.events()));
        containers = new Containers(new ContainerStore(roots, files), roots, files, images, snapshots, host, performer, parts.program(), clock);
    }

    /** An engine of those parts. */
    public static Engine of(Parts parts) {
        return new Engine(parts);
    }

    /** An engine on that root, with what a reboot forgets in {@code /run/carafe}; needs the {@code carafe} program in the path or {@code CARAFE_PROGRAM}. */
    public static Engine open(Path root) {
        return open(new Roots(root, Roots.DEFAULT_RUN), Installation.find());
    }

    /** An engine on those roots with that installation. */
    public static Engine open(Roots roots, Installation installation) {
        var kernel = new NativeKernel();
        StateFile.makeDirectories(roots.run());
        return of(new Parts(roots, kernel, installation.program(), installation.embedded(), HostProbe.probe(installation.program().toString()),
                SocketPerformer.start(kernel, installation.program(), roots.run())));
    }

    public Images images() {
        return images;
    }

    /** The images that are mounted to be looked at. */
    public ImageMounts imageMounts() {
        return new ImageMounts(images, snapshots, files, roots);
    }

    public Containers containers() {
        return containers;
    }

    /** What a builder of images works with. */
    public Workbench workbench() {
        return new Workbench(containers);
    }

    /** The bytes on disk of the image that a container was made from; 0 for the host itself, and when the image has been removed. */
    public long imageBytes(Container container) {
        Optional<Digest> id = container.record().imageId();
        try {
            return id.isEmpty() ? 0 : images.size(images.config(id.get()));
        } catch (Fault removed) {
            if (removed.kind() != Fault.Kind.NOT_FOUND) {
                throw removed;
            }
            return 0;
        }
    }

    public Volumes volumes() {
        return containers.volumes();
    }

    public Secrets secrets() {
        return containers.secrets();
    }

    public Networks networks() {
        return containers.networks();
    }

    /** A session that this process carries itself, between a container and whoever is far away. */
    public PipedSession pipe(Session session) {
        return new PipedSession(files.kernel(), session);
    }

    public Roots roots() {
        return roots;
    }

    public HostFacts host() {
        return host;
    }

    /**
     * Something that takes space.
     *
     * @param what such as {@code blob sha256:…}
     * @param holders whom it is kept for, the names of images, containers and volumes; nobody: it goes when images are pruned
     */
    public record Held(String what, long bytes, List<String> holders) {
    }

    /** Every byte below the root, the largest first and what is in no line of its own last; all trees are walked. */
    public List<Held> ledger() {
        return new Ledger(this, content, snapshots, files).entries();
    }

    /** The storage driver's name. */
    public String storageDriver() {
        return "overlay";
    }

    /** Finds what killed processes left half done, and finishes or removes it. */
    public void recover() {
        // What keeps one store from being recovered is no reason to leave remains in the next.
        try {
            content.recover();
        } finally {
            try {
                containers.recover();
            } finally {
                snapshots.recover();
            }
        }
    }

    @Override
    public void close() {
        containers.close();
        performer.close();
        snapshots.close();
        content.close();
        files.close();
    }
}
