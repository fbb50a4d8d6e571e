package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code carafe exec}. */
class ExecTest extends CommandSuite {
    @BeforeEach
    void start() {
        carafe.detached("--name", "box", "-e", "INHERITED=yes", "-w", "/tmp", "busybox", "sleep", "1000");
    }

    @Test
    void runsACommandBesideTheOthers() {
        Outcome outcome = carafe.call("exec", "box", "sh", "-c", "echo out; echo err >&2; ps; exit 7");
        assertThat(outcome.out()).startsWith("out\n").contains("sleep 1000");
        assertThat(outcome.error()).isEqualTo("err\n");
        assertThat(outcome.status()).isEqualTo(7);
    }

    @Test
    void isConfinedAsTheContainerIs() {
        String[] kinds = {"mnt", "pid", "net", "ipc", "uts", "cgroup"};
        for (String kind : kinds) {
            assertThat(carafe.check("exec", "box", "readlink", "/proc/self/ns/" + kind)).isEqualTo(carafe.check("exec", "box", "readlink", "/proc/1/ns/" + kind));
        }
        assertThat(carafe.check("exec", "box", "grep", "-E", "^(CapEff|CapBnd|Seccomp):", "/proc/self/status"))
                .isEqualTo(carafe.check("exec", "box", "grep", "-E", "^(CapEff|CapBnd|Seccomp):", "/proc/1/status"));
        assertThat(carafe.check("exec", "box", "cat", "/proc/self/cgroup")).isEqualTo(carafe.check("exec", "box", "cat", "/proc/1/cgroup"));
    }

    @Test
    void obeysItsOptions() {
        assertThat(carafe.check("exec", "-e", "MINE=1", "-w", "/etc", "-u", "12:34", "box", "sh", "-c", "echo $MINE $INHERITED; pwd; id -u; id -g"))
                .isEqualTo("1 yes\n/etc\n12\n34\n");
        assertThat(carafe.check("exec", "box", "pwd")).isEqualTo("/tmp\n");
        assertThat(carafe.check("exec", "-u", "nobody", "box", "id", "-un")).isEqualTo("nobody\n");
        assertThat(carafe.check("exec", "--privileged", "box", "grep", "CapEff", "/proc/self/status").trim())
                .endsWith(Tools.check("grep", "CapBnd", "/proc/self/status").substring(7).trim());
    }

    @Test
    void carriesInputUnchanged() throws InterruptedException {
        byte[] bytes = new byte[3_000_001];
        new Random(3).nextBytes(bytes);
        try (Running command = carafe.start("exec", "-i", "box", "cat")) {
            Thread feeder = Thread.ofVirtual().start(() -> {
                try (OutputStream in = command.in()) {
                    in.write(bytes);
                } catch (IOException e) {
                    // What did not arrive shows in the output.
                }
            });
            Outcome outcome = command.await();
            feeder.join();
            assertThat(outcome.output()).isEqualTo(bytes);
        }
    }

    @Test
    void leavesADetachedCommandRunning() {
        Outcome outcome = carafe.call("exec", "-d", "box", "sh", "-c", "sleep 0.2; touch /done");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.out()).isEmpty();
        assertThat(Tools.await(() -> carafe.call("exec", "box", "test", "-e", "/done").status() == 0)).isTrue();
    }

    @Test
    void tellsWhatCannotBeExecuted() {
        assertThat(carafe.call("exec", "box", "nosuch").status()).isEqualTo(127);
        assertThat(carafe.call("exec", "box", "nosuch").error()).contains("\"nosuch\"").hasLineCount(1);
        assertThat(carafe.call("exec", "box", "/etc/passwd").status()).isEqualTo(126);
        assertThat(carafe.call("exec", "-w", "/no/such/directory", "box", "true").status()).isEqualTo(126);
        assertThat(carafe.call("exec", "-u", "nosuchuser", "box", "true").status()).isEqualTo(126);
        assertThat(carafe.call("exec", "-d", "box", "nosuch").status()).isEqualTo(1);
        assertThat(carafe.call("exec", "-u", "nosuchuser", "box", "true").error()).contains("nosuchuser").hasLineCount(1);
        assertThat(carafe.call("exec", "nobody", "true").status()).isEqualTo(1);
    }

    @Test
    void endsAsTheCommandThatASignalEnded() {
        assertThat(carafe.call("exec", "box", "sh", "-c", "kill -KILL $$").status()).isEqualTo(137);
    }

    @Test
    void endsWithTheContainer() {
        try (Running command = carafe.start("exec", "box", "sh", "-c", "echo begun; sleep 1000")) {
            command.awaitOutput("begun");
            carafe.check("kill", "box");
            assertThat(command.await().status()).isEqualTo(137);
        }
    }

    @Test
    void refusesAContainerThatHasEnded() {
        carafe.check("kill", "box");
        carafe.check("wait", "box");
        Outcome outcome = carafe.call("exec", "box", "true");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.error()).contains("not running").hasLineCount(1);
    }

    @Test
    void runsManyAtOnce() {
        var running = new java.util.ArrayList<Running>();
        for (int k = 0; k < 12; k++) {
            running.add(carafe.start("exec", "box", "sh", "-c", "sleep 0.1; echo " + k + "; exit " + k));
        }
        for (int k = 0; k < 12; k++) {
            assertThat(running.get(k).await()).extracting(Outcome::out, Outcome::status).containsExactly(k + "\n", k);
        }
    }

    @Test
    void keepsTheGroupsThatTheContainerWasGiven() {
        carafe.detached("--name", "grouped", "--group-add", "777", "--user", "65534", "busybox", "sleep", "1000");
        assertThat(carafe.check("exec", "grouped", "id", "-G").trim().split(" ")).contains("65534", "777");
        assertThat(carafe.check("exec", "-u", "5:6", "grouped", "id", "-G").trim().split(" ")).containsExactlyInAnyOrder("6", "777");
    }
}
