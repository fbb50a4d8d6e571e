package dev.carafe.engine;

import dev.carafe.base.Fault;
import dev.carafe.kernel.LockFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Starts containers again by their restart policies, and makes health checks, for as long as any needs it; no daemon has to run.
 *
 * <p>A small shell, the <em>keeper</em>, calls {@code carafe system keep} again and again until that says that nobody needs it any more. The call is served by the warm
 * engine, which stays for as long as it serves one; when the engine is killed, the next call starts another, and that finds what is to be done by what is
 * on disk. Whoever starts a container with a policy or a check sees to it that there is a keeper. Only one engine tends at a time, under the lock {@code keeper}.
 *
 * <p>The rules are docker's: a container that somebody stopped stays so (until the next boot, with {@code always}); waits double from 100 ms to a minute, and begin
 * anew once it ran for ten seconds.
 */
final class Tending {
    static final String LOCK = "keeper";
    private static final int ROUND_MILLIS = 100;
    /** So many rounds without need end it. */
    private static final int PATIENCE = 10;
    /** What the client gives when the engine dies under it. */
    private static final int AGAIN = 125;

    private final Containers all;
    private final Patrol patrol;
    private final Map<String, Transcript> copies = new HashMap<>();
    private final Map<String, Boolean> copied = new HashMap<>();

    Tending(Containers all) {
        this.all = all;
        this.patrol = new Patrol(all);
    }

    /** Blocks until nobody needs it any more (true), or this engine is to leave or its caller gone (false). Another that tends already is as good. */
    boolean tend(BooleanSupplier gone) {
        while (true) {
            Optional<LockFile> lock = all.store.tryLock(LOCK);
            if (lock.isEmpty()) {
                return true;
            }
            try (LockFile held = lock.get()) {
                for (int idle = 0; idle < PATIENCE; idle++) {
                    if (all.leaving() || gone.getAsBoolean()) {
                        return false;
                    }
                    if (round()) {
                        idle = 0;
                    }
                    pause();
                }
            }
            // Who started one just now may have seen the lock held.
            if (!round()) {
                return true;
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(ROUND_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks at every container once. Whether any needs that. */
    private boolean round() {
        boolean needed = false;
        for (String id : all.store.ids()) {
            try {
                Optional<ContainerRecord> record = all.store.record(id);
                if (record.isEmpty()) {
                    continue;
                }
                var container = new Container(all, record.get(), null);
                if (record.get().restarts()) {
                    needed |= look(container);
                }
                needed |= patrol.look(container);
                if (record.get().logs()) {
                    needed |= logs(record.get());
                }
            } catch (Fault one) {
                // It was just removed, or cannot be started; the others are not to suffer for it.
            }
        }
        forget();
        return needed;
    }

    /** Packs what was moved aside, and writes copies on. Whether that will be needed again. */
    private boolean logs(ContainerRecord record) {
        LogPolicy policy = LogPolicy.of(record);
        if (!policy.compress() && !policy.copies()) {
            return false;
        }
        boolean runs = all.store.monitored(all.roots.lock(record.id()));
        if (policy.copies() && (runs || !copied.containsKey(record.id()))) {
            Transcript copy = copies.computeIfAbsent(record.id(), id -> Transcript.of(all.roots, record, policy));
            copy.writeOn();
            if (runs) {
                copied.remove(record.id());
            } else {
                // It had ended before that, so this was all.
                copied.put(record.id(), true);
                copies.remove(record.id()).close();
            }
        }
        if (policy.compress()) {
            all.packLog(record);
        }
        return runs;
    }

    /** Closes the copies of containers that are gone. */
    private void forget() {
        copies.entrySet().removeIf(entry -> {
            boolean gone = !all.store.exists(entry.getKey());
            if (gone) {
                entry.getValue().close();
            }
            return gone;
        });
        copied.keySet().removeIf(id -> !all.store.exists(id));
    }

    /** Starts it if it is time to. Whether it needs to be looked at again. */
    private boolean look(Container container) {
        ContainerStatus status = all.store.status(container.id(), all.boot);
        if (status.running()) {
            return true;
        }
        RestartPolicy policy = container.record().restartPolicy();
        RestartState state = RestartState.read(all.roots.container(container.id()));
        if (!state.wants(policy, status, all.boot)) {
            return false;
        }
        long due = status.finishedAt() + state.delay(status) * 1_000_000L;
        if (System.currentTimeMillis() * 1_000_000 >= due) {
            new Starting(all, container).again(status.finishedAt());
        }
        return true;
    }

    /** Sees to it that somebody tends. */
    static void ensure(Containers all) {
        Optional<LockFile> free = all.store.tryLock(LOCK);
        if (free.isEmpty()) {
            return;
        }
        free.get().close();
        Path program = all.program;
        var keeper = new ProcessBuilder(List.of("setsid", "-f", "sh", "-c",
                "while \"$0\" --root \"$1\" --run-root \"$2\" system keep; [ $? -eq " + AGAIN + " ]; do sleep 0.1; done", program.toString(),
                all.roots.root().toString(), all.roots.run().toString()));
        keeper.environment().remove("CARAFE_ENGINE");
        var nowhere = new java.io.File("/dev/null");
        try {
            keeper.redirectInput(nowhere).redirectOutput(nowhere).redirectError(nowhere).directory(new java.io.File("/")).start().waitFor();
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "start", "keeper", String.valueOf(e.getMessage())).cause(e)
                    .hint("setsid of util-linux and a shell are needed for it");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
