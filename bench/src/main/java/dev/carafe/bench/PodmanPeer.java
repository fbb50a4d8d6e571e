package dev.carafe.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * podman above an OCI runtime, with storage, state and locks of its own.
 *
 * @param command the program and its directories
 * @param options of a container
 */
public record PodmanPeer(String title, CpuGroup group, Shell shell, List<String> command, List<String> options) implements Peer {
    private static final String IMAGE = "localhost/bench:latest";
    /** conmon gives its runtime hardly any environment, so Carafe's run root is the usual one there. */
    private static final Path RUN_ROOT = Path.of("/run/carafe");

    /** Configures podman and imports the image. */
    public static PodmanPeer prepare(Workplace place, Path program, Path runtime) throws IOException {
        String name = "podman-" + (RuntimePeer.isCarafe(runtime) ? "carafe" : runtime.getFileName());
        Path directory = Files.createDirectory(place.directory().resolve(name));
        CpuGroup group = place.group(name);
        Shell shell = place.shell(name, group, true, Map.of(
                "CONTAINERS_CONF", write(directory, "containers.conf", """
                        [containers]
                        default_ulimits = ["nofile=%1$s:%1$s", "nproc=%2$s:%2$s"]
                        default_sysctls = []
                        [engine]
                        cgroup_manager = "cgroupfs"
                        events_logger = "file"
                        runtime = "%3$s"
                        [network]
                        network_config_dir = "%4$s"
                        """.formatted(hardLimit("Max open files"), hardLimit("Max processes"), runtime, directory.resolve("networks"))),
                "CONTAINERS_STORAGE_CONF", write(directory, "storage.conf", """
                        [storage]
                        driver = "overlay"
                        graphroot = "%1$s/root"
                        runroot = "%1$s/run"
                        """.formatted(directory)),
                "CONTAINERS_REGISTRIES_CONF", write(directory, "registries.conf", "unqualified-search-registries = []\n"),
                "DOCKER_CONFIG", write(directory, "docker/config.json", "{}").replace("/config.json", "")));
        RuntimePeer.hideSecondVersion(shell);
        // podman's locks have one name on the whole machine.
        shell.time(List.of("mount", "-t", "tmpfs", "tmpfs", "/dev/shm"));
        if (RuntimePeer.isCarafe(runtime)) {
            RuntimePeer.hide(place, shell, RUN_ROOT, directory.resolve("carafe"));
            RuntimePeer.startEngine(shell, runtime, directory.resolve("root"), RUN_ROOT);
        }
        String version = shell.output(List.of(program.toString(), "--version")).split(" ")[2];
        String runtimeVersion = shell.output(List.of(runtime.toString(), "--version")).split(" ")[2];
        var command = List.of(program.toString(), "--root", directory.resolve("root").toString(), "--runroot",
                directory.resolve("run").toString(), "--tmpdir", directory.resolve("tmp").toString());
        shell.time(Peer.words(command, "import", "-q", "-c", "ENV PATH=/usr/sbin:/usr/bin:/sbin:/bin", place.layer().toString(), IMAGE));
        return new PodmanPeer("podman " + version + " + " + runtime.getFileName() + " " + runtimeVersion, group, shell, command,
                List.of("--network", "none", "--cgroup-parent", place.groupPath(name)));
    }

    private static String write(Path directory, String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text).toString();
    }

    /** The default limits of podman may be above what this machine lets root set. */
    private static String hardLimit(String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
            if (line.startsWith(name)) {
                String hard = line.substring(name.length()).strip().split(" +")[1];
                return hard.equals("unlimited") ? "20000" : Long.toString(Math.min(20000, Long.parseLong(hard)));
            }
        }
        return "1024";
    }

    @Override
    public List<String> run(String number) {
        return Peer.words(Peer.words(Peer.words(command, "run", "--rm"), options.toArray(String[]::new)), IMAGE, "true");
    }

    @Override
    public List<String> start(String number) {
        return Peer.words(Peer.words(Peer.words(command, "run", "--detach", "--name", "idle-" + number),
                options.toArray(String[]::new)), IMAGE, "sleep", "100000");
    }

    @Override
    public List<String> exec(String number) {
        return Peer.words(command, "exec", "idle-" + number, "true");
    }

    @Override
    public List<String> remove(String number) {
        return Peer.words(command, "rm", "--force", "--time", "0", "idle-" + number);
    }
}
