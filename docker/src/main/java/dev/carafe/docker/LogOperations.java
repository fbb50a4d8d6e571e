package dev.carafe.docker;

import dev.carafe.engine.Container;
import dev.carafe.engine.Engine;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** The output of containers, past and to come. */
final class LogOperations {
    private final Engine engine;

    LogOperations(Engine engine) {
        this.engine = engine;
    }

    List<Route> routes() {
        return List.of(Route.of("GET", "/containers/*/logs", this::logs));
    }

    private void logs(Call call) throws IOException {
        Query query = call.query();
        if (!query.on("stdout") && !query.on("stderr")) {
            throw ApiFault.invalid("Bad parameters: you must choose at least one stream");
        }
        Container container = Containers.find(engine, call.name());
        if (!container.record().logs()) {
            throw ApiFault.unsupported("configured logging driver does not support reading");
        }
        boolean raw = container.record().terminal();
        // What cannot be read is refused before the answer begins.
        new LogPrinter(query, new StreamFrames(OutputStream.nullOutputStream(), raw));
        boolean follows = query.on("follow");
        if (follows) {
            call.exchange().watch(() -> { });
        }
        try (OutputStream out = call.stream(StreamFrames.type(call.version(), raw))) {
            var printer = new LogPrinter(query, new StreamFrames(out, raw));
            if (follows) {
                printer.follow(container, call.exchange()::isGone);
            } else {
                printer.print(container);
            }
        }
    }
}
