package dev.carafe.engine;

import dev.carafe.base.Fault;
import dev.carafe.base.Durations;
import dev.carafe.kernel.LockFile;
import dev.carafe.runtime.Execution;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Makes one health check: runs its command in the container, and notes what came of it. */
final class Probing {
    /** As docker keeps it. */
    private static final int MOST_OUTPUT = 4096;
    private static final int STACK = 128 << 10;

    private final Containers all;
    private final Container container;
    private final HealthPolicy policy;

    Probing(Containers all, Container container, HealthPolicy policy) {
        this.all = all;
        this.container = container;
        this.policy = policy;
    }

    /** Blocks until it is done. What it came to; empty when the container ended or was paused meanwhile, so that it says nothing. */
    Optional<Health.Check> check() {
        ContainerStatus before = container.status();
        if (!before.running() || before.isPaused()) {
            return Optional.empty();
        }
        Health.Check check = perform();
        ContainerStatus after = container.status();
        if (after.startedAt() != before.startedAt() || !after.running() || after.isPaused() || check.exitCode() != 0 && isEnding(before.pid())) {
            return Optional.empty();
        }
        note(check, before.startedAt());
        return Optional.of(check);
    }

    /** Whether that init has begun to end, which takes every check with it: its root goes before anybody is told (exit(2), pid_namespaces(7)). */
    private static boolean isEnding(int init) {
        try {
            Files.readSymbolicLink(Path.of("/proc/" + init + "/root"));
            return false;
        } catch (IOException gone) {
            return true;
        }
    }

    private void note(Health.Check check, long run) {
        Path directory = all.roots.container(container.id());
        Health now;
        Health before;
        try (LockFile lock = all.lock(container.id() + "." + Health.FILE)) {
            if (!all.store.exists(container.id())) {
                return;
            }
            before = Health.read(directory, run);
            now = before.with(check, policy, Instant.ofEpochSecond(0, run));
            now.write(directory);
        }
        if (now.status() != before.status()) {
            container.note("health_status: " + now.status().word());
        }
        if (now.status() == Health.Status.UNHEALTHY && check.exitCode() != 0) {
            act();
        }
    }

    private void act() {
        switch (policy.onFailure()) {
            case NONE -> { }
            // Nobody asked for its end, so its restart policy holds.
            case KILL -> new Stopping(all, container).kill();
            case STOP -> container.stop(Optional.empty(), Optional.empty());
            case RESTART -> all.watch(container.restart(Optional.empty(), Optional.empty()));
        }
    }

    private Health.Check perform() {
        Instant start = Instant.now();
        var output = new ByteArrayOutputStream();
        var late = new AtomicBoolean();
        try (Run run = Executing.logged(all, container, ExecOptions.of(policy.command()), log -> gather(log, output), program -> watch(program, late))) {
            int code = run.await();
            Instant end = Instant.now();
            return late.get() ? new Health.Check(start, end, -1, "Health check exceeded timeout (" + Durations.print(policy.timeout()) + ")"
                    + (output.size() == 0 ? "" : ": " + text(output))) : new Health.Check(start, end, code, text(output));
        } catch (Fault refusal) {
            return new Health.Check(start, Instant.now(), -1, refusal.getMessage());
        }
    }

    private static void gather(LogReader log, ByteArrayOutputStream output) {
        for (Optional<LogReader.Piece> piece = log.next(); piece.isPresent() && output.size() <= MOST_OUTPUT; piece = log.next()) {
            output.writeBytes(piece.get().bytes());
        }
    }

    private static String text(ByteArrayOutputStream output) {
        String text = output.toString(StandardCharsets.UTF_8);
        return output.size() <= MOST_OUTPUT ? text : new String(output.toByteArray(), 0, MOST_OUTPUT, StandardCharsets.UTF_8) + "...";
    }

    /** Kills the command when its time is over. @return what is to be called when it has ended */
    private Runnable watch(Path program, AtomicBoolean late) {
        var ended = new CountDownLatch(1);
        Duration timeout = policy.timeout();
        var thread = new Thread(null, () -> {
            try {
                if (!ended.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                    late.set(true);
                    kill(program);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, "health", STACK);
        thread.setDaemon(true);
        thread.start();
        return ended::countDown;
    }

    /** By way of its monitor, with which it dies; that is the parent of the process, or nobody's that we know. */
    private static void kill(Path program) {
        Optional<Execution> execution = Execution.read(program);
        if (execution.isEmpty() || execution.get().exit().isPresent()) {
            return;
        }
        int init = execution.get().init();
        int monitor = execution.get().monitor();
        Optional<ProcessHandle> parent = ProcessHandle.of(init).flatMap(ProcessHandle::parent).filter(handle -> handle.pid() == monitor);
        parent.ifPresent(ProcessHandle::destroyForcibly);
    }
}
