package dev.carafe.bench;

import dev.carafe.base.Fault;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Index;
import dev.carafe.oci.Manifest;
import dev.carafe.transport.BusyboxImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a run works: a temporary directory, a control group in every hierarchy, and the root file system that all peers use.
 *
 * @param name of the run, unique on the machine; the control group's name, too
 * @param directory which everything is in
 * @param layer the root file system as a tar archive
 * @param rootfs the same, unpacked
 * @param cleanup what undoes the run
 */
public record Workplace(String name, Path directory, Path layer, Path rootfs, Cleanup cleanup) {
    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final List<String> PROGRAMS = List.of("/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin", "/usr/local/sbin");

    /** Makes the directory, the groups and the root file system of a static busybox. */
    public static Workplace make(Cleanup cleanup) throws IOException {
        String name = "carafe-bench-" + ProcessHandle.current().pid();
        // podman takes no run root of more than 50 characters.
        Path directory = Files.createDirectory(Path.of("/tmp", name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        cleanup.add("remove " + directory, () -> removeTree(directory));
        List<Hierarchy> mounted = Hierarchy.mounted();
        Hierarchy accounting = Hierarchy.accounting(mounted);
        for (Hierarchy each : mounted) {
            cleanup.add("remove the control groups in " + each.root(), () -> each.remove(name));
            if (each.version() == 1 || each.equals(accounting)) {
                each.make(name);
            }
        }
        cleanup.add("end the processes of the run", () -> end(accounting.root().resolve(name)));
        Path layer = layer(directory);
        Path rootfs = Files.createDirectory(directory.resolve("rootfs"));
        check(new ProcessBuilder("tar", "-C", rootfs.toString(), "-xf", layer.toString()));
        return new Workplace(name, directory, layer, rootfs, cleanup);
    }

    /** Makes the group of one peer. */
    public CpuGroup group(String peer) throws IOException {
        return CpuGroup.make(Hierarchy.accounting(Hierarchy.mounted()), name + "/" + peer);
    }

    /** The path of the peer's group in any hierarchy, as engines take it for the parent of containers. */
    public String groupPath(String peer) {
        return "/" + name + "/" + peer;
    }

    /** A shell for a peer, without variables of the caller that change what engines do. */
    public Shell shell(String peer, CpuGroup group, boolean ownMounts, Map<String, String> environment) throws IOException {
        Shell shell = Shell.open(group, ownMounts, environment, directory.resolve(peer + ".errors"));
        cleanup.add("end the shell of " + peer, shell::close);
        return shell;
    }

    /** The root file system as an archive of an OCI layout. */
    Path archive() throws IOException {
        Path archive = directory.resolve("layout.tar");
        check(new ProcessBuilder("tar", "-C", directory.resolve("layout").toString(), "-cf", archive.toString(), "."));
        return archive;
    }

    /** The path of an installed program. */
    public static Optional<Path> program(String name) {
        return PROGRAMS.stream().map(each -> Path.of(each, name)).filter(Files::isExecutable).findFirst();
    }

    /** Runs a command that has to succeed. */
    static void check(ProcessBuilder command) throws IOException {
        Process process = command.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes()).strip();
        try {
            if (process.waitFor() != 0) {
                throw Fault.of(Fault.Kind.UNAVAILABLE, "run", String.join(" ", command.command()), output);
            }
        } catch (InterruptedException e) {
            throw Fault.of(Fault.Kind.CANCELLED, "run", String.join(" ", command.command()), "interrupted").cause(e);
        }
    }

    private static Path layer(Path directory) throws IOException {
        if (!Files.isExecutable(BUSYBOX)) {
            throw Fault.notFound("make a root file system", "\"" + BUSYBOX + "\"", "no such program").hint("install busybox-static");
        }
        Path layout = Files.createDirectory(directory.resolve("layout"));
        BusyboxImage.main(new String[] {BUSYBOX.toString(), layout.toString()});
        Index index = Index.parse(Files.readAllBytes(layout.resolve("index.json")));
        Manifest manifest = Manifest.parse(Files.readAllBytes(blob(layout, index.manifests().getFirst())));
        return blob(layout, manifest.layers().getFirst());
    }

    private static Path blob(Path layout, Descriptor descriptor) {
        return layout.resolve("blobs/sha256").resolve(descriptor.digest().hex());
    }

    /** Ends what runs in the group, containers included, until nothing is left. */
    private static void end(Path group) throws InterruptedException {
        for (int attempt = 0; attempt < 100; attempt++) {
            List<Long> left = CpuGroup.processes(group);
            if (left.isEmpty()) {
                return;
            }
            left.forEach(pid -> ProcessHandle.of(pid).filter(Workplace::isOurs).ifPresent(ProcessHandle::destroyForcibly));
            Thread.sleep(50);
        }
        throw Fault.of(Fault.Kind.TIMEOUT, "end the processes in", "\"" + group + "\"", "some are left");
    }

    /** A daemon that was there before the run stays, whatever went wrong. */
    private static boolean isOurs(ProcessHandle process) {
        Optional<Instant> start = ProcessHandle.current().info().startInstant();
        return process.info().startInstant().filter(each -> start.isPresent() && !each.isBefore(start.get())).isPresent();
    }

    private static void removeTree(Path directory) throws IOException {
        List<String> mounts = Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .map(line -> line.split(" ")[4])
                .filter(point -> point.startsWith(directory + "/"))
                .sorted(Comparator.reverseOrder())
                .toList();
        for (String point : mounts) {
            check(new ProcessBuilder("umount", point));
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
