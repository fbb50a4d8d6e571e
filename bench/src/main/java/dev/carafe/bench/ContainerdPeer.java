package dev.carafe.bench;

import dev.carafe.base.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * containerd by ctr, above an OCI runtime through the shim for runc. The daemon is the peer's own, with storage, state and socket of its own, and sees
 * the mounts of the peer's shell.
 *
 * @param command the client and its socket
 * @param options of a container, but for its control group
 * @param groups the control group that those of containers are made in
 */
public record ContainerdPeer(String title, CpuGroup group, Shell shell, List<String> command, List<String> options, String groups) implements Peer {
    private static final String IMAGE = "localhost/bench:latest";
    /** Where the shim has its sockets and its runtime the state, whatever the daemon's own directories are. */
    private static final Path SHIMS = Path.of("/run/containerd");
    private static final int ATTEMPTS = 100;
    private static final int ATTEMPT_MILLIS = 100;

    /** Starts the daemon in the peer's control group and imports the image. */
    public static ContainerdPeer prepare(Workplace place, Path daemon, Path client, Path runtime) throws IOException {
        String name = "ctr-" + (RuntimePeer.isCarafe(runtime) ? "carafe" : runtime.getFileName());
        Path directory = Files.createDirectory(place.directory().resolve(name));
        Path run = directory.resolve("carafe");
        CpuGroup group = place.group(name);
        Shell shell = place.shell(name, group, true, Map.of("CARAFE_RUN_ROOT", run.toString()));
        RuntimePeer.hideSecondVersion(shell);
        RuntimePeer.hide(place, shell, SHIMS, directory.resolve("shims"));
        if (RuntimePeer.isCarafe(runtime)) {
            RuntimePeer.startEngine(shell, runtime, directory.resolve("root"), run);
        }
        Path socket = directory.resolve("s");
        Path settings = Files.writeString(directory.resolve("config.toml"), """
                version = 2
                root = "%1$s/data"
                state = "%1$s/state"
                disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs",
                    "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.aufs"]
                [grpc]
                  address = "%2$s"
                [ttrpc]
                  address = "%2$s.ttrpc"
                """.formatted(directory, socket));
        shell.time(List.of("sh", "-c", daemon + " --config " + settings + " >" + directory.resolve("log") + " 2>&1 &"));
        await(socket);
        var command = List.of(client.toString(), "--address", socket.toString(), "--namespace", "bench");
        shell.time(Peer.words(command, "image", "import", "--index-name", IMAGE, place.archive().toString()));
        String version = shell.output(List.of(daemon.toString(), "--version")).split(" ")[2];
        String runtimeVersion = shell.output(List.of(runtime.toString(), "--version")).split(" ")[2];
        return new ContainerdPeer("containerd " + version + " + " + runtime.getFileName() + " " + runtimeVersion, group, shell, command,
                List.of("--runc-binary", runtime.toString()), place.groupPath(name));
    }

    private static void await(Path socket) {
        for (int attempt = 0; !Files.exists(socket); attempt++) {
            if (attempt == ATTEMPTS) {
                throw Fault.of(Fault.Kind.TIMEOUT, "start", "containerd", "it does not listen at \"" + socket + "\"");
            }
            Scenario.pause(ATTEMPT_MILLIS);
        }
    }

    @Override
    public List<String> run(String number) {
        return Peer.words(container(Peer.words(command, "run", "--rm"), "run-" + number), "true");
    }

    @Override
    public List<String> start(String number) {
        return Peer.words(container(Peer.words(command, "run", "--detach"), "idle-" + number), "sleep", "100000");
    }

    private List<String> container(List<String> verb, String name) {
        return Peer.words(Peer.words(verb, options.toArray(String[]::new)), "--cgroup", groups + "/" + name, IMAGE, name);
    }

    @Override
    public List<String> exec(String number) {
        return Peer.words(command, "task", "exec", "--exec-id", "true", "idle-" + number, "true");
    }

    @Override
    public List<String> remove(String number) {
        String ctr = String.join(" ", command);
        String name = "idle-" + number;
        return List.of("sh", "-c", ctr + " task rm -f " + name + " && " + ctr + " container rm " + name);
    }
}
