package dev.carafe.engine;

import dev.carafe.base.ContainerId;
import dev.carafe.base.Fault;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.runtime.Process;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.plan.Launch;
import dev.carafe.plan.LogFile;
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
import java.util.function.Consumer;

/** Runs further processes in a container; each has a directory below that of the container's run while it lives. */
final class Executing {
    /** Its monitor was killed, and it with that. */
    private static final int KILLED = 137;

    private Executing() {
    }

    /** What is to be done beside a process whose output is kept. */
    interface Aside {
        /** Called when the process runs; what it gives is called when it has ended. */
        Runnable begin(Path program);
    }

    static Run exec(Containers all, Container container, ExecOptions options, SessionStreams streams, Optional<Session> session) {
        return exec(all, container, ContainerId.random(all.random).hex(), options, streams, session);
    }

    /** @param id no other process of the container has it */
    static Run exec(Containers all, Container container, String id, ExecOptions options, SessionStreams streams, Optional<Session> session) {
        return begin(all, container, id, options, streams, session, Optional.empty());
    }

    /** How far it is, while it runs. */
    static Optional<Execution> execution(Containers all, Container container, String id) {
        return Execution.read(directory(all, container).resolve(id).resolve("plan"));
    }

    /** Runs a process with nobody attached, whose output is kept until it ends. @param taker is given that */
    static Run logged(Containers all, Container container, ExecOptions options, Consumer<LogReader> taker, Aside aside) {
        return begin(all, container, ContainerId.random(all.random).hex(), options, SessionStreams.NONE, Optional.empty(), Optional.of(new Kept(taker, aside)));
    }

    private record Kept(Consumer<LogReader> taker, Aside aside) {
        void take(Path log) {
            try (LogReader reader = LogReader.open(log).orElse(null)) {
                if (reader != null) {
                    taker.accept(reader);
                }
            }
        }
    }

    private static Run begin(Containers all, Container container, String execId, ExecOptions options, SessionStreams streams, Optional<Session> session,
            Optional<Kept> kept) {
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
        process = withSecrets(process, record, spec);
        Path run = directory(all, container).resolve(execId);
        Path log = run.resolve("log");
        StateFile.makeDirectories(run);
        var launch = new Launch(container.id(), new Launch.Root.Directory("/"), run.toString(), run.toString(), kept.isPresent() ? Optional.of(LogFile.of(log.toString())) : Optional.empty(),
                options.streams().interactive(), true, session);
        Plan plan = Planner.exec(process, spec.linux().orElseThrow(), status.pid(), launch, all.host, all.filters);
        Path program = run.resolve("plan");
        try {
            String line = ": " + String.join(" ", options.command());
            note(all, container, "exec_create" + line, execId, "");
            Performer.Performance performance = all.launcher.launch(plan, program, streams, quoted);
            note(all, container, "exec_start" + line, execId, "");
            Runnable ended = kept.isPresent() ? kept.get().aside().begin(program) : null;
            return new Run(performance, () -> {
                int code = Execution.read(program).flatMap(Execution::exit).map(Execution.Exit::code).orElse(KILLED);
                if (ended != null) {
                    ended.run();
                }
                if (kept.isPresent()) {
                    kept.get().take(log);
                }
                StateFile.deleteTree(run);
                note(all, container, "exec_die", execId, ",\"exitCode\":\"" + code + "\"");
                return code;
            });
        } catch (RuntimeException e) {
            StateFile.deleteTree(run);
            throw e;
        }
    }

    /** Variables of secrets are in the bundle alone. */
    private static Process withSecrets(Process process, ContainerRecord record, Spec spec) {
        List<String> names = record.secretVariables();
        if (names.isEmpty()) {
            return process;
        }
        var environment = new ArrayList<>(process.env());
        for (String variable : spec.process().orElseThrow().env()) {
            String name = variable.substring(0, variable.indexOf('=') + 1);
            if (names.contains(name.substring(0, name.length() - 1)) && environment.stream().noneMatch(own -> own.startsWith(name))) {
                environment.add(variable);
            }
        }
        return process.toBuilder().env(environment).build();
    }

    private static void note(Containers all, Container container, String action, String execId, String more) {
        all.store.event(container.id(), container.record().name(), action, System.currentTimeMillis() * 1_000_000, ",\"execID\":\"" + execId + "\"" + more);
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
