package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The runtime beneath buildah, on a store of its own; skipped where it is not installed. */
@Timeout(400)
class RuntimeBelowBuildahTest extends CommandSuite {
    private PeerHost host;

    @BeforeEach
    void importImage() {
        assumeThat(Tools.has("buildah") && Tools.has("nsenter")).as("buildah is installed").isTrue();
        host = new PeerHost(carafe);
        host.file("policy.json", "{\"default\":[{\"type\":\"insecureAcceptAnything\"}]}");
        host.set("CONTAINERS_CONF", host.file("containers.conf", """
                [containers]
                default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
                """).toString());
        // What the build's own programs leave for the time of a run lies here too.
        host.set("TMPDIR", host.place().toString());
        assumeThat(buildah("pull", "--signature-policy", host.place() + "/policy.json", "docker-archive:" + host.image("localhost/box:1", "sh")))
                .as("buildah works here").matches(outcome -> outcome.status() == 0);
    }

    @AfterEach
    void removeStore() {
        if (host != null) {
            host.close();
        }
    }

    private Outcome buildah(String... words) {
        var all = new ArrayList<String>(List.of("buildah", "--root", host.place() + "/root", "--runroot", host.place() + "/run", "--storage-driver", "vfs"));
        all.addAll(Arrays.asList(words));
        return host.call(all.toArray(String[]::new));
    }

    private String check(String... words) {
        Outcome outcome = buildah(words);
        assertThat(outcome.status()).as("%s: %s", List.of(words), outcome).isZero();
        return outcome.out().strip();
    }

    private Outcome run(String container, String... words) {
        var all = new ArrayList<String>(List.of("run", "--isolation", "oci", "--runtime", host.runtime().toString(), "--network", "none", container, "--"));
        all.addAll(Arrays.asList(words));
        return buildah(all.toArray(String[]::new));
    }

    @Test
    void buildahRunsAndBuilds() {
        String container = check("from", "--signature-policy", host.place() + "/policy.json", "--pull-never", "--cgroup-parent", host.group() + "/run", "localhost/box:1");
        assertThat(run(container, "sh", "-c", "echo out; exit 7")).satisfies(outcome -> {
            assertThat(outcome.out()).as(outcome.toString()).isEqualTo("out\n");
            assertThat(outcome.status()).isEqualTo(7);
        });
        for (int turn = 0; turn < 10; turn++) {
            assertThat(run(container, "sh", "-c", "exit 1").status()).as("buildah waits for the very process").isEqualTo(1);
        }
        assertThat(run(container, "nonexistent").error()).contains("executable file not found in $PATH");
        assertThat(run(container, "sh", "-c", "echo kept >/kept; id -u").out()).isEqualTo("0\n");
        check("rm", container);

        host.file("Dockerfile", "FROM localhost/box:1\nRUN echo one >/made && cat /proc/1/comm >/first\nRUN mkdir /own && chmod 777 /own\nUSER 7\nRUN id -u >/own/user\n");
        check("bud", "--signature-policy", host.place() + "/policy.json", "--pull-never", "--isolation", "oci", "--runtime", host.runtime().toString(), "--network", "none",
                "--cgroup-parent", host.group() + "/bud", "-t", "built:1", "-f", host.place() + "/Dockerfile", host.place().toString());
        String built = check("from", "--signature-policy", host.place() + "/policy.json", "--pull-never", "--cgroup-parent", host.group() + "/built", "built:1");
        assertThat(run(built, "sh", "-c", "cat /made /first /own/user; id -u").out()).isEqualTo("one\ncat\n7\n7\n");
        check("rm", built);
        check("rmi", "-fa");
        host.assertNothingLeft();
    }
}
