package dev.carafe.engine;

import dev.carafe.base.Fault;
import dev.carafe.kernel.LockFile;
import dev.carafe.kernel.Signal;
import dev.carafe.network.Attachment;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.plan.Connections;
import dev.carafe.plan.Plan;
import dev.carafe.plan.Planner;
import dev.carafe.plan.Session;
import dev.carafe.runtime.Performer;
import dev.carafe.runtime.SessionStreams;
import java.util.Optional;

/** Starts a container: by somebody's wish, or again by its restart policy. */
final class Starting {
    private final Containers all;
    private final Container container;

    Starting(Containers all, Container container) {
        this.all = all;
        this.container = container;
    }

    Run start(SessionStreams streams, Optional<Session> session, Timeline timeline) {
        try (LockFile lock = all.lock(container.id())) {
            Run run = startLocked(streams, session, timeline);
            tend();
            return run;
        }
    }

    /** Stops it first, if it runs, so that no other command comes in between. */
    Run restart(Optional<Signal> signal, Optional<Integer> seconds) {
        try (LockFile lock = all.lock(container.id())) {
            container.stop(signal, seconds);
            Run run = startLocked(SessionStreams.NONE, Optional.empty(), new Timeline());
            tend();
            return run;
        }
    }

    private void tend() {
        if (container.record().restarts()) {
            RestartState.FRESH.write(all.roots.container(container.id()));
        }
        if (container.record().needsTending()) {
            Tending.ensure(all);
        }
    }

    /** Starts it once more, if it still is as it was when that was decided. */
    void again(long finishedAt) {
        String id = container.id();
        try (LockFile lock = all.lock(id)) {
            ContainerStatus status = all.store.status(id, all.boot);
            Optional<ContainerRecord> now = all.store.record(id);
            RestartState state = RestartState.read(all.roots.container(id));
            if (now.isEmpty() || status.finishedAt() != finishedAt || !state.wants(now.get().restartPolicy(), status, all.boot)) {
                return;
            }
            container.become(now.get());
            new RestartState(state.count() + 1, state.delay(status), false, "").write(all.roots.container(id));
            all.watch(startLocked(SessionStreams.NONE, Optional.empty(), new Timeline()));
        }
    }

    private Run startLocked(SessionStreams streams, Optional<Session> session, Timeline timeline) {
        String id = container.id();
        ContainerRecord record = container.record();
        var removing = new Removing(all, container);
        if (Stopping.runsInTheEnd(all, container)) {
            throw Fault.of(Fault.Kind.CONFLICT, "start", "\"" + record.name() + "\"", "it runs already");
        }
        if (!all.store.exists(id)) {
            throw Fault.notFound("start", "\"" + record.name() + "\"", "it was removed meanwhile");
        }
        if (all.store.wasStarted(id)) {
            removing.undoIfLeft();
            StateFile.deleteTree(all.roots.run(id));
        }
        all.store.starting(id, all.boot);
        StateFile.makeDirectories(all.roots.run(id));
        if (container.hasVolumes()) {
            all.volumes().mount(record);
        }
        // Namespaces of other containers are found anew at each start, since those may have been restarted.
        Spec spec = Neighbours.joined(all, container.bundle(), record, true);
        Optional<Attachment> attachment = Optional.empty();
        // Of before, since the program may have ended by the time that anybody is told.
        long begun = System.currentTimeMillis() * 1_000_000;
        try {
            Attaching.share(all, record);
            attachment = Attaching.attach(all, record);
            if (attachment.isPresent()) {
                timeline.end("attach");
            }
            Plan plan = Planner.start(spec, all.launch(record, session, attachment.isPresent() ? Attaching.connections(all, attachment.get()) : Connections.NONE),
                    all.host, all.filters);
            timeline.end("plan");
            if (attachment.isPresent() && attachment.get().served()) {
                all.names().orElseThrow().serveAtStart(id);
            }
            Performer.Performance performance = all.launcher.launch(plan, all.roots.plan(id), streams, "\"" + record.name() + "\"");
            timeline.end("launch");
            all.store.event(id, record.name(), "start", begun, "");
            return new Run(performance, removing::finish);
        } catch (Fault refusal) {
            Fault fault = Attaching.explained(refusal, record.name(), attachment);
            Attaching.detachIfLeft(all, id);
            all.store.failed(id, fault.getMessage(), Container.exitCode(fault));
            StateFile.deleteTree(all.roots.run(id));
            throw fault;
        }
    }
}
