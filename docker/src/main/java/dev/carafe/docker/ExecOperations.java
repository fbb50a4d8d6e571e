package dev.carafe.docker;

import com.google.gson.JsonArray;
import dev.carafe.base.ContainerId;
import dev.carafe.base.Fault;
import dev.carafe.docker.http.Hijacked;
import dev.carafe.engine.Container;
import dev.carafe.engine.ContainerStatus;
import dev.carafe.engine.Engine;
import dev.carafe.engine.ExecOptions;
import dev.carafe.engine.PipedSession;
import dev.carafe.engine.Run;
import dev.carafe.engine.StreamOptions;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.runtime.ConsoleSize;
import dev.carafe.plan.Session;
import dev.carafe.runtime.SessionStreams;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/** Further processes in running containers. */
final class ExecOperations {
    private final Engine engine;
    private final Execs execs = new Execs();
    private final SecureRandom random = new SecureRandom();

    ExecOperations(Engine engine) {
        this.engine = engine;
    }

    List<Route> routes() {
        return List.of(Route.of("POST", "/containers/*/exec", this::create), Route.of("POST", "/exec/*/start", this::start),
                Route.of("POST", "/exec/*/resize", this::resize), Route.of("GET", "/exec/*/json", this::inspect));
    }

    private void create(Call call) throws IOException {
        Body body = call.body();
        List<String> command = body.words("Cmd");
        if (command.isEmpty()) {
            throw ApiFault.invalid("no exec command specified");
        }
        StreamOperations.keys(body.text("DetachKeys"));
        Container container = Containers.find(engine, call.name());
        requireRunning(container);
        var exec = new Execs.Exec(ContainerId.random(random).hex(), container.id(), body);
        execs.add(exec);
        call.json(201, new JsonFields().put("Id", exec.id()).json());
    }

    private static void requireRunning(Container container) {
        ContainerStatus status = container.status();
        if (status.isPaused()) {
            throw ApiFault.conflict("container " + container.id() + " is paused, unpause the container before exec");
        }
        if (!status.running()) {
            throw ApiFault.conflict("container " + container.id() + " is not running");
        }
    }

    private void start(Call call) throws IOException {
        Body body = call.body();
        Execs.Exec exec = execs.find(call.name());
        Container container = Containers.find(engine, exec.container());
        requireRunning(container);
        if (!exec.begin()) {
            throw ApiFault.conflict("exec command " + exec.id() + " is already running");
        }
        boolean terminal = exec.body().on("Tty");
        ExecOptions options = options(exec, body.on("Detach"));
        if (body.on("Detach")) {
            container.watch(run(container, exec, options, SessionStreams.NONE, Optional.empty()));
            call.exchange().empty(200);
            return;
        }
        boolean input = exec.body().on("AttachStdin");
        Optional<ConsoleSize> size = size(body).or(() -> size(exec.body()));
        var session = new Session(input, exec.body().on("AttachStdout"), exec.body().on("AttachStderr") && !terminal,
                terminal && input ? StreamOperations.keys(exec.body().text("DetachKeys")) : List.of(), terminal ? size : Optional.empty());
        // The head goes first, as dockerd's does: some clients lose what comes with it.
        // The form of the stream is what this request says, whatever the process has.
        boolean raw = body.on("Tty");
        Hijacked connection = call.exchange().hijack(StreamFrames.type(call.version(), raw));
        var frames = new StreamFrames(connection.out(), raw);
        try (PipedSession piped = engine.pipe(session)) {
            Run run = run(container, exec, options, piped.streams(), Optional.of(session));
            piped.begun();
            carry(connection, frames, container, exec, piped, run);
        } catch (ApiFault | Fault refusal) {
            // A program that cannot be executed is told of in the stream, and by the exit code.
            byte[] line = (refusal.getMessage() + "\r\n").getBytes(StandardCharsets.UTF_8);
            frames.put(false, line, line.length);
            connection.endOutput();
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void carry(Hijacked connection, StreamFrames frames, Container container, Execs.Exec exec, PipedSession piped, Run run) throws InterruptedException {
        boolean ended = false;
        exec.attached(Optional.of(piped));
        try {
            Thread reader = Carrying.input(connection, piped, () -> false);
            // A client asks for the exit code as soon as the connection ends.
            ended = Carrying.output(connection, piped, frames, run::await) == PipedSession.Outcome.ENDED;
            reader.join();
        } finally {
            exec.attached(Optional.empty());
            if (!ended) {
                container.watch(run);
            }
        }
    }

    private static Run run(Container container, Execs.Exec exec, ExecOptions options, SessionStreams streams, Optional<Session> session) {
        try {
            Run run = container.exec(exec.id(), options, streams, session).whenEnded(exec::end);
            exec.started();
            return run;
        } catch (Fault fault) {
            exec.end(fault.operation().equals("execute") ? Container.exitCode(fault) : 126);
            throw fault.operation().equals("execute") ? ApiFault.invalid("OCI runtime exec failed: exec failed: unable to start container process: " + fault.getMessage())
                    : fault;
        }
    }

    /** Rows, then columns. */
    private static Optional<ConsoleSize> size(Body body) {
        var sides = body.array("ConsoleSize");
        return sides.size() == 2 ? Optional.of(new ConsoleSize(sides.get(0).getAsInt(), sides.get(1).getAsInt())) : Optional.empty();
    }

    private static ExecOptions options(Execs.Exec exec, boolean detach) {
        Body body = exec.body();
        ExecOptions options = ExecOptions.of(body.words("Cmd")).environment(body.texts("Env")).privileged(body.on("Privileged"))
                .streams(StreamOptions.NONE.interactive(body.on("AttachStdin") && !detach).tty(body.on("Tty")).detach(detach));
        Optional<String> user = body.given("User");
        if (user.isPresent()) {
            options = options.user(user.get());
        }
        Optional<String> directory = body.given("WorkingDir");
        return directory.isPresent() ? options.workingDirectory(directory.get()) : options;
    }

    private void resize(Call call) throws IOException {
        int rows = ContainerOperations.side(call, "h");
        int columns = ContainerOperations.side(call, "w");
        Execs.Exec exec = execs.find(call.name());
        exec.awaitStart();
        PipedSession session = exec.session().orElseThrow(() -> ApiFault.conflict("exec " + exec.id() + " is not running, or nobody is attached to it"));
        try {
            session.resize(rows, columns);
        } catch (Fault ended) {
            throw ApiFault.conflict("exec " + exec.id() + " is not running");
        }
        call.exchange().empty(200);
    }

    private void inspect(Call call) throws IOException {
        Execs.Exec exec = execs.find(call.name());
        Body body = exec.body();
        List<String> command = body.words("Cmd");
        var arguments = new JsonArray();
        command.subList(1, command.size()).forEach(arguments::add);
        Optional<Container> container = Optional.of(Containers.find(engine, exec.container()));
        int pid = exec.isRunning() ? container.flatMap(c -> c.execution(exec.id())).map(execution -> execution.init()).orElse(0) : 0;
        var process = new JsonFields().put("tty", body.on("Tty")).put("entrypoint", command.getFirst()).put("arguments", arguments).put("privileged", body.on("Privileged"));
        body.given("User").ifPresent(user -> process.put("user", user));
        var fields = new JsonFields().put("ID", exec.id()).put("Running", exec.isRunning());
        exec.code().ifPresentOrElse(code -> fields.put("ExitCode", code), () -> fields.put("ExitCode", com.google.gson.JsonNull.INSTANCE));
        call.json(fields.put("ProcessConfig", process.json()).put("OpenStdin", body.on("AttachStdin")).put("OpenStderr", body.on("AttachStderr"))
                .put("OpenStdout", body.on("AttachStdout")).put("CanRemove", exec.code().isPresent()).put("ContainerID", exec.container())
                .put("DetachKeys", body.text("DetachKeys")).put("Pid", pid).json());
    }
}
