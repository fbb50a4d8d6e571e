package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@code carafe run}: streams, exit status, what the process is given. */
class RunTest extends CommandSuite {
    private static final int MEGABYTES = 6;

    private static byte[] noise() {
        byte[] bytes = new byte[MEGABYTES * 1024 * 1024 + 13];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    private static Thread feed(Running command, byte[] bytes) {
        return Thread.ofVirtual().start(() -> {
            try (OutputStream in = command.in()) {
                in.write(bytes);
            } catch (IOException e) {
                // What did not arrive shows in the output.
            }
        });
    }

    @Test
    void printsWhatTheProgramPrintsAndNothingElse() {
        Outcome outcome = carafe.call("run", "--rm", "busybox", "echo", "hello");
        assertThat(outcome.out()).isEqualTo("hello\n");
        assertThat(outcome.error()).isEmpty();
        assertThat(outcome.status()).isZero();
    }

    @Test
    void keepsOutputAndErrorApart() {
        Outcome outcome = carafe.call("run", "--rm", "busybox", "sh", "-c", "echo out; echo err >&2; exit 7");
        assertThat(outcome.out()).isEqualTo("out\n");
        assertThat(outcome.error()).isEqualTo("err\n");
        assertThat(outcome.status()).isEqualTo(7);
    }

    @Test
    void exitsAsTheProgramThatASignalEnded() {
        assertThat(carafe.call("run", "--rm", "--init", "busybox", "sh", "-c", "kill -TERM $$").status()).isEqualTo(143);
        assertThat(carafe.call("run", "--rm", "--init", "busybox", "sh", "-c", "kill -KILL $$").status()).isEqualTo(137);
    }

    @Test
    void makesNothingInTheContainersOwnLayerToMountUpon() throws IOException {
        String id = carafe.check("run", "--detach", "busybox", "sleep", "1000").strip();
        Path snapshots = carafe.root().resolve("snapshots/overlay");
        String directory = Files.readString(snapshots.resolve("active").resolve(id)).lines().filter(line -> line.startsWith("directory ")).findFirst().orElseThrow();
        assertThat(snapshots.resolve(directory.substring("directory ".length())).resolve("fs")).isEmptyDirectory();
        assertThat(carafe.check("exec", id, "cat", "/etc/hostname")).isEqualTo(id.substring(0, 12) + "\n");
        carafe.check("rm", "--force", id);
    }

    @Test
    void passesArgumentsByteForByte() {
        String[] arguments = {"two words", "", "\"quoted\" 'text'", "$HOME `id`", "-x", "--rm", "naïve – 漢字 \uD83E\uDD86", "a\nb\t\\"};
        var words = new java.util.ArrayList<String>(java.util.List.of("run", "--rm", "busybox", "sh", "-c", "for a; do printf '[%s]' \"$a\"; done", "sh"));
        words.addAll(java.util.List.of(arguments));
        assertThat(carafe.check(words.toArray(String[]::new))).isEqualTo("[" + String.join("][", arguments) + "]");
    }

    @Test
    void carriesBinaryOutputUnchanged() throws IOException {
        Path file = carafe.work().resolve("noise");
        Files.write(file, noise());
        Outcome outcome = carafe.call("run", "--rm", "-v", file + ":/noise:ro", "busybox", "cat", "/noise");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.output()).isEqualTo(noise());
    }

    @Test
    void carriesMegabytesInBothDirectionsUnchanged() throws InterruptedException {
        byte[] bytes = noise();
        try (Running command = carafe.start("run", "--rm", "-i", "busybox", "cat")) {
            Thread feeder = feed(command, bytes);
            Outcome outcome = command.await();
            feeder.join();
            assertThat(outcome.status()).as(outcome.error()).isZero();
            assertThat(outcome.output()).isEqualTo(bytes);
        }
    }

    @Test
    void givesNoInputWithoutMinusI() {
        try (Running command = carafe.start("run", "--rm", "busybox", "cat")) {
            command.type("unread\n");
            Outcome outcome = command.await();
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.status()).isZero();
        }
    }

    @Test
    void endsWhileItsInputIsStillOpen() {
        try (Running command = carafe.start("run", "--rm", "-i", "busybox", "head", "-n", "1")) {
            command.type("first\nsecond\n");
            assertThat(command.await().out()).isEqualTo("first\n");
        }
    }

    @Test
    void attachesOnlyToTheStreamsThatAreNamed() {
        Outcome outcome = carafe.call("run", "--rm", "-a", "stderr", "busybox", "sh", "-c", "echo out; echo err >&2");
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.error()).isEqualTo("err\n");
    }

    @Test
    void survivesAReaderThatGoesAway() throws IOException, InterruptedException {
        ProcessBuilder builder = carafe.builder("run", "--rm", "busybox", "sh", "-c", "yes | head -c 3000000; echo done >&2");
        Process process = builder.redirectError(carafe.work().resolve("error").toFile()).start();
        process.getInputStream().read(new byte[10]);
        process.getInputStream().close();
        assertThat(process.waitFor(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void worksWithStreamsThatAreClosed() {
        Outcome outcome = Tools.run("sh", "-c", "CARAFE_ENGINE=" + mode.value() + " CARAFE_ROOT=" + carafe.root() + " CARAFE_RUN_ROOT=" + carafe.run() + " "
                + Carafe.program() + " run --rm --cgroup-parent=" + carafe.group() + " --network=none busybox sh -c 'exit 9' <&- >&- 2>&-");
        assertThat(outcome.status()).isEqualTo(9);
    }

    @Test
    void printsTheIdWhenDetachedAndLeavesItRunning() {
        Outcome outcome = carafe.call("run", "-d", "busybox", "sleep", "1000");
        assertThat(outcome.out()).matches("[0-9a-f]{64}\n");
        assertThat(outcome.error()).isEmpty();
        assertThat(carafe.isRunning(outcome.out().trim())).isTrue();
    }

    @Test
    void removesADetachedContainerAtItsEnd() {
        carafe.detached("--rm", "busybox", "sleep", "0.2");
        assertThat(Tools.await(() -> carafe.containers().isEmpty() || !carafe.check("ps", "-aq").isEmpty() && carafe.containers().isEmpty())).isTrue();
    }

    @Test
    void keepsAContainerWithoutRm() {
        assertThat(carafe.call("run", "--name", "kept", "busybox", "sh", "-c", "exit 3").status()).isEqualTo(3);
        assertThat(carafe.check("ps", "-a", "--format", "{{.Names}} {{.Status}}")).startsWith("kept Exited (3) ");
        assertThat(carafe.check("ps", "-q")).isEmpty();
        carafe.check("rm", "kept");
        assertThat(carafe.check("ps", "-aq")).isEmpty();
    }

    @Test
    void refusesANameThatIsTaken() {
        carafe.check("create", "--name", "taken", "busybox");
        Outcome outcome = carafe.call("run", "--rm", "--name", "taken", "busybox", "true");
        assertThat(outcome.status()).isEqualTo(125);
        assertThat(outcome.error()).contains("\"taken\"").contains("in use").hasLineCount(1);
        assertThat(carafe.containers()).hasSize(1);
    }

    @Test
    void setsVariablesFromOptionsFilesAndTheCaller() {
        Path file = Tools.write(carafe.work().resolve("variables"), "# a comment\nFROM_FILE=file value\nBOTH=file\nINHERITED\nMISSING\n");
        ProcessBuilder builder = carafe.builder("run", "--rm", "--env-file", file.toString(), "-e", "BOTH=option", "-e", "MINE", "-e", "EMPTY=", "busybox", "env");
        builder.environment().put("MINE", "of the caller");
        builder.environment().put("INHERITED", "by file");
        String variables = new Running(builder).await().out();
        assertThat(variables.lines()).contains("FROM_FILE=file value", "BOTH=option", "MINE=of the caller", "EMPTY=", "INHERITED=by file", "HOME=/root",
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        assertThat(variables.lines()).noneMatch(line -> line.startsWith("MISSING") || line.startsWith("CARAFE_"));
    }

    @Test
    void startsInTheDirectoryOfTheOption() {
        assertThat(carafe.check("run", "--rm", "-w", "/tmp", "busybox", "pwd")).isEqualTo("/tmp\n");
        assertThat(carafe.check("run", "--rm", "-w", "/not/there/yet", "busybox", "pwd")).isEqualTo("/not/there/yet\n");
    }

    @Test
    void runsAsTheUserOfTheOption() {
        assertThat(carafe.check("run", "--rm", "-u", "1234:5678", "busybox", "sh", "-c", "id -u; id -g")).isEqualTo("1234\n5678\n");
        assertThat(carafe.check("run", "--rm", "-u", "nobody", "busybox", "id", "-un")).isEqualTo("nobody\n");
        assertThat(carafe.check("run", "--rm", "-u", "1234", "--group-add", "4321", "busybox", "id", "-G")).contains("4321");
        assertThat(carafe.check("run", "--rm", "-u", "1234", "busybox", "sh", "-c", "grep CapEff /proc/self/status")).contains("0000000000000000");
    }

    @Test
    void tellsProgramsThatTheyAreInAContainerWithoutChangingIt() {
        assertThat(carafe.check("run", "--name", "told", "busybox", "stat", "-c", "%F %s", "/.dockerenv", "/etc/hosts")).contains("regular empty file 0\n");
        assertThat(carafe.check("diff", "told")).isEmpty();
    }

    @Test
    void setsTheHostName() {
        assertThat(carafe.check("run", "--rm", "--hostname", "amphora", "busybox", "sh", "-c", "hostname; cat /etc/hostname; grep -c amphora /etc/hosts"))
                .isEqualTo("amphora\namphora\n1\n");
        assertThat(carafe.check("run", "--rm", "busybox", "hostname").trim()).matches("[0-9a-f]{12}");
        assertThat(carafe.check("run", "--rm", "--hostname", "a", "--domainname", "b.example", "busybox", "cat", "/proc/sys/kernel/domainname")).isEqualTo("b.example\n");
    }

    @Test
    void putsAnotherEntryPointBeforeTheCommand() {
        assertThat(carafe.check("run", "--rm", "--entrypoint", "/bin/echo", "busybox", "a", "b")).isEqualTo("a b\n");
        assertThat(carafe.call("run", "--rm", "--entrypoint", "", "busybox").status()).isEqualTo(125);
    }

    @Test
    void writesTheIdToAFileThatMustBeNew() {
        Path file = carafe.work().resolve("cid-" + mode);
        String id = carafe.detached("--cidfile", file.toString(), "busybox", "sleep", "1000");
        assertThat(file).hasContent(id);
        Outcome second = carafe.call("run", "--rm", "--cidfile", file.toString(), "busybox", "true");
        assertThat(second.status()).isEqualTo(125);
        assertThat(second.error()).contains(file.toString()).hasLineCount(1);
        assertThat(carafe.containers()).containsExactly(id);
    }

    @Test
    void runsASmallInitThatReaps() {
        assertThat(carafe.check("run", "--rm", "--init", "busybox", "sh", "-c", "echo $$; cat /proc/1/comm").lines().toList()).satisfies(lines -> {
            assertThat(lines.getFirst()).isNotEqualTo("1");
            assertThat(lines.getLast()).isNotEqualTo("sh");
        });
        String orphans = carafe.check("run", "--rm", "--init", "busybox", "sh", "-c", "for i in 1 2 3; do (sleep 0.1 &) ; done; sleep 0.5; ps -o stat,comm | grep -c '^Z'; true");
        assertThat(orphans).isEqualTo("0\n");
    }

    @Test
    void printsTheTimelineOnErrorOutput() {
        Outcome outcome = carafe.call("run", "--rm", "--timing", "busybox", "sh", "-c", "sleep 0.3; echo out");
        assertThat(outcome.out()).isEqualTo("out\n");
        assertThat(outcome.error()).contains("resolve", "prepare", "specify", "plan", "launch", "run", "clean up");
    }

    @Test
    void obeysThePullPolicyAndThePlatform() {
        assertThat(carafe.check("run", "--rm", "--pull", "never", "busybox", "echo", "here")).isEqualTo("here\n");
        assertThat(carafe.call("run", "--rm", "--pull", "sometimes", "busybox", "true").status()).isEqualTo(125);
        Outcome foreign = carafe.call("run", "--rm", "--platform", "linux/s390x", "busybox", "true");
        assertThat(foreign.status()).isEqualTo(125);
        assertThat(foreign.error()).contains("s390x").hasLineCount(1);
    }

    @Test
    void acceptsTheRootsAsOptions() throws IOException, InterruptedException {
        ProcessBuilder builder = carafe.builder("--root", carafe.root().toString(), "--run-root=" + carafe.run(), "info", "--format", "{{.DockerRootDir}}");
        builder.environment().remove("CARAFE_ROOT");
        builder.environment().remove("CARAFE_RUN_ROOT");
        assertThat(new Running(builder).await().out()).isEqualTo(carafe.root() + "\n");
    }

    @Test
    void givesTheProgramNoDescriptorBeyondItsStreams() {
        assertThat(carafe.check("run", "--rm", "busybox", "sh", "-c", "ls /proc/self/fd | tr '\\n' ' '")).isEqualTo("0 1 2 3 ");
    }

    @Test
    void servesACallerWhoseHostNameIsItsOwn() {
        assertThat(elsewhere("--uts", "echo foreign > /proc/sys/kernel/hostname", "run", "--rm", "--uts", "host", "busybox", "hostname")).isEqualTo("foreign\n");
    }

    @Test
    void servesACallerWhoSeesOtherFiles() {
        assertThat(elsewhere("--mount", "mount -t tmpfs tmpfs /mnt && echo seen > /mnt/file", "run", "--rm", "-v", "/mnt:/mnt", "busybox", "cat", "/mnt/file"))
                .isEqualTo("seen\n");
    }

    /** The command's output when it is called from a namespace of its own, in which something was done before. */
    private String elsewhere(String namespace, String first, String... words) {
        carafe.check("version");
        ProcessBuilder builder = carafe.builder(words);
        builder.command().addAll(0, List.of("unshare", namespace, "sh", "-c", first + " && exec \"$@\"", "sh"));
        return new Running(builder).await().out();
    }
}
