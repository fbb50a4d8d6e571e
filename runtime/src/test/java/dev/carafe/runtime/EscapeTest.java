package dev.carafe.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.base.Fault;
import dev.carafe.oci.runtime.Device;
import dev.carafe.oci.runtime.Mount;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.oci.runtime.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An image may hold any link at any place: nothing outside of the container's root is touched, and no way leads out. */
class EscapeTest extends ContainerTest {
    private Path image;
    private Path outside;

    @BeforeEach
    void makeImage() throws IOException, InterruptedException {
        image = newRootfs(id + "-image");
        outside = Files.createDirectories(work.resolve(id + "-outside"));
    }

    private void link(String place, String target) throws IOException {
        Path link = image.resolve(place);
        if (Files.isDirectory(link) && !Files.isSymbolicLink(link)) {
            remove(link);
        }
        Files.deleteIfExists(link);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, Path.of(target));
    }

    private String upwards() {
        return "../".repeat(20) + outside.toString().substring(1);
    }

    /** Runs, or is refused; both are fine so long as nothing outside is touched. */
    private String attempt(Spec spec) {
        try {
            Ended ended = start(spec, launchOf(image)).await();
            return ended.out() + ended.err();
        } catch (Fault refused) {
            return refused.getMessage();
        } finally {
            assertThat(outside).isEmptyDirectory();
        }
    }

    @Test
    void aLinkAtAnyMountsDestinationLeadsNowhereOutside() throws IOException {
        for (String place : new String[] {"proc", "dev", "sys", "tmp/target", "tmp/deep"}) {
            for (String target : new String[] {outside.toString(), upwards(), outside + "/missing", upwards() + "/missing/deep"}) {
                link(place, target);
                attempt(TestBundle.with(shell("echo ran"), Mount.of("/tmp/target", "tmpfs", "tmpfs"), Mount.of("/tmp/deep/er/place", "tmpfs", "tmpfs"),
                        Mount.of("/tmp/target/file", "bind", "/etc/hostname", "bind")));
                Files.delete(image.resolve(place));
            }
            Files.createDirectories(image.resolve(place));
        }
    }

    @Test
    void aLinkAtTheCgroupsPlaceOfAnImagesSysIsNotFollowedOutside() throws IOException {
        Files.createDirectories(image.resolve("sys/fs"));
        for (String target : new String[] {outside.toString(), upwards()}) {
            link("sys/fs/cgroup", target);
            attempt(TestBundle.without(shell("echo ran"), "/sys"));
        }
    }

    @Test
    void aLinkAtADeviceOrAMaskedPlaceIsNotFollowedOutside() throws IOException {
        for (String target : new String[] {outside + "/made", upwards() + "/made"}) {
            link("dev/null", target);
            link("dev/console", target);
            link("masked", target);
            link("readonly", target);
            Spec spec = TestBundle.without(TestBundle.without(TestBundle.without(TestBundle.without(shell("echo ran"), "/dev/mqueue"), "/dev/shm"), "/dev/pts"), "/dev");
            var device = Device.builder(Device.Type.CHARACTER, "/dev/null").major(1).minor(3).build();
            attempt(TestBundle.linux(spec, l -> l.devices(List.of(device)).maskedPaths(List.of("/masked")).readonlyPaths(List.of("/readonly"))));
        }
    }

    @Test
    void aFileOutsideStaysWritableAndVisibleWhenALinkOfThatNameIsMasked() throws IOException {
        Path file = Files.writeString(work.resolve(id + "-precious"), "precious");
        link("masked", file.toString());
        String out = attempt(TestBundle.linux(shell("cat /masked"), l -> l.maskedPaths(List.of("/masked")).readonlyPaths(List.of("/masked"))));
        assertThat(out).doesNotContain("precious");
        assertThat(file).hasContent("precious").isWritable();
    }

    @Test
    void aLinkedProcDoesNotLetAnImageForgeItsOwn() throws IOException {
        Files.createDirectories(image.resolve("fake"));
        link("proc", "/fake");
        assertThat(attempt(shell("cat /fake/1/comm; cat /proc/self/oom_score_adj"))).isEqualTo("sh\n0\n");
    }

    @Test
    void theHostsFilesAreOutOfReach() throws IOException {
        Path file = Files.writeString(outside.resolveSibling(id + "-file"), "precious");
        assertThat(attempt(shell("cat " + file + "; cat " + "../".repeat(30) + file.toString().substring(1) + "; cat /proc/1/root" + file)))
                .doesNotContain("precious").contains("No such file");
    }

    @Test
    void noDescriptorOfTheHostCanBeTheDirectory() {
        for (int number = 3; number < 50; number++) {
            String path = "/proc/self/fd/" + number;
            Fault fault = refusal(TestBundle.process(bundle("/bin/true"), p -> p.cwd(path)));
            assertThat(fault).as(path).hasMessageContaining("change directory");
        }
    }

    @Test
    void noDescriptorOfTheHostCanBeTheProgram() {
        for (int number = 3; number < 50; number++) {
            assertThat(refusal(bundle("/proc/self/fd/" + number))).isNotNull();
        }
    }

    @Test
    void theMonitorsProgramCannotBeReachedForWriting() {
        assertThat(attempt(shell("readlink /proc/1/exe"))).doesNotContain("carafe");
    }

    @Test
    void mountsAndNamespacesAreRefused() {
        assertThat(attempt(shell("mount -t tmpfs tmpfs /tmp; umount /proc/sys; unshare -m true; chroot / true && mount -o remount,rw /sys")))
                .contains("permission denied").doesNotContain("ran");
    }

    @Test
    void aBlockDeviceThatTheContainerMakesCannotBeOpened() {
        assertThat(attempt(shell("mknod /tmp/disk b $(cut -d: -f1 /sys/dev/block/254:0/dev 2>/dev/null || echo 254) 0; head -c 1 /tmp/disk"))).contains("Operation not permitted");
    }

    @Test
    void anOrdinaryUserCannotWriteToTheImage() {
        assertThat(attempt(TestBundle.process(shell("echo x > /etc/passwd"), p -> p.user(User.of(1000, 1000))))).contains("Permission denied");
    }
}
