package dev.carafe.engine;

import dev.carafe.base.ContainerId;
import dev.carafe.base.Fault;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.runtime.Process;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.plan.Launch;
import dev.carafe.plan.Plan;
import dev.carafe.plan.Planner;
import dev.carafe.plan.Session;
import dev.carafe.runtime.Execution;
import dev.carafe.runtime.Performer;
import dev.carafe.runtime.SessionStreams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs further processes in a container; each has a directory below that of the container's run while it lives. */
final class Executing {
    /** Its monitor was killed, and it with that. */
    private static final int KILLED = 137;

    private Executing() {
    }

    static Run exec(Containers all, Container container, ExecOptions options, SessionStreams streams, Optional<Session> session) {
        ContainerRecord record = container.record();
        String quoted = "\"" + record.name() + "\"";
        ContainerStatus status = container.status();
        if (!status.running()) {
            throw container.notRunning("exec in");
        }
        if (status.isPaused()) {
            throw Fault.of(Fault.Kind.CONFLICT, "exec in", quoted, "container " + container.id() + " is paused").hint("unpause it first");
        }
        Spec spec = container.bundle();
        Account account = all.accountFiles.below("/proc/" + status.pid() + "/root").resolve(options.user().orElse(record.user()), record.groups());
        // What the image says of variables is in the record already.
        ContainerOptions made = ContainerOptions.builder(record.image())
                .process(ProcessOptions.builder().environment(record.environment()).build()).build();
        Process process = Specifier.exec(options, made, ContainerConfig.EMPTY, spec, account, all.host);
        Path run = directory(all, container).resolve(ContainerId.random(all.random).abbreviated());
        StateFile.makeDirectories(run);
        var launch = new Launch(container.id(), new Launch.Root.Directory("/"), run.toString(), run.toString(), Optional.empty(),
                options.streams().interactive(), true, session);
        Plan plan = Planner.exec(process, spec.linux().orElseThrow(), status.pid(), launch, all.host, all.filters);
        Path program = run.resolve("plan");
        try {
            Performer.Performance performance = all.launcher.launch(plan, program, streams, quoted);
            return new Run(performance, () -> {
                int code = Execution.read(program).flatMap(Execution::exit).map(Execution.Exit::code).orElse(KILLED);
                StateFile.deleteTree(run);
                return code;
            });
        } catch (RuntimeException e) {
            StateFile.deleteTree(run);
            throw e;
        }
    }

    private static Path directory(Containers all, Container container) {
        return all.roots.run(container.id()).resolve("exec");
    }

    /** The ids of processes that were started in it and still run. */
    static List<String> ids(Containers all, Container container) {
        var ids = new ArrayList<String>();
        Path directory = directory(all, container);
        if (Files.isDirectory(directory)) {
            try (var entries = Files.list(directory)) {
                entries.forEach(e -> ids.add(e.getFileName().toString()));
            } catch (IOException e) {
                throw StateFile.fault("list", directory, e);
            }
        }
        return ids;
    }
}
