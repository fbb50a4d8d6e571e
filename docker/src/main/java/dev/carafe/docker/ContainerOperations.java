package dev.carafe.docker;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.engine.Container;
import dev.carafe.engine.ContainerStatus;
import dev.carafe.engine.Engine;
import dev.carafe.engine.FileChange;
import dev.carafe.engine.ProcessTable;
import dev.carafe.kernel.Signal;
import dev.carafe.oci.JsonFields;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Containers: made, started, stopped, changed, removed. */
final class ContainerOperations {
    private final Engine engine;
    private final Lives lives;

    ContainerOperations(Engine engine, Lives lives) {
        this.engine = engine;
        this.lives = lives;
    }

    List<Route> routes() {
        return List.of(Route.of("POST", "/containers/create", this::create),
                Route.of("GET", "/containers/*/json", this::inspect),
                Route.of("GET", "/containers/*/top", this::top),
                Route.of("GET", "/containers/*/changes", this::changes),
                Route.of("POST", "/containers/*/start", this::start),
                Route.of("POST", "/containers/*/stop", this::stop),
                Route.of("POST", "/containers/*/restart", this::restart),
                Route.of("POST", "/containers/*/kill", this::kill),
                Route.of("POST", "/containers/*/update", this::update),
                Route.of("POST", "/containers/*/rename", this::rename),
                Route.of("POST", "/containers/*/pause", this::pause),
                Route.of("POST", "/containers/*/unpause", this::unpause),
                Route.of("POST", "/containers/*/resize", this::resize),
                Route.of("DELETE", "/containers/*", this::remove));
    }

    private Container find(Call call) {
        return Containers.find(engine, call.name());
    }

    private void create(Call call) throws IOException {
        Body body = call.body();
        String name = call.query().text("name");
        var options = new CreateRequest(body, new LinkLines(engine)).options(call.query().given("name"), call.query().given("platform"));
        Container made;
        try {
            made = engine.containers().create(options);
        } catch (Fault fault) {
            if (fault.kind() == Fault.Kind.NOT_FOUND && fault.operation().equals("find image")) {
                throw ApiFault.notFound("No such image: " + ImageNames.tagged(options.image()));
            }
            if (fault.kind() == Fault.Kind.UNSUPPORTED && fault.object().startsWith("--log-driver")) {
                throw ApiFault.invalid("logger: no log driver named '" + options.logDriver().orElse("") + "' is registered");
            }
            throw Containers.explained(fault, name);
        }
        call.json(201, new JsonFields().put("Id", made.id()).put("Warnings", new JsonArray()).json());
    }

    private void inspect(Call call) throws IOException {
        Container container = find(call);
        JsonObject document = container.inspect();
        if (call.query().on("size")) {
            long written = container.bytesWritten();
            document.addProperty("SizeRw", written);
            document.addProperty("SizeRootFs", written + engine.imageBytes(container));
        }
        call.json(LogDriver.shown(document));
    }

    private void start(Call call) throws IOException {
        Container container = find(call);
        ContainerStatus status = container.status();
        if (status.isPaused()) {
            throw ApiFault.conflict("cannot start a paused container, try unpause instead");
        }
        if (status.running()) {
            call.exchange().empty(304);
            return;
        }
        try {
            lives.start(container);
        } catch (Fault fault) {
            if (fault.kind() == Fault.Kind.CONFLICT && container.status().running()) {
                call.exchange().empty(304);
                return;
            }
            if (container.record().removeWhenDone() && !container.status().running()) {
                container.remove(false, true);
            }
            throw fault.operation().equals("execute") ? ApiFault.invalid("failed to create task for container: " + fault.getMessage()) : fault;
        }
        call.done();
    }

    private void stop(Call call) throws IOException {
        Container container = find(call);
        if (!container.status().running()) {
            container.stop(Optional.empty(), Optional.empty());
            call.exchange().empty(304);
            return;
        }
        container.stop(signal(call), call.query().number("t"));
        call.done();
    }

    private void restart(Call call) throws IOException {
        Container container = find(call);
        lives.watch(container, container.restart(signal(call), call.query().number("t")));
        call.done();
    }

    private static Optional<Signal> signal(Call call) {
        return call.query().given("signal").map(ContainerOperations::signal);
    }

    private static Signal signal(String word) {
        try {
            return Signal.parse(word);
        } catch (Fault unknown) {
            throw ApiFault.invalid("Invalid signal: " + word);
        }
    }

    private void kill(Call call) throws IOException {
        Signal signal = signal(call).orElse(Signal.KILL);
        Container container = find(call);
        try {
            container.kill(signal);
        } catch (Fault fault) {
            throw fault.kind() == Fault.Kind.CONFLICT
                    ? ApiFault.conflict("cannot kill container: " + call.name() + ": container " + container.id() + " is not running") : fault;
        }
        if (signal.equals(Signal.KILL)) {
            // As docker: who kills finds it dead.
            container.await();
        }
        call.done();
    }

    private void remove(Call call) throws IOException {
        if (call.query().on("link")) {
            throw ApiFault.invalid("links are not supported");
        }
        Container container = find(call);
        if (container.status().phase() == ContainerStatus.Phase.RESTARTING && !call.query().on("force")) {
            throw running(container);
        }
        try {
            container.remove(call.query().on("force"), call.query().on("v"));
        } catch (Fault fault) {
            throw fault.kind() != Fault.Kind.CONFLICT || !container.status().running() ? fault : running(container);
        }
        call.done();
    }

    private static ApiFault running(Container container) {
        return ApiFault.conflict("cannot remove container \"/" + container.record().name() + "\": container is " + container.status().phase().word()
                + ": stop the container before removing or force remove");
    }

    private void rename(Call call) throws IOException {
        String name = call.query().text("name");
        Container container = find(call);
        if (name.isEmpty()) {
            throw ApiFault.invalid("Neither old nor new names may be empty");
        }
        try {
            container.rename(name.startsWith("/") ? name.substring(1) : name);
        } catch (Fault fault) {
            throw Containers.explained(fault, name);
        }
        call.done();
    }

    private void update(Call call) throws IOException {
        Body body = call.body();
        find(call).update(LimitRequest.update(body));
        call.json(new JsonFields().put("Warnings", JsonNull.INSTANCE).json());
    }

    private void pause(Call call) throws IOException {
        Container container = find(call);
        if (container.status().isPaused()) {
            throw ApiFault.conflict("Container " + container.id() + " is already paused");
        }
        container.pause();
        call.done();
    }

    private void unpause(Call call) throws IOException {
        Container container = find(call);
        if (!container.status().isPaused()) {
            throw ApiFault.conflict("Container " + container.id() + " is not paused");
        }
        container.unpause();
        call.done();
    }

    private void resize(Call call) throws IOException {
        int rows = side(call, "h");
        int columns = side(call, "w");
        find(call).resize(rows, columns);
        call.exchange().empty(200);
    }

    /** A number of rows or columns. */
    static int side(Call call, String name) {
        int side = call.query().number(name).orElseThrow(() -> ApiFault.invalid("invalid resize " + (name.equals("h") ? "height" : "width") + " \"\": invalid syntax"));
        if (side < 0 || side > 0xffff) {
            throw ApiFault.invalid("invalid resize " + (name.equals("h") ? "height" : "width") + " \"" + side + "\": value out of range");
        }
        return side;
    }

    private void top(Call call) throws IOException {
        Container container = find(call);
        if (!container.status().running()) {
            throw ApiFault.conflict("container " + container.id() + " is not running");
        }
        ProcessTable table = container.top(call.query().given("ps_args").map(words -> List.of(words.strip().split("\\s+"))).orElse(List.of()));
        var rows = new JsonArray();
        table.processes().forEach(row -> rows.add(array(row)));
        call.json(new JsonFields().put("Processes", rows).put("Titles", array(table.titles())).json());
    }

    private static JsonArray array(List<String> words) {
        var array = new JsonArray();
        words.forEach(array::add);
        return array;
    }

    private void changes(Call call) throws IOException {
        var array = new JsonArray();
        for (FileChange change : find(call).changes()) {
            array.add(new JsonFields().put("Path", change.path()).put("Kind", switch (change.kind()) {
                case CHANGED -> 0;
                case ADDED -> 1;
                case DELETED -> 2;
            }).json());
        }
        call.json(array.isEmpty() ? (JsonElement) JsonNull.INSTANCE : array);
    }
}
