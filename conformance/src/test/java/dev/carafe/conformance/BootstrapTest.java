package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Base images without a registry. */
class BootstrapTest extends CommandSuite {
    @Test
    void busyboxIsThereWithoutAnybody() {
        assertThat(carafe.check("image", "bootstrap", "-t", "localhost/little:1", "busybox")).isEqualTo("localhost/little:1\n");
        assertThat(carafe.check("run", "--rm", "little:1", "echo", "small")).isEqualTo("small\n");
        carafe.check("rmi", "little:1");
    }

    @Test
    void whatIsNoRecipeIsRefused() throws java.io.IOException {
        assertThat(carafe.call("image", "bootstrap", "debian").error()).contains("expected busybox or DISTRIBUTION:SUITE").hasLineCount(1);
        Path apt = Files.createDirectories(carafe.work().resolve("apt"));
        assertThat(carafe.call("image", "bootstrap", "--apt", apt.toString(), "debian:bookworm").error()).contains("no archive of packages").hasLineCount(1);
        Tools.write(apt.resolve("sources.list"), "deb [signed-by=/nosuch.gpg] file:" + apt + " bookworm main\n");
        assertThat(carafe.call("image", "bootstrap", "-q", "--apt", apt.toString(), "debian:bookworm").error()).contains("/nosuch.gpg").hasLineCount(1);
        Tools.deleteTree(apt);
    }

    @Test
    @Timeout(900)
    void debianIsMadeTheSameTwice() {
        assumeThat(System.getenv("CARAFE_TEST_BOOTSTRAP")).as("CARAFE_TEST_BOOTSTRAP: a hundred packages are fetched and set up twice, which takes minutes").isNotNull();
        carafe.check("image", "bootstrap", "-q", "--cgroup-parent", carafe.group(), "debian:bookworm");
        carafe.check("image", "bootstrap", "-q", "--cgroup-parent", carafe.group(), "-t", "localhost/again:1", "debian:bookworm");
        assertThat(carafe.check("images", "-q", "--no-trunc", "again:1")).isEqualTo(carafe.check("images", "-q", "--no-trunc", "debian:bookworm"));
        assertThat(carafe.check("run", "--rm", "debian:bookworm", "sh", "-c", "dpkg --audit; . /etc/os-release; echo $VERSION_CODENAME")).isEqualTo("bookworm\n");
        carafe.check("rmi", "again:1", "debian:bookworm");
        carafe.mark();
    }
}
