package dev.carafe.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.kernel.SystemCall;
import dev.carafe.oci.runtime.IdMapping;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.oci.runtime.User;
import dev.carafe.plan.Launch;
import dev.carafe.plan.Planner;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Containers in a user namespace, whose root is an ordinary user of the host. */
class UserNamespaceTest extends ContainerTest {
    private static final int FIRST = 200_000;
    private static final List<IdMapping> MAP = List.of(new IdMapping(0, FIRST, 65536));
    private Path image;

    @BeforeEach
    void giveImageAway() throws IOException, InterruptedException {
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
        image = newRootfs(id + "-image");
        Files.walkFileTree(image, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
                Files.setAttribute(directory, "unix:uid", FIRST, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(directory, "unix:gid", FIRST, LinkOption.NOFOLLOW_LINKS);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private Spec mapped(Spec spec) {
        var namespaces = new ArrayList<>(spec.linux().orElseThrow().namespaces());
        namespaces.add(Namespace.of(Namespace.Type.USER));
        return TestBundle.linux(spec, l -> l.namespaces(namespaces).uidMappings(MAP).gidMappings(MAP));
    }

    private String outputOf(Spec spec) {
        Ended ended = start(spec, launchOf(image)).await();
        assertThat(ended.err()).isEmpty();
        assertThat(ended.exit()).isEqualTo(new Execution.Exit(false, 0));
        return ended.out();
    }

    @Test
    void itsRootIsAnOrdinaryUserOfTheHost() throws IOException {
        assertThat(outputOf(mapped(shell("id -u; cat /proc/self/uid_map | tr -s ' '; touch /home/made")))).startsWith("0\n 0 200000 65536\n");
        assertThat(Files.getAttribute(image.resolve("home/made"), "unix:uid")).isEqualTo(FIRST);
    }

    @Test
    void itHasTheDefaultDevicesOfTheHost() {
        assertThat(outputOf(mapped(shell("head -c 1 /dev/zero | wc -c; echo x > /dev/null; stat -c '%t %T' /dev/null /dev/full")))).isEqualTo("1\n1 3\n1 7\n");
    }

    @Test
    void anotherUserOfItMayOpenItsStreamsAgain() {
        assertThat(outputOf(TestBundle.process(mapped(shell("id -u; echo again > /dev/stdout")), p -> p.user(User.of(1000, 1000))))).isEqualTo("1000\nagain\n");
    }

    @Test
    void itsMemoryScoreIsThatOfTheBundle() {
        assertThat(outputOf(TestBundle.process(mapped(shell("cat /proc/self/oom_score_adj")), p -> p.oomScoreAdj(77)))).isEqualTo("77\n");
    }

    @Test
    void itsTerminalWorks() {
        assertThat(outputOf(TestBundle.process(mapped(shell("tty")), p -> p.terminal(true)))).isEqualTo("/dev/pts/0\r\n");
    }

    @Test
    void itsCapabilitiesAreOverItselfOnly() {
        assertThat(outputOf(mapped(shell("grep -E 'Cap(Eff|Bnd)' /proc/self/status; chown 5:5 /home && echo changed; cat /proc/kmsg 2>/dev/null; true"))))
                .isEqualTo("CapEff:\t00000000a80425fb\nCapBnd:\t00000000a80425fb\nchanged\n");
    }

    @Test
    void theEndOfItsMonitorEndsIt() {
        try (Running running = start(mapped(shell("echo ready; sleep 1000")), launchOf(image))) {
            running.awaitOutput("ready");
            KERNEL.call(SystemCall.KILL, running.execution().monitor(), 9);
            leftovers.awaitNoProcess("after the monitor was killed");
            running.performance.awaitEnd();
            leftovers.removeGroups();
        }
    }

    @Test
    void aSecondProcessIsTheSameUserOfTheHost() throws IOException {
        Spec spec = mapped(shell("echo ready; while ! [ -e /tmp/done ]; do sleep 0.02; done; cat /tmp/done"));
        Files.setAttribute(image.resolve("tmp"), "unix:uid", FIRST);
        try (Running running = start(spec, launchOf(image))) {
            running.awaitOutput("ready");
            Path own = Files.createDirectories(run.resolve("exec"));
            var launch = new Launch(id, launch().root(), own.toString(), own.toString(), Optional.empty(), false, false, Optional.empty());
            var process = spec.process().orElseThrow().toBuilder().args(List.of("/bin/sh", "-c",
                    "echo again > /dev/stdout; (id -u; (readlink /proc/self/ns/user; readlink /proc/1/ns/user) | uniq | wc -l; grep CapEff /proc/self/status) > /tmp/new 2>&1; mv /tmp/new /tmp/done"))
                    .oomScoreAdj(7).build();
            try (Running second = start(Planner.exec(process, spec.linux().orElseThrow(), running.init(), launch, host), SessionStreams.NONE)) {
                assertThat(second.await().exit()).isEqualTo(new Execution.Exit(false, 0));
            }
            Ended ended = running.await();
            assertThat(ended.out()).contains("ready\n0\n1\nCapEff:\t00000000a80425fb\n");
        }
    }
}
