package dev.carafe.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.base.Fault;
import dev.carafe.kernel.Fd;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.Sockets;
import dev.carafe.kernel.SystemCall;
import dev.carafe.oci.runtime.Capabilities;
import dev.carafe.oci.runtime.ConsoleSize;
import dev.carafe.oci.runtime.Process;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.oci.runtime.User;
import dev.carafe.plan.Launch;
import dev.carafe.plan.Planner;
import dev.carafe.plan.Session;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How containers start, are spoken to, and end. */
class LifecycleTest extends ContainerTest {
    @Test
    void theExitStatusIsToldAndSaved() {
        Ended ended = run(shell("exit 42"));
        assertThat(ended.exit()).isEqualTo(new Execution.Exit(false, 42));
        assertThat(ended.execution().stage()).isEqualTo(Execution.Stage.EXITED);
        ExitRecord saved = ExitRecord.read(state).orElseThrow();
        assertThat(saved.exit()).isEqualTo(ended.exit());
        assertThat(saved.outOfMemory()).isFalse();
        assertThat(saved.lostLogBytes()).isZero();
        assertThat(saved.finishedAt()).isGreaterThanOrEqualTo(saved.startedAt());
    }

    @Test
    void aSignalThatEndsItIsTold() {
        try (Running running = start(bundle("/bin/sleep", "1000"))) {
            running.kill(9);
            Execution.Exit exit = running.await().exit();
            assertThat(exit).isEqualTo(new Execution.Exit(true, 9));
            assertThat(exit.code()).isEqualTo(137);
        }
    }

    @Test
    void itsProgramHearsSignals() {
        try (Running running = start(shell("trap 'echo heard; exit 3' TERM; echo ready; while :; do sleep 0.02; done"))) {
            running.awaitOutput("ready");
            running.kill(15);
            Ended ended = running.await();
            assertThat(ended.exit()).isEqualTo(new Execution.Exit(false, 3));
            assertThat(ended.out()).isEqualTo("ready\nheard\n");
        }
    }

    @Test
    void outputAndErrorAreLoggedApart() {
        Ended ended = run(shell("echo out; echo err >&2; printf 'no newline'"));
        assertThat(ended.out()).isEqualTo("out\nno newline");
        assertThat(ended.err()).isEqualTo("err\n");
    }

    @Test
    void muchOutputIsLoggedWhole() {
        assertThat(output("seq 1 200000").length()).isEqualTo(1288895);
    }

    @Test
    void whatItsChildrenLeaveIsReapedWithIt() {
        run(shell("sleep 1000 & sleep 1000 & exit 0"));
        assertThat(leftovers.processes()).isEmpty();
    }

    @Test
    void aProgramThatDoesNotExistIsNotFound() {
        Fault fault = refusal(bundle("no-such-program", "x"));
        assertThat(fault.kind()).isEqualTo(Fault.Kind.NOT_FOUND);
        assertThat(fault).hasMessage("execute \"no-such-program\": executable file not found in $PATH");
    }

    @Test
    void aPathThatDoesNotExistIsNotFound() {
        Fault fault = refusal(bundle("/bin/no-such-program"));
        assertThat(fault.kind()).isEqualTo(Fault.Kind.NOT_FOUND);
        assertThat(fault).hasMessageContaining("\"/bin/no-such-program\": no such file or directory (ENOENT)");
    }

    @Test
    void aFileThatIsNoProgramMayNotBeExecuted() throws IOException {
        Path file = Files.writeString(rootfs.resolve("bin/plain"), "text\n");
        Fault fault = refusal(bundle("/bin/plain"));
        assertThat(fault.kind()).isEqualTo(Fault.Kind.PERMISSION);
        assertThat(fault).hasMessageContaining("(EACCES)");
        assertThat(refusal(bundle("plain")).kind()).isEqualTo(Fault.Kind.PERMISSION);
        assertThat(file.toFile().setExecutable(true, false)).isTrue();
        assertThat(refusal(bundle("/bin/plain"))).hasMessageContaining("(ENOEXEC)");
        assertThat(refusal(bundle("/bin")).kind()).isEqualTo(Fault.Kind.PERMISSION);
    }

    @Test
    void aScriptWithoutItsInterpreterIsNotFound() throws IOException {
        Path file = Files.writeString(rootfs.resolve("bin/script"), "#!/no/such/interpreter\n");
        assertThat(file.toFile().setExecutable(true, false)).isTrue();
        Fault fault = refusal(bundle("/bin/script"));
        assertThat(fault.kind()).isEqualTo(Fault.Kind.NOT_FOUND);
        assertThat(fault).hasMessageContaining("interpreter");
    }

    @Test
    void aWorkingDirectoryThatIsAFileIsNamed() {
        Fault fault = refusal(TestBundle.process(bundle("/bin/true"), p -> p.cwd("/bin/busybox/here")));
        assertThat(fault).hasMessageContaining("change directory to \"/bin/busybox/here\": not a directory (ENOTDIR)")
                .hasMessageContaining("process.cwd");
    }

    @Test
    void aWorkingDirectoryThatLacksIsMade() {
        Ended ended = run(TestBundle.process(bundle("/bin/pwd"), p -> p.cwd("/no/such/directory")));
        assertThat(ended.out()).isEqualTo("/no/such/directory\n");
    }

    private Launch withInput(boolean once, Optional<Session> session) {
        Launch l = launch();
        return new Launch(l.id(), l.root(), l.runDirectory(), l.stateDirectory(), l.log(), true, once, session);
    }

    private static Fd[] pipe() {
        try (Memory pair = KERNEL.allocate(8)) {
            assertThat(KERNEL.call(SystemCall.PIPE2, pair.address(), Flags.O_CLOEXEC)).isZero();
            return new Fd[] {new Fd(KERNEL, pair.bytes().getInt(0)), new Fd(KERNEL, pair.bytes().getInt(4))};
        }
    }

    private static void write(Fd to, String text) {
        try (Memory bytes = KERNEL.string(text)) {
            assertThat(KERNEL.call(SystemCall.WRITE, to.number(), bytes.address(), text.length())).isEqualTo(text.length());
        }
    }

    @Test
    void whatASessionTypesReachesItUntilItsEnd() {
        Fd[] input = pipe();
        Fd[] control = Sockets.pair(KERNEL);
        try (Fd near = control[0]; Fd typing = input[1]) {
            Launch launch = withInput(true, Optional.of(new Session(true, false, false, List.of())));
            try (Running running = start(Planner.start(bundle("/bin/cat"), launch, host), new SessionStreams(input[0].number(), -1, -1, control[1].number()))) {
                input[0].close();
                control[1].close();
                write(typing, "typed\n");
                running.awaitOutput("typed");
                typing.close();
                assertThat(running.await().exit()).isEqualTo(new Execution.Exit(false, 0));
                Sockets.Message last = Sockets.receive(KERNEL, near, 16);
                assertThat(last.bytes()).startsWith('X', 1, 0, 0, 0, 0);
            }
        }
    }

    @Test
    void aSessionGetsOutput() {
        Fd[] output = pipe();
        Fd[] control = Sockets.pair(KERNEL);
        try (Fd near = control[0]; Fd read = output[0]) {
            Launch launch = withInput(true, Optional.of(new Session(false, true, false, List.of())));
            try (Running running = start(Planner.start(shell("echo hello"), launch, host), new SessionStreams(-1, output[1].number(), -1, control[1].number()));
                    Memory bytes = KERNEL.allocate(64)) {
                output[1].close();
                control[1].close();
                assertThat(KERNEL.call(SystemCall.READ, read.number(), bytes.address(), 64)).isEqualTo(6);
                running.await();
                assertThat(KERNEL.call(SystemCall.READ, read.number(), bytes.address(), 64)).isZero();
            }
        }
    }

    private static Spec terminal(Spec spec) {
        return TestBundle.process(spec, p -> p.terminal(true).consoleSize(new ConsoleSize(33, 111)));
    }

    @Test
    void aTerminalHasTheSizeThatWasAsked() {
        assertThat(output(terminal(shell("stty size; tty; [ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo all; echo x > /dev/tty; ls -l /dev/console | cut -c1"))))
                .isEqualTo("33 111\r\n/dev/pts/0\r\nall\r\nx\r\nc\r\n");
    }

    @Test
    void aTerminalBelongsToItsUser() {
        assertThat(output(TestBundle.process(terminal(shell("stat -c %u /dev/pts/0; echo again > /dev/pts/0")), p -> p.user(User.of(1000, 1000)))))
                .isEqualTo("1000\r\nagain\r\n");
    }

    @Test
    void aTerminalLeavesNoOtherDescriptor() {
        assertThat(output(terminal(bundle("/bin/ls", "/proc/self/fd"))).split("\\s+")).containsExactly("0", "1", "2", "3");
    }

    @Test
    void theEndOfItsMonitorEndsIt() {
        try (Running running = start(shell("sleep 1000 & echo ready; sleep 1000"))) {
            running.awaitOutput("ready");
            KERNEL.call(SystemCall.KILL, running.execution().monitor(), 9);
            leftovers.awaitNoProcess("after the monitor was killed");
            running.performance.awaitEnd();
            assertThat(running.execution().exit()).isEmpty();
            assertThat(ExitRecord.read(state)).isEmpty();
            leftovers.removeGroups();
        }
    }

    @Test
    void theEndOfItsMonitorEndsAnOrdinaryUsersProgram() {
        try (Running running = start(TestBundle.process(shell("echo ready; sleep 1000"), p -> p.user(User.of(1000, 1000))))) {
            running.awaitOutput("ready");
            KERNEL.call(SystemCall.KILL, running.execution().monitor(), 9);
            leftovers.awaitNoProcess("after the monitor was killed");
            running.performance.awaitEnd();
            leftovers.removeGroups();
        }
    }

    @Test
    void theEndOfItsMonitorEndsAProgramWhoseCapabilitiesGrowWhenItStarts() {
        var caps = new Capabilities(TestBundle.CAPABILITIES, List.of("CAP_KILL"), List.of(), List.of("CAP_KILL"), List.of());
        try (Running running = start(TestBundle.process(shell("echo ready; sleep 1000"), p -> p.noNewPrivileges(false).capabilities(caps)))) {
            running.awaitOutput("ready");
            KERNEL.call(SystemCall.KILL, running.execution().monitor(), 9);
            try {
                leftovers.awaitNoProcess("after the monitor was killed");
            } finally {
                running.kill(9);
                running.performance.awaitEnd();
                leftovers.removeGroups();
            }
        }
    }

    private Execution.Exit exec(Running container, Spec spec, Process process, Optional<Path> out) throws IOException {
        Path own = Files.createDirectories(run.resolve("exec" + System.nanoTime()));
        var launch = new Launch(id, launch().root(), own.toString(), own.toString(), Optional.empty(), false, false,
                out.map(o -> new Session(false, true, true, List.of())));
        Fd[] control = Sockets.pair(KERNEL);
        try (Fd near = control[0]; Fd far = control[1]) {
            SessionStreams streams = SessionStreams.NONE;
            if (out.isPresent()) {
                try (Memory path = KERNEL.string(out.get().toString())) {
                    int fd = (int) KERNEL.call(SystemCall.OPENAT, Flags.AT_FDCWD, path.address(), Flags.O_CREAT | Flags.O_WRONLY | Flags.O_APPEND | Flags.O_CLOEXEC, 0600);
                    streams = new SessionStreams(-1, fd, fd, far.number());
                }
            }
            try (Running running = start(Planner.exec(process, spec.linux().orElseThrow(), container.init(), launch, host), streams)) {
                if (out.isPresent()) {
                    KERNEL.call(SystemCall.CLOSE, streams.output());
                }
                running.performance.awaitEnd();
                return running.execution().exit().orElseThrow();
            }
        }
    }

    private String execOutput(Running container, Spec spec, Process process) throws IOException {
        Path out = run.resolve("out" + System.nanoTime());
        assertThat(exec(container, spec, process, Optional.of(out))).isEqualTo(new Execution.Exit(false, 0));
        return Files.readString(out);
    }

    private Process command(Spec spec, String script) {
        return spec.process().orElseThrow().toBuilder().args(List.of("/bin/sh", "-c", script)).build();
    }

    @Test
    void aSecondProcessSharesNamespacesGroupsAndRightsOfTheFirst() throws IOException {
        Spec spec = shell("echo ready; sleep 1000");
        try (Running container = start(spec)) {
            container.awaitOutput("ready");
            String script = "for n in cgroup ipc mnt net pid uts user; do readlink /proc/$P/ns/$n; done; cat /proc/$P/cgroup;"
                    + " grep -E '^(Cap|NoNew|Seccomp:|Groups)' /proc/$P/status";
            String own = execOutput(container, spec, command(spec, "P=self; " + script));
            assertThat(own).isEqualTo(execOutput(container, spec, command(spec, "P=1; " + script)));
            assertThat(execOutput(container, spec, command(spec, "hostname; ls -A /proc/self/fd"))).startsWith("inside\n");
            assertThat(execOutput(container, spec, spec.process().orElseThrow().toBuilder().args(List.of("/bin/ls", "/proc/self/fd")).build()))
                    .isEqualTo("0\n1\n2\n3\n");
        }
    }

    @Test
    void aSecondProcessHasItsOwnUserDirectoryAndStatus() throws IOException {
        Spec spec = shell("echo ready; sleep 1000");
        try (Running container = start(spec)) {
            container.awaitOutput("ready");
            Process other = command(spec, "id -u; pwd; umask").toBuilder().user(new User(7, 8, Optional.of(077), List.of())).cwd("/tmp").build();
            assertThat(execOutput(container, spec, other)).isEqualTo("7\n/tmp\n0077\n");
            assertThat(exec(container, spec, command(spec, "exit 9"), Optional.empty())).isEqualTo(new Execution.Exit(false, 9));
            assertThat(exec(container, spec, command(spec, "kill -9 $$"), Optional.empty())).isEqualTo(new Execution.Exit(true, 9));
            assertThat(container.execution().exit()).isEmpty();
        }
    }

    @Test
    void aSecondProcessThatDoesNotExistIsNotFoundAndTheContainerStays() throws IOException {
        Spec spec = shell("echo ready; sleep 1000");
        try (Running container = start(spec)) {
            container.awaitOutput("ready");
            Fault fault = org.assertj.core.api.Assertions.catchThrowableOfType(Fault.class, () -> exec(container, spec,
                    spec.process().orElseThrow().toBuilder().args(List.of("no-such")).build(), Optional.empty()));
            assertThat(fault.kind()).isEqualTo(Fault.Kind.NOT_FOUND);
            assertThat(container.execution().exit()).isEmpty();
        }
    }

    @Test
    void theEndOfASecondProcesssMonitorEndsThatProcessOnly() throws IOException {
        Spec spec = shell("echo ready; sleep 1000");
        try (Running container = start(spec)) {
            container.awaitOutput("ready");
            Path own = Files.createDirectories(run.resolve("exec"));
            var launch = new Launch(id, launch().root(), own.toString(), own.toString(), Optional.empty(), false, false, Optional.empty());
            Process sleep = spec.process().orElseThrow().toBuilder().args(List.of("/bin/sleep", "2000")).build();
            try (Running second = start(Planner.exec(sleep, spec.linux().orElseThrow(), container.init(), launch, host), SessionStreams.NONE)) {
                assertThat(leftovers.processes()).anyMatch(p -> p.contains("sleep 2000"));
                KERNEL.call(SystemCall.KILL, second.execution().monitor(), 9);
                assertThat(Leftovers.await(() -> leftovers.processes().stream().noneMatch(p -> p.contains("sleep 2000")))).isTrue();
                assertThat(leftovers.processes()).anyMatch(p -> p.contains("sleep 1000"));
            }
        }
    }

    @Test
    void aSecondProcessMayHaveATerminal() throws IOException {
        Spec spec = terminal(shell("echo ready; sleep 1000"));
        try (Running container = start(spec)) {
            container.awaitOutput("ready");
            assertThat(execOutput(container, spec, command(spec, "tty; stty size"))).isEqualTo("/dev/pts/1\r\n33 111\r\n");
        }
    }
}
