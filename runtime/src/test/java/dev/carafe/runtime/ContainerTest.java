package dev.carafe.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.base.Fault;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.NativeKernel;
import dev.carafe.kernel.SystemCall;
import dev.carafe.oci.runtime.Process;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.plan.Capability;
import dev.carafe.plan.HostFacts;
import dev.carafe.plan.Launch;
import dev.carafe.plan.LogFile;
import dev.carafe.plan.Plan;
import dev.carafe.plan.Planner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/**
 * Starts containers on the running kernel, from a busybox root file system, under a performer of its own. Needs root, gcc and a
 * static busybox; is skipped without. After every test, nothing of its containers may be left.
 */
abstract class ContainerTest {
    static final String PARENT = "/carafe-test-plan";
    static final Kernel KERNEL = new NativeKernel();
    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final Path NATIVE = Path.of("target/native-test/carafe").toAbsolutePath();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    static Path work;
    static Path rootfs;
    static HostFacts host;
    static SocketPerformer performer;

    String id = "";
    Path run = Path.of("");
    Path state = Path.of("");
    Leftovers leftovers;

    @BeforeAll
    static void startPerformer() throws IOException, InterruptedException {
        Assumptions.assumeTrue(KERNEL.call(SystemCall.GETEUID, 0) == 0, "containers on the running kernel need root");
        Assumptions.assumeTrue(Files.isExecutable(BUSYBOX), "needs /bin/busybox (Debian: busybox-static)");
        buildNative();
        work = Files.createTempDirectory("carafe-test");
        rootfs = newRootfs("rootfs");
        host = HostProbe.probe(NATIVE.toString());
        Assumptions.assumeTrue(host.can(Capability.SYS_ADMIN), "needs CAP_SYS_ADMIN");
        for (Path group : Leftovers.groups(host.cgroups(), PARENT)) {
            Files.createDirectories(group);
        }
        performer = SocketPerformer.start(KERNEL, NATIVE, work);
    }

    /** The native program, built once for all tests of a run. */
    static synchronized Path buildNative() throws IOException, InterruptedException {
        if (!Files.exists(NATIVE) || Files.getLastModifiedTime(NATIVE).toMillis() < newestSource()) {
            Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "needs gcc to build the native program");
            Files.createDirectories(NATIVE.getParent());
            java.lang.Process build = new ProcessBuilder("sh", "src/main/c/build.sh", NATIVE.toString()).redirectErrorStream(true).start();
            String output = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(build.waitFor()).as(output).isZero();
        }
        return NATIVE;
    }

    private static long newestSource() throws IOException {
        try (var sources = Files.list(Path.of("src/main/c"))) {
            return sources.mapToLong(s -> s.toFile().lastModified()).max().orElse(Long.MAX_VALUE);
        }
    }

    static Path newRootfs(String name) throws IOException, InterruptedException {
        Path root = work.resolve(name);
        for (String directory : new String[] {"bin", "etc", "proc", "dev", "sys", "tmp", "root", "home"}) {
            Files.createDirectories(root.resolve(directory));
        }
        Files.copy(BUSYBOX, root.resolve("bin/busybox"));
        root.resolve("bin/busybox").toFile().setExecutable(true, false);
        java.lang.Process list = new ProcessBuilder(BUSYBOX.toString(), "--list").start();
        for (String applet : new String(list.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
            if (!applet.equals("busybox")) {
                Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
            }
        }
        list.waitFor();
        Files.writeString(root.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
        return root;
    }

    @AfterAll
    static void stopPerformer() throws IOException {
        if (performer != null) {
            performer.close();
            performer = null;
        }
        if (work != null) {
            remove(work);
            work = null;
        }
        if (host != null) {
            for (Path group : Leftovers.groups(host.cgroups(), PARENT)) {
                Files.deleteIfExists(group);
            }
            host = null;
        }
    }

    static void remove(Path tree) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @BeforeEach
    void nameContainer() throws IOException {
        id = "c" + NUMBER.incrementAndGet() + "-" + ProcessHandle.current().pid();
        run = Files.createDirectories(work.resolve(id + "-run"));
        state = Files.createDirectories(work.resolve(id + "-state"));
        leftovers = new Leftovers(marker(), run, host.cgroups(), cgroup());
    }

    @AfterEach
    void nothingIsLeft() {
        leftovers.assertNone("after the test");
    }

    String marker() {
        return work.getFileName().toString();
    }

    String cgroup() {
        return PARENT + "/" + id;
    }

    Spec bundle(String... command) {
        return TestBundle.of(cgroup(), marker(), command);
    }

    Spec shell(String script) {
        return bundle("/bin/sh", "-c", script);
    }

    Launch launch() {
        return launchOf(rootfs);
    }

    Launch launchOf(Path root) {
        return new Launch(id, new Launch.Root.Directory(root.toString()), run.toString(), state.toString(), Optional.of(LogFile.of(log().toString())), false,
                false, Optional.empty());
    }

    Path log() {
        return state.resolve("log");
    }

    /** A container that runs; closing it kills it and waits for its monitor. */
    final class Running implements AutoCloseable {
        final Path program;
        final Performer.Performance performance;
        private boolean awaited;

        Running(Path program, Performer.Performance performance) {
            this.program = program;
            this.performance = performance;
        }

        Execution execution() {
            return Execution.read(program).orElseThrow();
        }

        int init() {
            return execution().init();
        }

        /** Waits for its end. */
        Ended await() {
            performance.awaitEnd();
            performance.close();
            awaited = true;
            return new Ended(execution(), stream(1), stream(2));
        }

        /** Waits until it has printed that text. */
        void awaitOutput(String text) {
            assertThat(Leftovers.await(() -> (stream(1) + stream(2)).contains(text))).as("output \"%s\" in: %s%s", text, stream(1), stream(2)).isTrue();
        }

        void kill(int signal) {
            KERNEL.call(SystemCall.KILL, init(), signal);
        }

        @Override
        public void close() {
            if (awaited) {
                return;
            }
            if (execution().exit().isEmpty()) {
                kill(9);
            }
            performance.awaitEnd();
            performance.close();
        }
    }

    /** How a container ended and what it printed. */
    record Ended(Execution execution, String out, String err) {
        Execution.Exit exit() {
            return execution.exit().orElseThrow();
        }
    }

    Running start(Spec spec) {
        return start(spec, launch());
    }

    Running start(Spec spec, Launch launch) {
        log().toFile().delete();
        return start(Planner.start(spec, launch, host), SessionStreams.NONE);
    }

    Running start(Plan plan, SessionStreams session) {
        Path program = program();
        return new Running(program, new Launcher(host, performer).launch(plan, program, session, "\"" + id + "\""));
    }

    Path program() {
        return run.resolve("plan" + NUMBER.incrementAndGet());
    }

    Ended run(Spec spec) {
        return start(spec).await();
    }

    /** What a script in a container prints; it must succeed. */
    String output(Spec spec) {
        Ended ended = run(spec);
        assertThat(ended.err()).isEmpty();
        assertThat(ended.exit()).isEqualTo(new Execution.Exit(false, 0));
        return ended.out();
    }

    String output(String script) {
        return output(shell(script));
    }

    String outputAs(String script, UnaryOperator<Process.Builder> change) {
        return output(TestBundle.process(shell(script), change));
    }

    Fault refusal(Spec spec) {
        return org.assertj.core.api.Assertions.catchThrowableOfType(Fault.class, () -> start(spec).close());
    }

    /** All frames of one stream, 1 output or 2 error, put together. */
    String stream(int stream) {
        try {
            var text = new ByteArrayOutputStream();
            ByteBuffer frames = ByteBuffer.wrap(Files.exists(log()) ? Files.readAllBytes(log()) : new byte[0]).order(ByteOrder.nativeOrder());
            while (frames.remaining() >= 16) {
                frames.getLong();
                int size = frames.getInt();
                int from = frames.getInt();
                if (frames.remaining() < size) {
                    break;
                }
                var bytes = new byte[size];
                frames.get(bytes);
                if (from == stream) {
                    text.writeBytes(bytes);
                }
            }
            return text.toString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
