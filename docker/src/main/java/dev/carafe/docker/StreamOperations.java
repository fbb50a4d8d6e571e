package dev.carafe.docker;

import dev.carafe.base.Fault;
import dev.carafe.docker.http.Hijacked;
import dev.carafe.engine.Container;
import dev.carafe.engine.ContainerStatus;
import dev.carafe.engine.DetachKeys;
import dev.carafe.engine.Engine;
import dev.carafe.engine.PipedSession;
import dev.carafe.plan.Session;
import java.io.IOException;
import java.util.List;

/** Connects a client with the streams of a container. */
final class StreamOperations {
    private final Engine engine;
    private final Lives lives;

    StreamOperations(Engine engine, Lives lives) {
        this.engine = engine;
        this.lives = lives;
    }

    List<Route> routes() {
        return List.of(Route.of("POST", "/containers/*/attach", this::attach));
    }

    static List<Byte> keys(String words) {
        try {
            return (words.isEmpty() ? DetachKeys.USUAL : DetachKeys.parse(words)).codes();
        } catch (Fault fault) {
            throw ApiFault.invalid("Invalid detach keys (" + words + ") provided");
        }
    }

    private void attach(Call call) throws IOException {
        Query query = call.query();
        List<Byte> keys = keys(query.text("detachKeys"));
        Container container = Containers.find(engine, call.name());
        ContainerStatus status = container.status();
        if (status.isPaused()) {
            throw ApiFault.conflict("container " + call.name() + " is paused, unpause the container before attach");
        }
        if (status.phase() == ContainerStatus.Phase.RESTARTING) {
            throw ApiFault.conflict("container " + call.name() + " is restarting, wait until the container is running");
        }
        boolean raw = container.record().terminal();
        boolean input = query.on("stdin") && container.record().openStdin() && query.on("stream");
        var session = new Session(input, query.on("stdout"), query.on("stderr") && !raw, raw && input ? keys : List.of());
        if (!query.on("stream")) {
            Hijacked connection = call.exchange().hijack(StreamFrames.type(call.version(), raw));
            if (query.on("logs")) {
                new LogPrinter(query, new StreamFrames(connection.out(), raw)).print(container);
            }
            return;
        }
        try (PipedSession piped = engine.pipe(session)) {
            // Before the client is told, who may start the container right then.
            lives.await(container.id(), piped);
            try {
                carry(call, container, piped, raw);
            } finally {
                lives.forget(container.id(), piped);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void carry(Call call, Container container, PipedSession piped, boolean raw) throws IOException, InterruptedException {
        Hijacked connection = call.exchange().hijack(StreamFrames.type(call.version(), raw));
        var frames = new StreamFrames(connection.out(), raw);
        if (call.query().on("logs")) {
            new LogPrinter(call.query(), frames).print(container);
        }
        attachIfRunning(container, piped);
        Thread reader = Carrying.input(connection, piped, () -> lives.forget(container.id(), piped));
        Carrying.output(connection, piped, frames);
        reader.join();
    }

    /** At once where it runs; else its next start takes the session along. */
    private void attachIfRunning(Container container, PipedSession piped) {
        if (container.status().running() && lives.forget(container.id(), piped)) {
            try {
                container.attach(piped.streams(), piped.session().detachKeys());
                piped.begun();
            } catch (Fault ended) {
                piped.leave();
            }
        }
    }
}
