package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The image {@code host:}, the machine's own system under a layer that vanishes. */
class HostImageTest extends CommandSuite {
    @Test
    void hasTheHostsProgramsAndFiles() {
        assertThat(carafe.check("run", "--rm", "host:", "cat", "/etc/os-release")).isEqualTo(Tools.check("cat", "/etc/os-release"));
        assertThat(carafe.check("run", "--rm", "host:", "bash", "-c", "id -u; touch /usr/x; ls /usr/x")).isEqualTo("0\n/usr/x\n");
        assertThat(Path.of("/usr/x")).doesNotExist();
    }

    @Test
    void neverChangesTheHost() {
        String mark = carafe.group().substring(1) + "-inside";
        String script = "for d in / /etc /usr /var /root /tmp /opt /home /srv /boot /run /sys /proc /dev; do touch $d/" + mark + " 2>/dev/null; done; rm -rf /usr/share /etc/passwd; ls /usr";
        assertThat(carafe.check("run", "--rm", "host:", "sh", "-c", script)).doesNotContain("share");
        for (String directory : new String[] {"/", "/etc", "/usr", "/var", "/root", "/tmp", "/opt", "/home", "/srv", "/boot", "/run", "/dev"}) {
            assertThat(Path.of(directory, mark)).doesNotExist();
        }
        assertThat(Path.of("/usr/share")).isNotEmptyDirectory();
        assertThat(Path.of("/etc/passwd")).exists();
    }

    @Test
    void forgetsWhatWasWritten() {
        carafe.check("run", "--name", "volatile", "host:", "sh", "-c", "touch /usr/forgotten");
        assertThat(carafe.call("run", "--rm", "host:", "test", "-e", "/usr/forgotten").status()).isEqualTo(1);
    }
}
