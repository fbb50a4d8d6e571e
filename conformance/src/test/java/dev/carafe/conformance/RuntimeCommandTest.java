package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The runtime's commands on the running kernel, as engines call them: beneath a warm engine and in a JVM of the call's own. */
@ParameterizedClass(name = "{0}")
@EnumSource(EngineMode.class)
class RuntimeCommandTest extends CommandSuite {
    private RuntimeBundle bundle;

    @BeforeEach
    void bundle() {
        bundle = new RuntimeBundle(carafe);
    }

    @AfterEach
    void removeBundle() {
        bundle.close();
    }

    @Test
    void aContainerIsCreatedStartedAndDeleted() {
        bundle.runs("sh", "-c", "echo ran > /tmp/out; sleep 100");
        Path pidFile = bundle.directory().resolve("pid");
        bundle.check("create", "--pid-file", pidFile.toString(), "one");
        JsonObject state = bundle.stateOf("one");
        assertThat(state.get("status").getAsString()).isEqualTo("created");
        assertThat(state.get("bundle").getAsString()).isEqualTo(bundle.directory().toString());
        assertThat(state.get("rootfs").getAsString()).isEqualTo(bundle.directory() + "/rootfs");
        assertThat(state.get("owner").getAsString()).isEqualTo("root");
        assertThat(Tools.read(pidFile)).isEqualTo(state.get("pid").getAsString());
        assertThat(bundle.directory().resolve("rootfs/tmp/out")).doesNotExist();

        bundle.check("start", "one");
        assertThat(bundle.status("one")).isEqualTo("running");
        assertThat(Tools.await(() -> Tools.read(bundle.directory().resolve("rootfs/tmp/out")).equals("ran\n"))).isTrue();
        Outcome again = bundle.call("start", "one");
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.error()).contains("cannot start an already running container");
        assertThat(bundle.call("delete", "one").error()).contains("cannot delete container one that is not stopped: running");

        bundle.check("kill", "one", "KILL");
        assertThat(bundle.becomes("one", "stopped")).isTrue();
        assertThat(bundle.stateOf("one").get("pid").getAsInt()).isZero();
        assertThat(bundle.call("start", "one").error()).contains("cannot start a container that has stopped");
        bundle.check("delete", "one");
        assertThat(bundle.call("state", "one").error()).contains("container does not exist");
    }

    @Test
    void runEndsWithTheStatusOfTheProgramAndLeavesNothing() {
        assertThat(bundle.runs("sh", "-c", "echo out; exit 7").call("run", "r")).satisfies(outcome -> {
            assertThat(outcome.status()).isEqualTo(7);
            assertThat(outcome.out()).isEqualTo("out\n");
        });
        assertThat(bundle.runs("sh", "-c", "kill -TERM $$; sleep 9").edit(c -> c.getAsJsonObject("linux").getAsJsonArray("namespaces").remove(0))
                .call("run", "r").status()).isEqualTo(128 + 15);
        assertThat(bundle.check("list", "-q")).isEmpty();
        bundle.runs("true").check("run", "--keep", "kept");
        assertThat(bundle.status("kept")).isEqualTo("stopped");
    }

    @Test
    void aSignalToRunReachesTheContainer() throws IOException {
        bundle.runs("sh", "-c", "trap 'exit 21' TERM; echo ready > /tmp/ready; while :; do sleep 0.05; done");
        Process run = bundle.builder("run", "signalled").start();
        assertThat(Tools.await(() -> Files.exists(bundle.directory().resolve("rootfs/tmp/ready")))).isTrue();
        run.destroy();
        assertThat(run.onExit().join().exitValue()).isEqualTo(21);
    }

    @Test
    void aContainerOutlivesItsCallers() throws IOException {
        bundle.runs("sleep", "100");
        Process run = bundle.builder("run", "lasting").start();
        assertThat(Tools.await(() -> bundle.call("state", "lasting").out().contains("running"))).isTrue();
        run.destroyForcibly();
        carafe.killEngine();
        assertThat(run.onExit().join().exitValue()).isEqualTo(128 + 9);
        assertThat(bundle.status("lasting")).isEqualTo("running");
        bundle.check("exec", "lasting", "true");
    }

    @Test
    void aMissingProgramIsToldWhenTheContainerIsCreated() {
        Outcome outcome = bundle.runs("nonexistent").call("create", "none");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.error()).contains("executable file not found in $PATH");
        assertThat(bundle.runs("/bin/nonexistent").call("create", "none").error()).contains("no such file or directory");
        bundle.runs("/etc").check("create", "directory");
        assertThat(bundle.call("start", "directory").error()).contains("permission denied");
        bundle.check("delete", "directory");
        assertThat(bundle.check("list", "-q")).isEmpty();
    }

    @Test
    void anIdIsUsedOnceAndMustBeAName() {
        bundle.runs("sleep", "100").check("create", "same");
        assertThat(bundle.call("create", "same").error()).contains("container with given ID already exists");
        assertThat(bundle.status("same")).isEqualTo("created");
        for (String id : List.of("../up", "a/b", "..", "with space")) {
            assertThat(bundle.call("create", id).error()).as(id).contains("invalid container ID format");
        }
    }

    @Test
    void whatTheCallerPassesOnIsInherited() throws IOException {
        Files.writeString(bundle.directory().resolve("passed"), "given");
        bundle.runs("sh", "-c", "ulimit -n; cat <&4; ls /proc/self/fd | wc -l").edit(c -> c.getAsJsonObject("process").remove("rlimits"));
        Outcome outcome = bundle.shell("ulimit -n 777; exec 3</dev/null 4<passed 5</dev/null; $RUNTIME run --preserve-fds 2 heir");
        // Streams, the two that are passed on, and the one by which ls reads the directory.
        assertThat(outcome.out()).as(outcome.toString()).isEqualTo("777\ngiven6\n");
        Outcome missing = bundle.shell("exec 3<&- 4<&-; $RUNTIME run --preserve-fds 1 heir");
        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.error()).contains("please check that preserved-fd 0 (of 1) is present");
        assertThat(bundle.shell("exec 3</dev/null 4<passed; LISTEN_FDS=2 $RUNTIME run heir").out()).isEqualTo("1024\ngiven6\n".replace("1024", own()));
    }

    private static String own() {
        return Tools.check("sh", "-c", "ulimit -n").strip();
    }

    @Test
    void execRunsFurtherProcesses() {
        bundle.runs("sleep", "100").check("run", "-d", "host");
        assertThat(bundle.call("exec", "host", "sh", "-c", "exit 9").status()).isEqualTo(9);
        assertThat(bundle.check("exec", "--cwd", "/tmp", "-e", "A=b", "--user", "7:8", "--additional-gids", "9", "host", "sh", "-c", "pwd; echo $A; id"))
                .isEqualTo("/tmp\nb\nuid=7 gid=8 groups=9\n");
        assertThat(bundle.check("exec", "--cap", "CAP_SYS_ADMIN", "host", "grep", "CapEff", "/proc/self/status").strip()).endsWith("0000000020200420");
        Outcome missing = bundle.call("exec", "host", "nonexistent");
        assertThat(missing.status()).isEqualTo(255);
        assertThat(missing.error()).contains("exec failed: ").contains("executable file not found in $PATH");

        Path process = Tools.write(bundle.directory().resolve("process.json"),
                "{\"user\":{\"uid\":3,\"gid\":4},\"args\":[\"sh\",\"-c\",\"id > /tmp/id; sleep 50\"],\"cwd\":\"/tmp\",\"env\":[\"PATH=/bin\"]}");
        Tools.check("chmod", "777", bundle.directory().resolve("rootfs/tmp").toString());
        Path pid = bundle.directory().resolve("exec.pid");
        bundle.check("exec", "-d", "-p", process.toString(), "--pid-file", pid.toString(), "host");
        assertThat(Tools.await(() -> Tools.read(bundle.directory().resolve("rootfs/tmp/id")).equals("uid=3 gid=4\n"))).isTrue();
        assertThat(bundle.check("ps", "--format", "json", "host")).contains(Tools.read(pid));
        assertThat(bundle.check("ps", "host", "-eo", "pid,args")).contains("sleep 100").contains("sleep 50").doesNotContain("java");
        assertThat(bundle.directory().resolve("state/host/exec")).isEmptyDirectory();
    }

    @Test
    void aTerminalGoesToTheConsoleSocket() throws IOException {
        bundle.runs("sh", "-c", "tty; sleep 100").edit(c -> c.getAsJsonObject("process").addProperty("terminal", true));
        assumeThat(Tools.has("python3")).as("python3 is there: it receives descriptors, which Java cannot").isTrue();
        Path socket = bundle.directory().resolve("console.sock");
        assertThat(bundle.call("create", "shown").error()).contains("a terminal needs somebody to hold its near side");
        Process holder = new ProcessBuilder("python3", "-c", """
                import array, os, socket, sys
                server = socket.socket(socket.AF_UNIX); server.bind(sys.argv[1]); server.listen(1); print("ready", flush=True)
                data, control, flags, address = server.accept()[0].recvmsg(64, socket.CMSG_SPACE(4))
                print(os.read(array.array("i", control[0][2])[0], 100).decode().strip(), flush=True)
                sys.stdin.read()
                """, socket.toString()).redirectErrorStream(true).start();
        try (var lines = holder.inputReader(); var end = holder.getOutputStream()) {
            assertThat(lines.readLine()).isEqualTo("ready");
            bundle.check("create", "--console-socket", socket.toString(), "shown");
            bundle.check("start", "shown");
            assertThat(lines.readLine()).startsWith("/dev/pts/");
            assertThat(bundle.status("shown")).isEqualTo("running");
        }
    }

    @Test
    void aPausedContainerStandsStill() {
        bundle.runs("sleep", "100").check("run", "-d", "still");
        assertThat(bundle.call("resume", "still").error()).contains("container not paused");
        bundle.check("pause", "still");
        assertThat(bundle.status("still")).isEqualTo("paused");
        Outcome exec = bundle.call("exec", "still", "true");
        assertThat(exec.status()).isEqualTo(255);
        assertThat(exec.error()).contains("cannot exec in a paused container (use --ignore-paused to override)");
        bundle.check("resume", "still");
        assertThat(bundle.status("still")).isEqualTo("running");
        bundle.check("pause", "still");
        bundle.check("kill", "still", "9");
        assertThat(bundle.becomes("still", "stopped")).isTrue();
    }

    @Test
    void killTakesNamesAndNumbersAndReachesAll() {
        bundle.runs("sh", "-c", "trap '' TERM; sleep 100 & sleep 100").check("run", "-d", "many");
        assertThat(Tools.await(() -> bundle.check("ps", "-f", "json", "many").split(",").length >= 2)).isTrue();
        bundle.check("kill", "many", "0");
        bundle.check("kill", "many", "SIGTERM");
        assertThat(bundle.status("many")).isEqualTo("running");
        assertThat(bundle.call("kill", "many", "NOSUCH").error()).contains("unknown signal ");
        bundle.check("kill", "--all", "many", "sigkill");
        assertThat(bundle.becomes("many", "stopped")).isTrue();
        assertThat(bundle.call("kill", "many").error()).contains("container not running");
        bundle.check("kill", "--all", "many", "KILL");
    }

    @Test
    void withoutAPidNamespaceNothingOutlivesInit() {
        bundle.edit(c -> c.getAsJsonObject("linux").getAsJsonArray("namespaces").remove(0)).runs("sh", "-c", "sleep 100 & sleep 100")
                .check("run", "-d", "shared");
        assertThat(Tools.await(() -> bundle.check("ps", "-f", "json", "shared").split(",").length >= 2)).isTrue();
        bundle.check("kill", "shared", "KILL");
        assertThat(bundle.becomes("shared", "stopped")).isTrue();
        assertThat(Tools.await(() -> bundle.check("ps", "-f", "json", "shared").strip().equals("[]"))).isTrue();
    }

    @Test
    void limitsChangeAndAreCounted() throws IOException {
        bundle.runs("sleep", "100").check("run", "-d", "counted");
        bundle.check("update", "--memory", "64m", "--pids-limit", "20", "counted");
        JsonObject stats = JsonParser.parseString(bundle.check("events", "--stats", "counted")).getAsJsonObject();
        assertThat(stats.get("type").getAsString()).isEqualTo("stats");
        JsonObject data = stats.getAsJsonObject("data");
        assertThat(data.getAsJsonObject("memory").getAsJsonObject("usage").get("limit").getAsLong()).isEqualTo(64 << 20);
        assertThat(data.getAsJsonObject("pids").get("limit").getAsLong()).isEqualTo(20);
        assertThat(data.getAsJsonObject("pids").get("current").getAsLong()).isEqualTo(1);
        assertThat(data.getAsJsonObject("cpu").getAsJsonObject("usage").get("total").getAsLong()).isPositive();

        Path resources = Tools.write(bundle.directory().resolve("resources.json"), "{\"memory\":{\"limit\":33554432,\"swap\":0},\"cpu\":{\"shares\":0},\"pids\":{\"limit\":0}}");
        bundle.check("update", "-r", resources.toString(), "counted");
        bundle.shell("echo '{\"pids\":{\"limit\":30}}' | $RUNTIME update -r - counted");
        data = JsonParser.parseString(bundle.check("events", "--stats", "counted")).getAsJsonObject().getAsJsonObject("data");
        assertThat(data.getAsJsonObject("memory").getAsJsonObject("usage").get("limit").getAsLong()).isEqualTo(32 << 20);
        assertThat(data.getAsJsonObject("pids").get("limit").getAsLong()).isEqualTo(30);
        bundle.check("update", "--memory", "128m", "--memory-swap", "256m", "counted");
        assertThat(bundle.call("update", "--memory", "much", "counted").status()).isEqualTo(1);

        Process events = bundle.builder("events", "--interval", "50ms", "counted").start();
        assertThat(events.inputReader().readLine()).contains("\"type\":\"stats\"");
        bundle.check("kill", "counted", "KILL");
        assertThat(Tools.await(() -> !events.isAlive())).isTrue();
    }

    @Test
    void containersAreListed() {
        assertThat(bundle.call("list").error()).contains("no such file or directory");
        bundle.runs("true").check("run", "first");
        assertThat(bundle.check("list", "--format", "json").strip()).isEqualTo("null");
        bundle.runs("sleep", "100").check("create", "listed");
        assertThat(bundle.check("list", "-q")).isEqualTo("listed\n");
        assertThat(bundle.check("list").lines().toList()).satisfies(lines -> {
            assertThat(lines.getFirst()).matches("ID +PID +STATUS +BUNDLE +CREATED +OWNER");
            assertThat(lines.get(1)).matches("listed +\\d+ +created +\\S+ +\\S+Z +root");
        });
        var json = JsonParser.parseString(bundle.check("list", "-f", "json")).getAsJsonArray();
        assertThat(json.get(0).getAsJsonObject().get("id").getAsString()).isEqualTo("listed");
        assertThat(bundle.call("list", "-f", "yaml").error()).contains("invalid format option");
    }

    @Test
    void errorsGoToTheLogInTheWordsThatEnginesParse() {
        Path log = bundle.directory().resolve("log");
        Outcome outcome = new Running(prepared("--log", log.toString(), "--log-format", "json", "state", "nobody")).await();
        assertThat(outcome.status()).isEqualTo(1);
        JsonObject line = JsonParser.parseString(Tools.read(log)).getAsJsonObject();
        assertThat(line.get("level").getAsString()).isEqualTo("error");
        assertThat(line.get("msg").getAsString()).isEqualTo("open container \"nobody\": container does not exist");
        assertThat(line.get("time").getAsString()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
        assertThat(outcome.error()).isEqualTo("open container \"nobody\": container does not exist\n");
        assertThat(bundle.call("state", "nobody").error()).matches("time=\"[^\"]+\" level=error msg=\"open container .*\"\n");
        assertThat(new Running(prepared("--log-format", "xml", "list")).await().error()).contains("invalid log-format: xml");
        assertThat(bundle.call("delete", "--force", "nobody").status()).isZero();
        assertThat(bundle.call("nonsense").status()).isEqualTo(3);
        assertThat(bundle.call("state", "--nonsense", "x").error()).contains("flag provided but not defined: -nonsense");
        assertThat(new Running(prepared("--systemd-cgroup", "run", "x")).await().error()).contains("systemd");
    }

    private ProcessBuilder prepared(String... words) {
        ProcessBuilder builder = bundle.builder(words);
        builder.command().subList(1, 3).clear();
        builder.command().addAll(1, List.of("--root", bundle.state().toString()));
        return builder;
    }

    @Test
    void aCreationThatIsKilledCanBeDeleted() throws IOException {
        bundle.runs("sleep", "100");
        for (int millis = 5; millis < 400; millis += 36) {
            Process create = bundle.builder("create", "killed").start();
            Tools.pause(millis);
            create.destroyForcibly().onExit().join();
            assertThat(Tools.await(() -> bundle.call("delete", "--force", "killed").status() == 0)).isTrue();
            assertThat(bundle.call("state", "killed").status()).isEqualTo(1);
            assertThat(Tools.await(() -> !Files.exists(bundle.group("pids")))).as("group after " + millis + " ms").isTrue();
        }
    }

    @Test
    void aStartThatIsKilledLeavesAContainerThatIsCreatedOrRuns() throws IOException {
        bundle.runs("sleep", "100");
        for (int millis = 1; millis < 200; millis += 40) {
            bundle.check("create", "either");
            Process start = bundle.builder("start", "either").start();
            Tools.pause(millis);
            start.destroyForcibly().onExit().join();
            String status = bundle.status("either");
            assertThat(status).isIn("created", "running");
            if (status.equals("created")) {
                Outcome again = bundle.call("start", "either");
                assertThat(again.status() == 0 || again.error().contains("already running")).as(again.toString()).isTrue();
            }
            assertThat(bundle.status("either")).isEqualTo("running");
            bundle.check("delete", "--force", "either");
        }
    }

    @Test
    void hooksRunWhereTheLifecycleHasThem() throws IOException {
        Path log = bundle.directory().resolve("hooks");
        Path hook = Tools.write(bundle.directory().resolve("hook"), "#!/bin/sh\necho $1 $(cat | sed 's/.*\"status\":\"\\([a-z]*\\)\".*/\\1/') >> " + log + "\n");
        Tools.check("chmod", "755", hook.toString());
        bundle.runs("sleep", "100").edit(c -> {
            var hooks = new JsonObject();
            for (String kind : List.of("prestart", "createRuntime", "poststart", "poststop")) {
                hooks.add(kind, JsonParser.parseString("[{\"path\":\"" + hook + "\",\"args\":[\"hook\",\"" + kind + "\"],\"env\":[\"PATH=/usr/bin:/bin\"]}]"));
            }
            c.add("hooks", hooks);
        });
        bundle.check("create", "hooked");
        assertThat(Tools.read(log)).isEqualTo("prestart creating\ncreateRuntime creating\n");
        bundle.check("start", "hooked");
        assertThat(Tools.read(log)).endsWith("poststart running\n");
        bundle.check("delete", "--force", "hooked");
        assertThat(Tools.read(log)).endsWith("poststart running\npoststop stopped\n");
    }

    @Test
    void aCheckpointThatCannotBeMadeIsToldAndTheContainerRunsOn() {
        CheckpointTest.isToldWithoutHarm(bundle);
    }

    @Test
    void theConfigurationMayLieElsewhere() throws IOException {
        bundle.runs("sh", "-c", "echo elsewhere");
        Path config = Files.move(bundle.directory().resolve("config.json"), bundle.directory().resolve("other.json"));
        assertThat(bundle.check("run", "--config", config.toString(), "one")).isEqualTo("elsewhere\n");
        assertThat(bundle.check("run", "-f", "other.json", "one")).isEqualTo("elsewhere\n");
    }

    @Test
    void allOfAnExpressionAreDeleted() {
        bundle.runs("sleep", "1000");
        for (String id : List.of("web-1", "web-2", "db")) {
            bundle.edit(config -> config.getAsJsonObject("linux").addProperty("cgroupsPath", carafe.group() + "/" + id));
            bundle.check("run", "-d", id);
        }
        assertThat(bundle.call("delete", "--regex", "[").status()).isEqualTo(1);
        bundle.check("delete", "--force", "--regex", "^web-");
        assertThat(bundle.check("list", "-q")).isEqualTo("db\n");
    }

    @Test
    void whatIsLeftOutIsTold() {
        bundle.runs("true").edit(config -> config.getAsJsonObject("process").getAsJsonObject("capabilities").getAsJsonArray("bounding").add("CAP_NO_SUCH"));
        Outcome run = bundle.call("run", "one");
        assertThat(run.status()).isZero();
        assertThat(run.error()).contains("level=warning", "unknown capability \\\"CAP_NO_SUCH\\\", left out").hasLineCount(1);
    }

    @Test
    void theCallersNullDeviceBecomesTheContainersOwn() {
        bundle.runs("sleep", "1000");
        bundle.check("run", "-d", "one");
        String device = "/proc/" + bundle.stateOf("one").get("pid").getAsInt() + "/fd/0";
        assertThat(bundle.shell("stat -L -c %d " + device + " /dev/null | uniq | wc -l").out().trim()).isEqualTo("2");
    }

    @Test
    void theFeaturesDocumentAndTheExampleAreThere() throws IOException {
        JsonObject features = JsonParser.parseString(bundle.check("features")).getAsJsonObject();
        assertThat(features.keySet()).contains("ociVersionMin", "ociVersionMax", "hooks", "mountOptions", "linux", "annotations", "potentiallyUnsafeConfigAnnotations");
        assertThat(features.getAsJsonObject("linux").keySet()).contains("namespaces", "capabilities", "cgroup", "seccomp", "apparmor", "selinux", "intelRdt",
                "memoryPolicy", "mountExtensions", "netDevices");
        assertThat(bundle.call("spec").error()).contains("file config.json exists. Remove it first");
        Path other = Files.createDirectory(bundle.directory().resolve("other"));
        bundle.check("spec", "--rootless", "-b", other.toString());
        assertThat(Tools.read(other.resolve("config.json"))).contains("\"uidMappings\"").doesNotContain("\"network\"");
        assertThat(bundle.check("--version")).startsWith("carafe-runtime version ").contains("\nspec: ");
    }
}
