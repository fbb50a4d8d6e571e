package dev.carafe.bench;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Fd;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.NativeKernel;
import dev.carafe.kernel.Sockets;
import dev.carafe.kernel.SystemCall;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * docker by a daemon that runs already; it is never started here, since it changes the network of the machine.
 *
 * @param command the client and its socket
 * @param image imported for this run
 * @param options of a container
 */
public record DockerPeer(String title, CpuGroup group, Shell shell, List<String> command, String image, List<String> options)
        implements Peer {
    private static final int AF_UNIX = 1;
    private static final int STREAM_CLOEXEC = 02000001;

    /** Imports the image and moves the daemons into the peer's control group until the end of the run. */
    public static DockerPeer prepare(Workplace place, Path program, Path socket) throws IOException {
        CpuGroup group = place.group("docker");
        Path configuration = Files.createDirectory(place.directory().resolve("docker"));
        var command = List.of(program.toString(), "-H", "unix://" + socket);
        String image = place.name() + ":latest";
        for (long daemon : daemons(socket)) {
            String home = home(daemon, Hierarchy.accounting(Hierarchy.mounted()));
            place.cleanup().add("move daemon " + daemon + " back", () -> Files.writeString(Path.of(home), Long.toString(daemon)));
            group.add(daemon);
        }
        place.cleanup().add("remove the image from docker",
                () -> Workplace.check(new ProcessBuilder(Peer.words(command, "rmi", "--force", image))));
        place.cleanup().add("remove containers from docker", () -> removeContainers(command, place.name()));
        Shell shell = place.shell("docker", group, false, Map.of("DOCKER_CONFIG", configuration.toString()));
        String version = shell.output(Peer.words(command, "version", "--format", "{{.Server.Version}}"));
        shell.time(Peer.words(command, "import", "-c", "ENV PATH=/usr/sbin:/usr/bin:/sbin:/bin", place.layer().toString(), image));
        return new DockerPeer("docker " + version, group, shell, command, image,
                List.of("--network", "none", "--label", place.name(), "--cgroup-parent", place.groupPath("docker")));
    }

    /** Until none is left: the daemon may still be making or removing the last one. */
    private static void removeContainers(List<String> command, String label) throws IOException, InterruptedException {
        List<String> left = containers(command, label);
        for (int attempt = 0; attempt < 50 && !left.isEmpty(); attempt++) {
            new ProcessBuilder(Peer.words(Peer.words(command, "rm", "--force"), left.toArray(String[]::new)))
                    .redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD).start().waitFor();
            Thread.sleep(100);
            left = containers(command, label);
        }
    }

    private static List<String> containers(List<String> command, String label) throws IOException {
        var listing = new ProcessBuilder(Peer.words(command, "ps", "--all", "--quiet", "--filter", "label=" + label)).start();
        try (var lines = listing.inputReader(StandardCharsets.UTF_8)) {
            return lines.lines().toList();
        }
    }

    /** The daemon that listens at the socket, and its containerd. */
    private static Set<Long> daemons(Path socket) throws IOException {
        var pids = new LinkedHashSet<Long>();
        long docker = listener(new NativeKernel(), socket);
        pids.add(docker);
        String[] words = Files.readString(Path.of("/proc", Long.toString(docker), "cmdline")).split("\0");
        for (int k = 0; k < words.length; k++) {
            if (words[k].startsWith("--containerd=")) {
                pids.add(listener(new NativeKernel(), Path.of(words[k].substring(13))));
            } else if (words[k].equals("--containerd")) {
                pids.add(listener(new NativeKernel(), Path.of(words[k + 1])));
            }
        }
        ProcessHandle.of(docker).stream().flatMap(ProcessHandle::children)
                .filter(child -> child.info().command().filter(path -> path.endsWith("/containerd")).isPresent())
                .forEach(child -> pids.add(child.pid()));
        return pids;
    }

    /** The process that listens at a socket, unix(7) {@code SO_PEERCRED}. */
    private static long listener(Kernel kernel, Path socket) {
        byte[] name = socket.toString().getBytes(StandardCharsets.UTF_8);
        long number = Kernel.check(kernel.call(SystemCall.SOCKET, AF_UNIX, STREAM_CLOEXEC, 0), "make", "socket");
        try (var fd = new Fd(kernel, (int) number); Memory address = kernel.allocate(3 + name.length)) {
            address.bytes().putShort(0, (short) AF_UNIX).put(2, name);
            Kernel.check(kernel.call(SystemCall.CONNECT, fd.number(), address.address(), 3 + name.length), "connect to",
                    "\"" + socket + "\"");
            return Sockets.peer(kernel, fd).pid();
        }
    }

    /** The file that takes processes into the group which the process is in now. */
    private static String home(long pid, Hierarchy accounting) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "cgroup"))) {
            String[] parts = line.split(":", 3);
            boolean same = accounting.version() == 2 ? parts[1].isEmpty() : List.of(parts[1].split(",")).contains("cpuacct");
            if (same) {
                return accounting.root() + parts[2] + "/cgroup.procs";
            }
        }
        throw Fault.of(Errno.ESRCH, "read control group of", "docker");
    }

    @Override
    public List<String> run(String number) {
        return container(List.of("run", "--rm"), "true");
    }

    @Override
    public List<String> start(String number) {
        return container(List.of("run", "--detach", "--name", container(number)), "sleep", "100000");
    }

    private List<String> container(List<String> verb, String... arguments) {
        var words = new ArrayList<>(command);
        words.addAll(verb);
        words.addAll(options);
        words.add(image);
        words.addAll(List.of(arguments));
        return words;
    }

    @Override
    public List<String> exec(String number) {
        return Peer.words(command, "exec", container(number), "true");
    }

    @Override
    public List<String> remove(String number) {
        return Peer.words(command, "rm", "--force", container(number));
    }

    private String container(String number) {
        return image.substring(0, image.indexOf(':')) + "-" + number;
    }
}
