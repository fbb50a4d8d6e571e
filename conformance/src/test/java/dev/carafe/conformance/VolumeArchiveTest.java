package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Volumes as archives, on the host, and in the account of what is on the disk. */
class VolumeArchiveTest extends CommandSuite {
    @Test
    void goOutAndComeBackWithOwnersAndModes() {
        carafe.check("volume", "create", "from");
        carafe.check("run", "--rm", "-v", "from:/v", "busybox", "sh", "-c", "cd /v; mkdir d; echo text > d/f; chmod 640 d/f; chown 5:6 d/f; ln -s d/f l");
        String archive = carafe.work().resolve("v.tar").toString();
        carafe.check("volume", "export", "-o", archive, "from");
        assertThat(Tools.check("tar", "tvf", archive)).contains("d/f").contains("l -> d/f");
        carafe.check("volume", "create", "to");
        carafe.check("run", "--rm", "-v", "to:/v", "busybox", "sh", "-c", "echo old > /v/old; mkdir /v/d; echo older > /v/d/f");
        // Gzip is taken as well.
        Tools.check("gzip", "-k", archive);
        carafe.check("volume", "import", "to", archive + ".gz");
        assertThat(carafe.check("run", "--rm", "-v", "to:/v", "busybox", "sh", "-c", "cd /v; stat -c '%a %u %g' d/f; cat l old"))
                .isEqualTo("640 5 6\ntext\nold\n");
        // No link in a volume leads an archive elsewhere.
        carafe.check("run", "--rm", "-v", "to:/v", "busybox", "sh", "-c", "rm -r /v/d; ln -s /etc /v/d");
        assertThat(carafe.call("volume", "import", "to", archive).error()).contains("cannot overwrite a non-directory with a directory");
        Tools.check("sh", "-c", "rm " + archive + "*");
        assertThat(carafe.call("volume", "export", "nope").error()).contains("no such volume");
        assertThat(carafe.call("volume", "import", "to", "/nope").status()).isEqualTo(1);
        assertThat(carafe.call("volume", "import", "nope", "/dev/null").error()).contains("no such volume");
    }

    @Test
    void goThroughPipes() throws java.io.IOException {
        carafe.check("volume", "create", "from");
        carafe.check("run", "--rm", "-v", "from:/v", "busybox", "sh", "-c", "echo piped > /v/f");
        Path archive = carafe.work().resolve("p.tar");
        try (Running export = new Running(carafe.builder("volume", "export", "from").redirectOutput(archive.toFile()))) {
            assertThat(export.await().status()).isZero();
        }
        carafe.check("volume", "create", "to");
        try (Running load = new Running(carafe.builder("volume", "import", "to", "-").redirectInput(archive.toFile()))) {
            assertThat(load.await().status()).isZero();
        }
        assertThat(carafe.check("run", "--rm", "-v", "to:/v", "busybox", "cat", "/v/f")).isEqualTo("piped\n");
        Files.delete(archive);
    }

    @Test
    void areMountedByHandForAsLongAsSomebodyWantsThat() {
        carafe.check("volume", "create", "plain");
        Path plain = Path.of(carafe.check("volume", "mount", "plain").trim());
        assertThat(plain).isEqualTo(carafe.root().resolve("volumes/plain/_data"));
        assertThat(carafe.check("volume", "unmount", "plain")).isEqualTo("plain\n");
        carafe.check("volume", "create", "-o", "type=tmpfs", "-o", "device=tmpfs", "memory");
        Path memory = Path.of(carafe.check("volume", "mount", "memory").trim());
        assertThat(carafe.residue().mounts()).hasSize(1);
        Tools.write(memory.resolve("f"), "kept");
        assertThat(carafe.check("run", "--rm", "-v", "memory:/m", "busybox", "cat", "/m/f")).isEqualTo("kept");
        carafe.check("ps");
        assertThat(carafe.residue().mounts()).hasSize(1);
        carafe.check("volume", "umount", "memory");
        assertThat(carafe.residue().mounts()).isEmpty();
        carafe.check("volume", "mount", "memory");
        carafe.check("volume", "rm", "memory");
        assertThat(carafe.residue().mounts()).isEmpty();
    }

    @Test
    void areCountedWithWhatIsOnTheDisk() {
        carafe.check("volume", "create", "idle");
        carafe.check("create", "--name", "user", "-v", "busy:/v", "busybox", "true");
        carafe.check("run", "--rm", "-v", "idle:/v", "busybox", "sh", "-c", "head -c 100000 /dev/zero > /v/x");
        assertThat(carafe.check("system", "df", "--format", "{{.Type}} {{.TotalCount}} {{.Active}}").lines()).contains("Local Volumes 2 1", "Containers 1 0");
        String details = carafe.check("system", "df", "-v");
        assertThat(details.lines()).contains("Images space usage:", "Containers space usage:", "Local Volumes space usage:");
        assertThat(details).containsPattern("(?m)^REPOSITORY +TAG +IMAGE ID +CREATED +SIZE +SHARED SIZE +UNIQUE SIZE +CONTAINERS$")
                .containsPattern("(?m)^(localhost/)?busybox +latest +[0-9a-f]{12} .* 1$").containsPattern("(?m)^[0-9a-f]{12} +busybox +\"true\" +1 .* Created +user$")
                .containsPattern("(?m)^busy +1 +").containsPattern("(?m)^idle +0 +1[0-9.]+kB$");
        assertThat(carafe.call("system", "df", "-v", "--format", "x").status()).isEqualTo(1);
    }
}
