package dev.carafe.engine;

import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.SystemCall;
import dev.carafe.plan.Actor;
import dev.carafe.plan.CgroupOperation;
import dev.carafe.plan.MonitorOperation;
import dev.carafe.plan.Operation;
import dev.carafe.plan.Plan;
import dev.carafe.plan.Step;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Takes back what a monitor could not, because it was killed or because processes outlived init: interprets the part of the plan that
 * is for after the end. Doing it twice does no harm.
 */
final class Undo {
    private static final int SIGKILL = 9;
    private static final int ATTEMPTS = 200;

    private final Kernel kernel;

    Undo(Kernel kernel) {
        this.kernel = kernel;
    }

    void perform(Plan plan) {
        for (Step step : plan.steps()) {
            if (step.actor() == Actor.MONITOR_AFTER) {
                Operation operation = step.operation();
                if (operation instanceof CgroupOperation.Remove remove) {
                    removeGroup(Path.of(remove.directory()));
                } else if (operation instanceof MonitorOperation.Forget forget) {
                    StateFile.delete(Path.of(forget.path()));
                } else {
                    // The rest concerns the monitor's own process, which is gone, or networks, which know themselves what is left.
                }
            }
        }
    }

    /** Kills whoever is left in the group, and removes it; the kernel needs a moment between the two. */
    private void removeGroup(Path group) {
        for (int attempt = 0; attempt < ATTEMPTS && Files.isDirectory(group); attempt++) {
            try {
                for (String pid : Files.readAllLines(group.resolve("cgroup.procs"))) {
                    kernel.call(SystemCall.KILL, Integer.parseInt(pid), SIGKILL);
                }
                removeBelow(group);
                Files.deleteIfExists(group);
                return;
            } catch (IOException busy) {
                pause();
            }
        }
    }

    /** Groups that the container made inside its own. */
    private void removeBelow(Path group) throws IOException {
        try (var entries = Files.list(group)) {
            List<Path> below = entries.filter(Files::isDirectory).toList();
            for (Path child : below) {
                removeGroup(child);
            }
            if (!below.isEmpty() && below.stream().anyMatch(Files::exists)) {
                throw new DirectoryNotEmptyException(group.toString());
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
