package dev.carafe.runtime.oci;

import dev.carafe.runtime.Execution;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The moment when a process becomes its caller's descendant: its performer has ended, and the kernel has given it to the nearest reaper above. A caller that
 * waits for that very process (wait4(2) by number, as buildah does) must find it among its children when the runtime returns, and the performer's pipe
 * closes a little before it has gone.
 */
final class Handover {
    private static final long PAUSE_NANOS = 50_000;
    private static final int ATTEMPTS = 20_000;

    private Handover() {
    }

    /**
     * Blocks until the process has another parent than its performer, or has ended.
     *
     * @param program the plan that started it, whose performer stays no longer than that
     */
    static void await(Path program) {
        Execution execution = Execution.read(program).orElseThrow();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<ProcessEntry> entry = ProcessEntry.read(execution.init());
            if (entry.isEmpty() || entry.get().parent() != execution.monitor()) {
                return;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
