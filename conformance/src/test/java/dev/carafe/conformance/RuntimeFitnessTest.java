package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the runtime finds when it comes: groups that are in use, hooks that count on their caller, devices and mounts that engines pass on. */
class RuntimeFitnessTest extends CommandSuite {
    private RuntimeBundle bundle;

    @BeforeEach
    void makeBundle() {
        bundle = new RuntimeBundle(carafe);
    }

    @AfterEach
    void removeBundle() {
        bundle.close();
    }

    @Test
    void noContainerBeginsInAGroupThatIsFrozen() throws IOException {
        Path freezer = bundle.group("freezer");
        assumeThat(Files.isDirectory(Path.of("/sys/fs/cgroup/freezer"))).as("the freezer is a hierarchy of version 1").isTrue();
        Files.createDirectories(freezer);
        Tools.write(freezer.resolve("freezer.state"), "FROZEN");
        Outcome refused = bundle.runs("true").call("run", "cold");
        assertThat(refused.error()).contains("container's cgroup unexpectedly frozen");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(bundle.check("list", "-q")).isEmpty();
        Files.delete(freezer);
        bundle.check("run", "cold");
    }

    @Test
    void noContainerBeginsInTheGroupOfAnother() {
        bundle.runs("sleep", "1000").check("run", "-d", "first");
        Outcome refused = bundle.call("create", "second");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(Tools.read(bundle.directory().resolve("error"))).contains("container's cgroup is not empty: 1 process(es) found");
        assertThat(bundle.status("first")).isEqualTo("running");
        bundle.check("delete", "--force", "first");
        bundle.check("create", "second");
    }

    @Test
    void whatOutlivesInitCanBeKilledAndIsGoneWithTheContainer() {
        bundle.edit(c -> c.getAsJsonObject("linux").getAsJsonArray("namespaces").remove(0)).runs("sh", "-c", "sleep 1000 & exit 0").check("run", "-d", "gone");
        assertThat(bundle.becomes("gone", "stopped")).isTrue();
        assertThat(bundle.check("ps", "-f", "json", "gone").strip()).isNotEqualTo("[]");
        bundle.check("kill", "gone", "KILL");
        assertThat(Tools.await(() -> bundle.check("ps", "-f", "json", "gone").strip().equals("[]"))).isTrue();
    }

    @Test
    void aHookWithoutAnEnvironmentHasThatOfItsCallerAndInsideThatOfTheProcess() {
        Path log = bundle.directory().resolve("log");
        bundle.runs("true").edit(c -> {
            c.getAsJsonObject("process").add("env", JsonParser.parseString("[\"PATH=/bin\",\"INSIDE=yes\"]"));
            var hooks = new JsonObject();
            hooks.add("createRuntime", JsonParser.parseString("[{\"path\":\"/bin/sh\",\"args\":[\"sh\",\"-c\",\"echo $OUTSIDE $INSIDE >" + log + "\"]}]"));
            hooks.add("startContainer", JsonParser.parseString("[{\"path\":\"/bin/sh\",\"args\":[\"sh\",\"-c\",\"echo $OUTSIDE $INSIDE >/tmp/inside\"]}]"));
            c.add("hooks", hooks);
        });
        bundle.shell("OUTSIDE=caller exec $RUNTIME run hooked");
        assertThat(Tools.read(log)).isEqualTo("caller\n");
        assertThat(Tools.read(bundle.directory().resolve("rootfs/tmp/inside"))).isEqualTo("yes\n");
    }

    @Test
    void aPoststartHookThatFailsTakesTheContainerAway() {
        Path log = bundle.directory().resolve("log");
        bundle.runs("sleep", "1000").edit(c -> {
            var hooks = new JsonObject();
            hooks.add("poststart", JsonParser.parseString("[{\"path\":\"/bin/false\"}]"));
            hooks.add("poststop", JsonParser.parseString("[{\"path\":\"/bin/sh\",\"args\":[\"sh\",\"-c\",\"echo stopped >" + log + "\"]}]"));
            c.add("hooks", hooks);
        });
        bundle.check("create", "failing");
        Outcome start = bundle.call("start", "failing");
        assertThat(start.status()).isEqualTo(1);
        assertThat(start.error()).contains("poststart");
        assertThat(bundle.call("state", "failing").error()).contains("does not exist");
        assertThat(Tools.read(log)).isEqualTo("stopped\n");
    }

    @Test
    void aReadonlyDevHasItsDevicesAndMountsAllTheSame() {
        bundle.runs("sh", "-c", "ls /dev/null /dev/pts/ptmx; echo x >/dev/new").edit(c -> c.getAsJsonArray("mounts").forEach(m -> {
            if (m.getAsJsonObject().get("destination").getAsString().equals("/dev")) {
                m.getAsJsonObject().getAsJsonArray("options").add("ro");
            }
        }));
        Outcome outcome = bundle.call("run", "fixed");
        assertThat(outcome.out()).isEqualTo("/dev/null\n/dev/pts/ptmx\n");
        assertThat(outcome.error()).contains("Read-only file system");
        bundle.runs("sh", "-c", "ls -l /dev/console").edit(c -> c.getAsJsonObject("process").addProperty("terminal", true));
        assertThat(bundle.check("run", "seen")).startsWith("crw");
    }

    @Test
    void anAmbientCapabilityThatCannotBeRaisedIsTold() {
        bundle.runs("true").edit(c -> c.getAsJsonObject("process").getAsJsonObject("capabilities").add("ambient", JsonParser.parseString("[\"CAP_KILL\"]")));
        assertThat(bundle.call("run", "weaker")).satisfies(outcome -> {
            assertThat(outcome.status()).isZero();
            assertThat(outcome.error()).contains("level=warning").contains("can't raise ambient capability CAP_KILL");
        });
    }
}
