package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the store of images does when it is looked into, when it grows too large, and when the disk is full. */
class ImageStoreTest extends RegistrySuite {
    @Test
    void anImageIsMountedToBeLookedAt() {
        Path path = Path.of(carafe.check("image", "mount", "busybox").trim());
        assertThat(path.resolve("bin/busybox")).isExecutable();
        assertThat(carafe.check("image", "mount", "busybox").trim()).isEqualTo(path.toString());
        assertThat(carafe.check("image", "mount")).contains(path.toString());
        assertThat(Tools.run("touch", path.resolve("new").toString()).error()).contains("Read-only file system");
        assertThat(carafe.call("rmi", "busybox").status()).isZero();
        assertThat(path.resolve("bin/busybox")).isExecutable();
        carafe.check("run", "--rm", "busybox", "true");
        carafe.check("image", "unmount", "--all");
        assertThat(path).doesNotExist();
        assertThat(carafe.call("image", "unmount", "busybox").error()).contains("it is not mounted").hasLineCount(1);
        carafe.mark();
    }

    @Test
    void imagesAreKeptWithinABudget() {
        String name = pushed("app:1");
        carafe.check("pull", name);
        assertThat(carafe.check("image", "prune", "--force", "--keep-storage", "1g")).doesNotContain("untagged");
        assertThat(carafe.check("image", "prune", "--force", "--keep-storage", "0")).contains("untagged: ", "deleted: sha256:");
        assertThat(carafe.check("images", "-q")).isEmpty();
        carafe.check("run", "--rm", "busybox", "true");
        carafe.mark();
    }

    @Test
    void everyByteHasSomebodyItIsKeptFor() {
        String name = pushed("app:1");
        carafe.check("pull", name);
        String id = carafe.detached("--name", "holder", "busybox", "sh", "-c", "echo changed > /file; sleep 1000");
        String why = carafe.check("system", "df", "--why");
        assertThat(why).containsPattern("blob sha256:[0-9a-f]{64}: .*busybox:latest, " + name).containsPattern("layer sha256:[0-9a-f]{64}: .*" + name).containsPattern("changes of a container: holder\n")
                .containsPattern("records and output of a container: holder\n");
        assertThat(why.lines().toList().getLast()).endsWith("in all");
        carafe.check("rm", "-f", id);
    }

    @Test
    void aDiskThatIsFullIsToldAndLeavesAWholeStore() throws IOException {
        assumeThat(Tools.has("mount")).as("mount is installed").isTrue();
        Path disk = Files.createDirectories(carafe.work().resolve("disk"));
        Tools.check("mount", "-t", "tmpfs", "-o", "size=6m", "none", disk.toString());
        try {
            String name = pushed("app:1");
            Path filler = disk.resolve("filler");
            Files.write(filler, new byte[5 << 20]);
            ProcessBuilder pull = onDisk(disk, "pull", name);
            Outcome full = new Running(pull).await();
            assertThat(full.status()).isEqualTo(1);
            assertThat(full.error()).contains("no space left on device (ENOSPC)").hasLineCount(1);
            Files.delete(filler);
            assertThat(new Running(onDisk(disk, "system", "check")).await().out()).contains("0 images, all whole");
            assertThat(new Running(onDisk(disk, "pull", name)).await().status()).isZero();
            assertThat(new Running(onDisk(disk, "system", "check")).await().out()).contains("1 images, all whole");
        } finally {
            Tools.check("umount", disk.toString());
        }
    }

    /** In a process of its own, which ends with the command and so lets go of the disk. */
    private static ProcessBuilder onDisk(Path disk, String... words) {
        ProcessBuilder builder = carafe.builder(words);
        builder.environment().put("CARAFE_ENGINE", "off");
        builder.environment().put("CARAFE_ROOT", disk.resolve("root").toString());
        builder.environment().put("CARAFE_RUN_ROOT", disk.resolve("run").toString());
        return builder;
    }
}
