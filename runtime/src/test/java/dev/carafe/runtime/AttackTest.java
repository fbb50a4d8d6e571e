package dev.carafe.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.base.Fault;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.SystemCall;
import dev.carafe.oci.runtime.IdMapping;
import dev.carafe.oci.runtime.Mount;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.oci.runtime.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What has broken other runtimes, tried on this one: whoever owns a root file system or a volume changes it while containers start from it. What
 * {@link EscapeTest} tries with links that lie still is tried here with ones that move.
 */
class AttackTest extends ContainerTest {
    private static final int STARTS = 40;

    private Path image;
    private Path volume;
    private Path outside;

    @BeforeEach
    void makeImage() throws IOException, InterruptedException {
        image = newRootfs(id + "-image");
        volume = Files.createDirectories(work.resolve(id + "-volume"));
        outside = Files.createDirectories(work.resolve(id + "-outside"));
        Files.createDirectories(image.resolve("volume"));
        Files.writeString(outside.resolve("precious"), "precious");
    }

    @AfterEach
    void nothingOutsideWasTouched() throws IOException {
        try (var files = Files.list(outside)) {
            assertThat(files).containsExactly(outside.resolve("precious"));
        }
        assertThat(outside.resolve("precious")).hasContent("precious");
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(outside.toString());
    }

    /** Runs, or is refused; what it says either way. */
    private String attempt(Spec spec) {
        try {
            Ended ended = start(spec, launchOf(image)).await();
            return ended.out() + ended.err();
        } catch (Fault refused) {
            return refused.getMessage();
        }
    }

    /** Exchanges what lies at a place with a link, back and forth, for as long as it is open. */
    private static final class Swapper implements AutoCloseable {
        private static final int RENAME_EXCHANGE = 2;

        private final AtomicBoolean ended = new AtomicBoolean();
        private final Thread thread;
        private volatile long result;

        Swapper(Path place, String target) throws IOException {
            Path link = place.resolveSibling(place.getFileName() + ".link");
            Files.createSymbolicLink(link, Path.of(target));
            thread = Thread.ofPlatform().start(() -> {
                try (Memory one = KERNEL.string(place.toString()); Memory other = KERNEL.string(link.toString())) {
                    while (!ended.get() && result == 0) {
                        result = KERNEL.call(SystemCall.RENAMEAT2, Flags.AT_FDCWD, one.address(), Flags.AT_FDCWD, other.address(), RENAME_EXCHANGE);
                    }
                    if (Files.isSymbolicLink(place)) {
                        KERNEL.call(SystemCall.RENAMEAT2, Flags.AT_FDCWD, one.address(), Flags.AT_FDCWD, other.address(), RENAME_EXCHANGE);
                    }
                }
            });
        }

        @Override
        public void close() {
            ended.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            assertThat(result).as("the exchange of the place with the link").isZero();
        }
    }

    private void race(Path place, String target, Supplier<Spec> spec, String forbidden) throws IOException {
        int ran = 0;
        try (var swapper = new Swapper(place, target)) {
            for (int start = 0; start < STARTS; start++) {
                String said = attempt(spec.get());
                assertThat(said).doesNotContain(forbidden);
                ran += said.contains("ran") ? 1 : 0;
            }
        }
        Files.delete(place.resolveSibling(place.getFileName() + ".link"));
        assertThat(ran).as("starts that came to their program, so that the attack had something to hit").isPositive();
    }

    /** CVE-2021-30465: a volume's directory becomes a link between the check of a mount's destination and the mount. */
    @Test
    void aLinkThatAppearsWhileMountingLeadsNoMountOutside() throws IOException {
        Path place = Files.createDirectories(volume.resolve("place"));
        for (String target : new String[] {outside.toString(), "../".repeat(20) + outside.toString().substring(1), "/proc/self/root/../../.."}) {
            race(place, target, () -> TestBundle.with(shell("cat /volume/place/target/precious /volume/place/bound/precious 2>/dev/null; cat /proc/self/mountinfo; echo ran"),
                    Mount.of("/volume", "bind", volume.toString(), "rbind"), Mount.of("/volume/place/target", "tmpfs", "tmpfs"),
                    Mount.of("/volume/place/bound", "bind", image.toString(), "bind")), "precious");
        }
    }

    /** CVE-2019-19921, CVE-2023-27561: whoever shares the root makes /proc a link while another container is set up. */
    @Test
    void aSwappedProcUncoversNothing() throws IOException {
        Files.createDirectories(image.resolve("fake"));
        race(image.resolve("proc"), "fake", () -> shell("for p in /proc /proc.link /fake; do [ -e $p/version ] && stat -c %t:%T $p/kcore; [ -d $p/sys/kernel ]"
                + " && echo x 2>/dev/null >$p/sys/kernel/domainname && echo written; done; echo ran"), "0:0");
        race(image.resolve("proc"), "fake2", () -> shell("for p in /proc /proc.link /fake2; do [ -d $p/sys/kernel ] && echo x 2>/dev/null >$p/sys/kernel/domainname"
                + " && echo written; done; echo ran"), "written");
    }

    /** CVE-2025-31133: the device that covers masked paths is replaced by a link to what shall stay covered, or to the host's. */
    @Test
    void aSwappedNullDeviceUncoversNothing() throws IOException, InterruptedException {
        Path device = volume.resolve("null");
        new ProcessBuilder("mknod", "-m", "666", device.toString(), "c", "1", "3").start().waitFor();
        Spec spec = TestBundle.without(TestBundle.without(TestBundle.without(TestBundle.without(
                shell("stat -c %t:%T /proc/kcore; echo x 2>/dev/null >/proc/kcore; cat /proc/keys; echo ran"), "/dev/mqueue"), "/dev/shm"), "/dev/pts"), "/dev");
        for (String target : new String[] {"/proc/kcore", outside + "/precious", "/proc/sysrq-trigger"}) {
            race(device, target, () -> TestBundle.with(spec, Mount.of("/dev", "bind", volume.toString(), "rbind")), "0:0");
        }
    }

    /** CVE-2025-52565: the place of the console is a link. */
    @Test
    void aLinkedConsoleIsNotFollowedOutside() throws IOException {
        Path console = Files.createFile(volume.resolve("console"));
        Files.createDirectories(volume.resolve("pts"));
        for (String target : new String[] {outside + "/precious", "/proc/sysrq-trigger"}) {
            race(console, target, () -> TestBundle.process(TestBundle.with(TestBundle.without(TestBundle.without(TestBundle.without(TestBundle.without(
                    shell("echo x 2>/dev/null >/proc/sysrq-trigger && [ ! -c /proc/sysrq-trigger ] && echo triggered; echo ran"), "/dev/mqueue"), "/dev/shm"), "/dev/pts"), "/dev"),
                    Mount.of("/dev", "bind", volume.toString(), "rbind"), Mount.of("/dev/pts", "devpts", "devpts", "newinstance", "ptmxmode=0666")), p -> p.terminal(true)),
                    "triggered");
        }
    }

    /** CVE-2025-52881: what is meant for procfs is written to a file that lies over it. */
    @Test
    void aKernelParameterIsNotWrittenToWhatLiesOverProc() throws IOException {
        Path fake = Files.createDirectories(volume.resolve("kernel")).resolve("domainname");
        Files.writeString(fake, "untouched");
        Spec spec = TestBundle.linux(shell("cat /proc/sys/kernel/domainname; echo ran"), l -> l.sysctl(Map.of("kernel.domainname", "attacked")));
        for (Mount over : List.of(Mount.of("/proc/sys/kernel", "bind", volume.resolve("kernel").toString(), "bind"),
                Mount.of("/proc/sys/kernel/domainname", "bind", fake.toString(), "bind"))) {
            assertThat(attempt(TestBundle.with(spec, over))).contains("set kernel.domainname = attacked: ").doesNotContain("ran");
            assertThat(fake).hasContent("untouched");
        }
        Path forged = Files.createDirectories(work.resolve(id + "-forged/sys/kernel"));
        Files.writeString(forged.resolve("domainname"), "untouched");
        attempt(TestBundle.with(TestBundle.without(spec, "/proc"), Mount.of("/proc", "bind", forged.getParent().getParent().toString(), "bind")));
        assertThat(forged.resolve("domainname")).hasContent("untouched");
    }

    /** CVE-2022-2989 and its like: groups of the engine, or of the image, that nobody gave to the process. */
    @Test
    void itHasNoGroupThatTheBundleDoesNotName() {
        assertThat(output(TestBundle.process(shell("id -u; id -G; grep Groups /proc/self/status"), p -> p.user(User.of(1000, 1001)))).replaceAll("\\s+", " "))
                .isEqualTo("1000 1001 Groups: ");
        assertThat(output(TestBundle.process(shell("grep Groups /proc/self/status"), p -> p.user(new User(0, 0, java.util.Optional.empty(), List.of(7L))))).trim())
                .isEqualTo("Groups:\t7");
    }

    /** CVE-2014-8989: who drops a group gains what the group is refused. */
    @Test
    void aGroupCannotBeDroppedToGainWhatItIsRefused() throws IOException {
        Path refused = Files.writeString(volume.resolve("refused"), "precious");
        Files.setAttribute(refused, "unix:gid", 201_234);
        Files.setAttribute(refused, "unix:mode", 0604);
        Files.setAttribute(volume, "unix:mode", 0755);
        Files.setAttribute(work, "unix:mode", 0755);
        Files.setAttribute(volume, "unix:uid", 200_000);
        var namespaces = new ArrayList<>(shell("").linux().orElseThrow().namespaces());
        namespaces.add(Namespace.of(Namespace.Type.USER));
        var map = List.of(new IdMapping(0, 200_000, 65536));
        Spec spec = TestBundle.linux(TestBundle.with(shell("id -G; cat /volume/refused; setpriv --clear-groups cat /volume/refused; setpriv --groups 0 cat /volume/refused; echo ran"),
                Mount.of("/volume", "bind", volume.toString(), "bind")), l -> l.namespaces(namespaces).uidMappings(map).gidMappings(map));
        String said = attempt(TestBundle.process(spec, p -> p.user(new User(1000, 1000, java.util.Optional.empty(), List.of(1234L)))));
        assertThat(said).contains("1000 1234", "ran").doesNotContain("precious");
    }

    /** CVE-2022-29162: capabilities that every file with inheritable ones would turn into permitted ones. */
    @Test
    void nothingIsInheritableThatTheBundleDoesNotName() {
        assertThat(output("grep CapInh /proc/self/status").trim()).endsWith("\t0000000000000000");
    }

    /** A pivot in a mount namespace of others would take the root from all of them: "/proc/self/ns/mnt" would name the whole machine's. */
    @Test
    void aMountNamespaceThatIsJoinedStaysAsItIs() throws IOException {
        java.lang.Process other = new ProcessBuilder("unshare", "--mount", "sh", "-c", "echo ready; exec sleep 1000").start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("ready");
            Path process = Path.of("/proc/" + other.pid());
            String before = Files.readString(process.resolve("mountinfo"));
            Spec spec = TestBundle.linux(shell("ls /; echo ran").toBuilder().hostname(java.util.Optional.empty()).build(),
                    l -> l.namespaces(List.of(Namespace.join(Namespace.Type.MOUNT, process + "/ns/mnt"))).sysctl(Map.of()).maskedPaths(List.of()).readonlyPaths(List.of()));
            assertThat(attempt(spec)).contains("ran", "bin").doesNotContain("boot");
            assertThat(Files.readString(process.resolve("mountinfo"))).isEqualTo(before);
            assertThat(process.resolve("root" + outside + "/precious")).hasContent("precious");
        } finally {
            other.destroy();
        }
    }
}
