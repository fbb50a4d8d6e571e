package dev.carafe.engine;

import dev.carafe.base.Fault;
import dev.carafe.kernel.LockFile;
import dev.carafe.plan.Cgroups;
import java.io.File;
import java.util.Optional;

/** What is to be done when a container has ended, and its removal: by those who saw it end, and by those who come later. */
final class Removing {
    private final Containers all;
    private final Container container;

    Removing(Containers all, Container container) {
        this.all = all;
        this.container = container;
    }

    /** Called once its monitor has ended; gives its exit code. */
    int finish() {
        ContainerRecord record = container.record();
        ContainerStatus end = container.status();
        try (LockFile lock = all.lock(container.id())) {
            all.store.died(record, end);
            // It may have been started again meanwhile.
            boolean runs = Stopping.runsInTheEnd(all, container);
            if (!runs && record.removeWhenDone()) {
                removeLocked(false, true, true);
            } else if (!runs) {
                all.packLog(record);
                undoIfLeft();
                if (container.hasVolumes()) {
                    all.volumes().release(record);
                }
            }
        }
        return end.exitCode();
    }

    /** Processes that outlived init, and what a killed monitor left; nothing of it is there after an ordinary end. */
    void undoIfLeft() {
        String id = container.id();
        if (!container.knowsBundle() && !all.store.hasBundle(id)) {
            // The machine went down: nothing of it is left in the kernel.
            return;
        }
        Optional<String> group = container.bundle().linux().flatMap(l -> l.cgroupsPath());
        // Networks first: a lease that is still held says that there is something to take back.
        Attaching.detachIfLeft(all, id);
        Neighbourhood.leave(all, id);
        if (group.isPresent() && leftInCgroup(group.get())) {
            new Undo(all.files.kernel()).perform(container.plan());
        }
    }

    private boolean leftInCgroup(String group) {
        for (Cgroups.V1 hierarchy : all.host.cgroups().v1()) {
            if (new File(hierarchy.mountpoint(), group).exists()) {
                return true;
            }
        }
        return all.host.cgroups().v2().isPresent() && new File(all.host.cgroups().v2().get().mountpoint(), group).exists();
    }

    /** Takes back what a dead monitor left, and removes the container if that was to happen at its end; nothing happens while it runs. */
    void recover() {
        String id = container.id();
        ContainerStatus status = container.status();
        if (status.running() || all.store.monitored(all.roots.lock(id))) {
            return;
        }
        try (LockFile lock = all.lock(id)) {
            if (!container.status().running() && all.store.exists(id)) {
                undoIfLeft();
            }
        }
        if (container.record().removeWhenDone() && status.phase() == ContainerStatus.Phase.EXITED) {
            try (LockFile lock = all.lock(id)) {
                if (!Stopping.runsInTheEnd(all, container)) {
                    removeLocked(false, true, true);
                }
            }
        }
    }

    void remove(boolean force, boolean volumes) {
        try (LockFile lock = all.lock(container.id())) {
            removeLocked(Stopping.runsInTheEnd(all, container), force, volumes);
        }
    }

    private void removeLocked(boolean runs, boolean force, boolean volumes) {
        String id = container.id();
        Optional<ContainerRecord> current = all.store.record(id);
        if (current.isEmpty()) {
            return;
        }
        if (runs) {
            if (!force) {
                ContainerStatus status = container.status();
                throw Fault.of(Fault.Kind.CONFLICT, "remove", "\"" + container.record().name() + "\"", "container " + id + " is "
                        + (status.isPaused() ? "paused" : "running")).hint((status.isPaused() ? "unpause and stop" : "stop") + " it first, or use -f");
            }
            new Stopping(all, container).kill();
            all.store.died(current.get(), container.status());
        }
        undoIfLeft();
        boolean hasVolumes = container.hasVolumes();
        if (hasVolumes && volumes) {
            all.store.markVolumes(current.get());
        }
        all.store.vanish(current.get());
        all.store.event(id, current.get().name(), "destroy");
        if (hasVolumes) {
            all.volumes().release(current.get());
        }
        if (hasVolumes && volumes) {
            all.volumes().removeOf(current.get());
        }
        all.snapshots.remove(id);
        all.store.erase(current.get());
    }
}
