package dev.carafe.engine;

import dev.carafe.base.Fault;
import dev.carafe.runtime.ControlGroup;

/** Makes the processes of a container stand still and go on. Whether they stand is the kernel's to say, so nothing of it is stored. */
final class Pausing {
    private Pausing() {
    }

    static void pause(Container container) {
        requireRunning(container, "pause");
        ControlGroup group = container.group();
        if (group.frozen()) {
            throw conflict(container, "pause", "is already paused");
        }
        group.freeze();
    }

    static void unpause(Container container) {
        if (!container.status().isPaused()) {
            throw conflict(container, "unpause", "is not paused");
        }
        thaw(container);
    }

    /** It may end in between, and its groups with it. */
    static void thaw(Container container) {
        try {
            container.group().thaw();
        } catch (Fault gone) {
            if (container.status().running()) {
                throw gone;
            }
        }
    }

    private static void requireRunning(Container container, String operation) {
        if (!container.status().running()) {
            throw conflict(container, operation, "is not running");
        }
    }

    private static Fault conflict(Container container, String operation, String what) {
        return Fault.of(Fault.Kind.CONFLICT, operation, "\"" + container.record().name() + "\"", "container " + container.id() + " " + what);
    }
}
