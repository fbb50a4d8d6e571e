package dev.carafe.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.oci.runtime.IdMapping;
import dev.carafe.oci.runtime.Mount;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Options of mounts on the running kernel, and namespaces that a bundle names by path. */
class MountFieldTest extends ContainerTest {
    private static final List<IdMapping> FAR = List.of(new IdMapping(0, 200_000, 65536));

    private Path source() throws IOException {
        Path source = Files.createDirectories(state.resolve("source"));
        Files.createDirectories(source.resolve("below"));
        Files.writeString(source.resolve("file"), "text");
        return source;
    }

    private static Mount bind(String destination, Path source, List<IdMapping> map, String... options) {
        return Mount.builder(destination).type("bind").source(source.toString()).options(List.of(options)).uidMappings(map).gidMappings(map).build();
    }

    @Test
    void aTmpfsMayStartWithWhatItsPlaceHeld() throws IOException {
        Path held = Files.createDirectories(rootfs.resolve("held/below"));
        Files.writeString(held.resolve("file"), "old");
        Spec spec = TestBundle.with(shell("cat /held/below/file; echo new > /held/below/file; echo more > /held/more; ls /held; stat -c %a /held; cat /held/below/file;"
                + "head -c 300000 /dev/zero > /held/big 2> /dev/null || echo full"), Mount.of("/held", "tmpfs", "tmpfs", "nosuid", "mode=0711", "size=128k", "tmpcopyup"));
        assertThat(output(spec)).isEqualTo("oldbelow\nmore\n711\nnew\nfull\n");
        assertThat(Files.readString(held.resolve("file"))).isEqualTo("old");
        remove(rootfs.resolve("held"));
    }

    @Test
    void idsOfABindAreMappedAsItAsks() throws IOException {
        Path source = source();
        assertThat(output(TestBundle.with(shell("stat -c '%u %g' /m/file; touch /m/made 2> /dev/null || echo no"), bind("/m", source, FAR, "rbind", "idmap"))))
                .isEqualTo("200000 200000\nno\n");
    }

    @Test
    void idsOfABindAreMappedIntoTheContainersUserNamespace() throws IOException, InterruptedException {
        Path image = ownImage();
        Path source = source();
        var namespaces = new ArrayList<>(bundle().linux().orElseThrow().namespaces());
        namespaces.add(Namespace.of(Namespace.Type.USER));
        Spec spec = TestBundle.linux(TestBundle.with(shell("stat -c '%u %g' /m/file /n/file; echo more >> /m/file; echo made > /m/made"),
                bind("/m", source, List.of(), "rbind", "ridmap"), bind("/n", source, List.of(), "rbind")), l -> l.namespaces(namespaces).uidMappings(FAR).gidMappings(FAR));
        Ended ended = start(spec, launchOf(image)).await();
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out()).isEqualTo("0 0\n65534 65534\n");
        assertThat(Files.getAttribute(source.resolve("made"), "unix:uid")).isEqualTo(0);
    }

    private Path ownImage() throws IOException, InterruptedException {
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path image = newRootfs(id + "-image");
        try (var paths = Files.walk(image)) {
            for (Path path : paths.filter(p -> Files.isDirectory(p)).toList()) {
                Files.setAttribute(path, "unix:uid", 200_000);
                Files.setAttribute(path, "unix:gid", 200_000);
            }
        }
        return image;
    }

    @Test
    void aMapOfIdsWithoutAnyIsRefused() throws IOException {
        assertThat(refusal(TestBundle.with(shell("true"), bind("/m", source(), List.of(), "bind", "idmap")))).hasMessage("config.json mounts[7].options: idmap needs"
                + " uidMappings and gidMappings, or a user namespace of the container (runtime-spec config.md#linux-mount-options)");
    }

    @Test
    void pathsMayBeRelativeToTheContainersRootAndToTheBundle() throws IOException {
        source();
        assertThat(output(TestBundle.with(shell("cat /mnt/a/file"), Mount.of("mnt/../mnt//a/", "none", "source", "rbind")))).isEqualTo("text");
        remove(rootfs.resolve("mnt"));
    }

    @Test
    void aMountMayBeChangedByALaterOne() {
        assertThat(output(TestBundle.with(shell("grep ' /tmp ' /proc/mounts | cut -d ' ' -f 4"), Mount.of("/tmp", "tmpfs", "tmpfs", "size=64k"),
                Mount.of("/tmp", "tmpfs", "tmpfs", "remount", "ro", "nosuid", "size=128k")))).matches("ro,nosuid,relatime,size=128k.*\n");
    }

    /** Engines and suites write such options; the other runtimes hand them to the kernel, which does not look at them. */
    @Test
    void anOptionOfAFileSystemMeansNothingForABind() throws IOException {
        assertThat(output(TestBundle.with(shell("cat /m/file"), bind("/m", source(), List.of(), "bind", "sync", "size=64k", "mode=755")))).isEqualTo("text");
    }

    @Test
    void generalOptionsOfAFileSystemReachIt() {
        assertThat(output(TestBundle.with(shell("grep ' /tmp ' /proc/mounts | cut -d ' ' -f 4"), Mount.of("/tmp", "tmpfs", "tmpfs", "sync", "dirsync", "lazytime", "silent", "iversion",
                "rw")))).contains("sync").contains("dirsync").contains("lazytime");
    }

    /** As pods with users of their own do it: one container has the namespaces, the others join them. */
    @Test
    void aContainerMayBeAmongTheUsersOfAnother() throws IOException, InterruptedException {
        Path image = ownImage();
        var namespaces = new ArrayList<>(bundle().linux().orElseThrow().namespaces());
        namespaces.add(Namespace.of(Namespace.Type.USER));
        Spec pod = TestBundle.linux(shell("sleep 1000"), l -> l.namespaces(namespaces).uidMappings(FAR).gidMappings(FAR));
        try (Running first = start(pod, launchOf(image))) {
            String base = "/proc/" + first.init() + "/ns/";
            String users = Files.readSymbolicLink(Path.of(base + "user")).toString();
            String network = Files.readSymbolicLink(Path.of(base + "net")).toString();
            String pid = Files.readSymbolicLink(Path.of(base + "pid")).toString();
            nameContainer();
            Spec joining = TestBundle.linux(shell("id -u; echo $$; readlink /proc/self/ns/user; readlink /proc/self/ns/net; echo made > /home/made; hostname; grep CapEff /proc/self/status"),
                    l -> l.namespaces(List.of(Namespace.of(Namespace.Type.MOUNT), Namespace.of(Namespace.Type.PID), Namespace.of(Namespace.Type.UTS),
                            Namespace.of(Namespace.Type.CGROUP), Namespace.join(Namespace.Type.USER, base + "user"), Namespace.join(Namespace.Type.NETWORK, base + "net"),
                            Namespace.join(Namespace.Type.IPC, base + "ipc"))).cgroupsPath(cgroup()));
            Running second = start(joining, launchOf(image));
            int init = second.init();
            int monitor = second.execution().monitor();
            Ended ended = second.await();
            assertThat(ended.err()).isEmpty();
            assertThat(ended.out()).isEqualTo("0\n1\n" + users + "\n" + network + "\ninside\nCapEff:\t00000000a80425fb\n");
            assertThat(init).isPositive().isNotEqualTo(monitor);
            assertThat(Files.getAttribute(image.resolve("home/made"), "unix:uid")).isEqualTo(200_000);
            assertThat(pid).isNotEmpty();
        }
    }

    @Test
    void theEndOfItsMonitorEndsAContainerAmongTheUsersOfAnother() throws IOException, InterruptedException {
        Path image = ownImage();
        var namespaces = new ArrayList<>(bundle().linux().orElseThrow().namespaces());
        namespaces.add(Namespace.of(Namespace.Type.USER));
        try (Running first = start(TestBundle.linux(shell("sleep 1000"), l -> l.namespaces(namespaces).uidMappings(FAR).gidMappings(FAR)), launchOf(image))) {
            String users = "/proc/" + first.init() + "/ns/user";
            nameContainer();
            Spec joining = TestBundle.linux(shell("echo ready; sleep 1000"), l -> l.namespaces(List.of(Namespace.of(Namespace.Type.MOUNT), Namespace.of(Namespace.Type.PID),
                    Namespace.of(Namespace.Type.UTS), Namespace.of(Namespace.Type.IPC), Namespace.of(Namespace.Type.NETWORK), Namespace.join(Namespace.Type.USER, users))).cgroupsPath(cgroup()));
            try (Running second = start(joining, launchOf(image))) {
                second.awaitOutput("ready");
                int init = second.init();
                KERNEL.call(dev.carafe.kernel.SystemCall.KILL, second.execution().monitor(), 9);
                assertThat(Leftovers.await(() -> !Files.exists(Path.of("/proc/" + init)))).isTrue();
                second.performance.awaitEnd();
                leftovers.removeGroups();
            }
        }
    }

    @Test
    void mountAndCgroupNamespacesMayBeThoseOfAnother() throws IOException {
        try (Running first = start(shell("mkdir -p /tmp/in && mount -t tmpfs none /tmp/in; sleep 1000"))) {
            String base = "/proc/" + first.init() + "/ns/";
            String expected = Files.readSymbolicLink(Path.of(base + "mnt")) + "\n" + Files.readSymbolicLink(Path.of(base + "cgroup")) + "\n";
            // The paths of this one are those that the other sees: its own root directory is its /home.
            Path image = Files.createDirectories(rootfs.resolve("home/root"));
            new ProcessBuilder("cp", "-a", rootfs.resolve("bin").toString(), image.toString()).start().onExit().join();
            Files.createDirectories(image.resolve("proc"));
            nameContainer();
            Spec spec = TestBundle.linux(shell("ls /; echo ready; sleep 1000").toBuilder().hostname(Optional.empty()).build(),
                    l -> l.namespaces(List.of(Namespace.of(Namespace.Type.PID), Namespace.join(Namespace.Type.MOUNT, base + "mnt"), Namespace.join(Namespace.Type.CGROUP, base + "cgroup")))
                            .cgroupsPath(cgroup()));
            try (Running second = start(spec, launchOf(Path.of("/home/root")))) {
                second.awaitOutput("ready");
                Path own = Path.of("/proc/" + second.init() + "/ns");
                assertThat(Files.readSymbolicLink(own.resolve("mnt")) + "\n" + Files.readSymbolicLink(own.resolve("cgroup")) + "\n").isEqualTo(expected);
                assertThat(stream(1)).isEqualTo("bin\nproc\nready\n");
            }
            remove(image);
        }
    }
}
