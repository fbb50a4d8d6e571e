package dev.carafe.build;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.build.dockerfile.RunMount;
import dev.carafe.build.files.FileDigests;
import dev.carafe.build.files.Selection;
import dev.carafe.build.graph.Operation;
import dev.carafe.build.graph.Origin;
import dev.carafe.engine.ContainerOptions;
import dev.carafe.engine.LogReader;
import dev.carafe.engine.NamespaceMode;
import dev.carafe.engine.NetworkOptions;
import dev.carafe.engine.ProcessOptions;
import dev.carafe.engine.Run;
import dev.carafe.engine.SecurityOptions;
import dev.carafe.engine.Timeline;
import dev.carafe.engine.Workbench;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.runtime.SessionStreams;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** RUN: what it depends on, and doing it. */
final class ExecStep {
    private final Operation.Exec exec;
    private final BuildRequest request;
    private final Workbench bench;
    private final BuildLease lease;
    private final Origins origins;

    ExecStep(Operation.Exec exec, BuildRequest request, Workbench bench, BuildLease lease, Origins origins) {
        this.exec = exec;
        this.request = request;
        this.bench = bench;
        this.lease = lease;
        this.origins = origins;
    }

    Ingredients ingredients(Ingredients base) {
        base.add("command", String.join("\u0000", exec.arguments()).replace('\u0000', ' ')).add("words", String.valueOf(exec.arguments().size()));
        for (String variable : exec.environment()) {
            int equals = variable.indexOf('=');
            base.add("variable " + variable.substring(0, equals), variable.substring(equals + 1));
        }
        base.add("user", exec.user()).add("directory", exec.directory()).add("network", network()).add("hosts", String.join(" ", request.hosts()))
                .add("security", exec.insecure() ? "insecure" : "sandbox");
        exec.script().ifPresent(script -> base.add("script", script.text()));
        for (Operation.Mounted mounted : exec.mounts()) {
            base.add("mount " + target(mounted.mount()), mounted.mount().toString() + content(mounted));
        }
        return base;
    }

    private String network() {
        return switch (exec.network()) {
            case NONE -> "none";
            case HOST -> "host";
            case DEFAULT -> request.network().orElse("default");
        };
    }

    private static String target(RunMount mount) {
        return switch (mount) {
            case RunMount.Bind bind -> bind.target();
            case RunMount.Cache cache -> cache.target();
            case RunMount.Tmpfs tmpfs -> tmpfs.target();
            case RunMount.Secret secret -> secret.target().orElse(secret.id());
            case RunMount.Ssh ssh -> ssh.target().orElse("agent " + ssh.id());
        };
    }

    /** Of files that are mounted their digest; what a cache, a secret or an agent holds does not count. */
    private String content(Operation.Mounted mounted) {
        if (!(mounted.mount() instanceof RunMount.Bind bind)) {
            return "";
        }
        Origin origin = mounted.origin().orElseThrow();
        Optional<Optional<Digest>> chain = origins.chain(origin);
        if (chain.isPresent()) {
            return " " + chain.get().map(Digest::toString).orElse("scratch");
        }
        try (Origins.Open from = origins.open(origin)) {
            return " " + FileDigests.whole(Selection.of(from.tree(), List.of(bind.source()), false, List.of()));
        }
    }

    /** What has to be allowed for it, and has not been. */
    private void checkAllowed() {
        if (exec.insecure() && !request.allowed().contains("security.insecure")) {
            throw Fault.of(Fault.Kind.PERMISSION, "run", "\"" + String.join(" ", exec.arguments()) + "\"", "granting entitlement security.insecure is not allowed by build daemon configuration")
                    .hint("use --allow security.insecure");
        }
        boolean host = exec.network() == Operation.Network.HOST;
        if (host && !request.allowed().contains("network.host") && !request.network().equals(Optional.of("host"))) {
            throw Fault.of(Fault.Kind.PERMISSION, "run", "\"" + String.join(" ", exec.arguments()) + "\"", "granting entitlement network.host is not allowed by build daemon configuration")
                    .hint("use --allow network.host");
        }
    }

    /** Runs it, and makes a layer of what it changed. @param latest what times in the layer are at most */
    Workbench.Layer perform(Optional<Digest> parent, Reporter.Step report, Instant latest) {
        checkAllowed();
        try (var mounts = RunMounts.prepare(exec, request, bench, lease, origins)) {
            var environment = new ArrayList<>(exec.environment());
            environment.addAll(exec.hidden());
            environment.addAll(mounts.environment());
            ProcessOptions process = ProcessOptions.builder().entrypoint(List.of()).command(exec.arguments()).environment(environment).workingDirectory(exec.directory()).build();
            ContainerOptions.Builder options = ContainerOptions.builder("build").name(lease.key()).labels(Map.of(Workbench.LABEL, lease.name())).process(process)
                    .mounts(mounts.list()).network(networkOptions());
            request.cgroupParent().ifPresent(options::cgroupParent);
            if (exec.insecure()) {
                options.security(SecurityOptions.NONE.toBuilder().privileged(true).build());
            }
            // Images cannot be made of what is in volumes, so commands see none.
            ContainerConfig config = ContainerConfig.builder().user(exec.user()).workingDir(exec.directory()).build();
            try (Workbench.Step step = bench.step(options.build(), parent, config)) {
                int code = run(step, report);
                if (code != 0) {
                    throw Fault.of(Fault.Kind.UNAVAILABLE, "process", "\"" + String.join(" ", exec.arguments()) + "\" did not complete successfully", "exit code: " + code);
                }
                return step.layer(latest);
            }
        }
    }

    private NetworkOptions networkOptions() {
        // The same name for every build, since programs write it into what they make.
        NetworkOptions options = NetworkOptions.NONE.hosts(request.hosts()).hostname("build");
        return switch (network()) {
            case "none" -> options.mode(new NamespaceMode.None());
            case "host" -> options.mode(new NamespaceMode.Host());
            case "default", "bridge" -> options;
            default -> options.mode(new NamespaceMode.Named(network()));
        };
    }

    private static int run(Workbench.Step step, Reporter.Step report) {
        var over = new AtomicBoolean();
        try (Run run = step.container().start(SessionStreams.NONE, Optional.empty(), new Timeline())) {
            Thread teller = Thread.ofPlatform().daemon().name("output").start(() -> tell(step, report, over));
            int code = run.await();
            over.set(true);
            java.util.concurrent.locks.LockSupport.unpark(teller);
            join(teller);
            return code;
        }
    }

    private static void join(Thread teller) {
        try {
            teller.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void tell(Workbench.Step step, Reporter.Step report, AtomicBoolean over) {
        Optional<LogReader> found = step.container().logs();
        while (found.isEmpty() && !over.get()) {
            java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
            found = step.container().logs();
        }
        found = found.isPresent() ? found : step.container().logs();
        if (found.isEmpty()) {
            return;
        }
        try (LogReader log = found.get()) {
            while (true) {
                Optional<LogReader.Piece> piece = log.next();
                if (piece.isPresent()) {
                    report.output(piece.get().error(), piece.get().bytes());
                } else if (over.get()) {
                    // What was written between the last look and the end.
                    for (Optional<LogReader.Piece> last = log.next(); last.isPresent(); last = log.next()) {
                        report.output(last.get().error(), last.get().bytes());
                    }
                    return;
                } else {
                    java.util.concurrent.locks.LockSupport.parkNanos(25_000_000);
                }
            }
        }
    }
}
