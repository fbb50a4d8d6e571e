package dev.carafe.engine;

import dev.carafe.base.ContainerId;
import dev.carafe.base.Fault;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Index;
import dev.carafe.oci.Manifest;
import dev.carafe.oci.Reference;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.plan.Connections;
import dev.carafe.plan.HostFacts;
import dev.carafe.plan.Launch;
import dev.carafe.plan.Plan;
import dev.carafe.plan.Planner;
import dev.carafe.transport.BusyboxImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The plan of a container that does not exist and is not made: any user may ask for that of an image that they can read. What is only
 * known once a container is made, its id and the directories of its layers, stands as a row of zeros and as words in capitals.
 */
public final class Preview {
    private Preview() {
    }

    /** For the embedded image and the host itself, without a store. */
    public static Plan plan(ContainerOptions options, Installation installation, Roots roots, HostFacts host) {
        if (options.image().equals(PreparedImage.HOST)) {
            return plan(options, PreparedImage.host(host.architecture()).config(), Neighbours.surroundings(Optional.empty(), options, own(roots), host),
                    roots, host, Connections.NONE);
        }
        if (installation.embedded().isEmpty() || !isEmbedded(options.image())) {
            throw Fault.of(Fault.Kind.PERMISSION, "plan for", "\"" + options.image() + "\"", "the image store of \"" + roots.root() + "\" is not yours")
                    .hint("plan for busybox or host:, or choose a store of your own with --root and --run-root");
        }
        return plan(options, embedded(installation.embedded().get()), Neighbours.surroundings(Optional.empty(), options, own(roots), host), roots, host,
                Connections.NONE);
    }

    private static Path own(Roots roots) {
        return roots.container("0".repeat(64));
    }

    static Plan plan(ContainerOptions options, ImageConfig config, Surroundings around, Roots roots, HostFacts host, Connections connections) {
        if (Containers.needsVolumes(options, config.config()) && around.volumes().isEmpty()) {
            throw Fault.of(Fault.Kind.PERMISSION, "plan for", "volumes of \"" + roots.root() + "\"", "they are not yours")
                    .hint("choose a store of your own with --root and --run-root");
        }
        ContainerId id = ContainerId.parse("0".repeat(64));
        // Names of users are resolved in the container's own files, which do not exist yet.
        String user = options.process().user().or(() -> config.config().user()).filter(u -> !u.isEmpty() && Character.isDigit(u.charAt(0))).orElse("");
        Account account = new Accounts("root:x:0:0:root:/root:/bin/sh\n", "").resolve(user, List.of());
        Spec spec = Specifier.specify(options, config.config(), id, account, host, around);
        Launch.Root root = options.image().equals(PreparedImage.HOST) ? new Launch.Root.Volatile("/", roots.mountpoint().toString())
                : new Launch.Root.Overlay(List.of("LAYERS"), Optional.of("UPPER"), Optional.of("WORK"), List.of(), roots.mountpoint().toString());
        return Planner.start(spec, new Launch(id.hex(), root, roots.run(id.hex()).toString(), roots.container(id.hex()).toString(),
                Optional.of(LogPolicy.of(options.logDriver().orElse(LogPolicy.FRAMES), options.logOptions()).file(roots.log(id.hex()))), options.streams().interactive(), true, Optional.empty(), Optional.empty(), connections), host);
    }

    /** Whether the name means the image that comes with the installation. */
    static boolean isEmbedded(String text) {
        String name = Reference.parse(text).withDefaultTag().familiar();
        return name.equals("busybox:latest") || name.equals(BusyboxImage.NAME);
    }

    /** The configuration of the only image of a layout. */
    static ImageConfig embedded(Path layout) {
        try {
            Descriptor named = Index.parse(Files.readAllBytes(layout.resolve("index.json"))).manifests().getFirst();
            Manifest manifest = Manifest.parse(Files.readAllBytes(layout.resolve("blobs/sha256").resolve(named.digest().hex())));
            return ImageConfig.parse(Files.readAllBytes(layout.resolve("blobs/sha256").resolve(manifest.config().digest().hex())));
        } catch (IOException e) {
            throw StateFile.fault("read", layout, e);
        }
    }
}
