package dev.carafe.docker;

import dev.carafe.engine.Engine;
import dev.carafe.engine.Event;
import dev.carafe.engine.EventLog;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What happens, as it does. */
final class EventOperations {
    private static final List<String> FILTERS = List.of("config", "container", "daemon", "event", "image", "label", "network", "node", "plugin", "scope", "secret",
            "service", "type", "volume");
    private static final List<String> ACTORS = List.of("config", "container", "daemon", "image", "network", "node", "plugin", "secret", "service", "volume");

    private final Engine engine;

    EventOperations(Engine engine) {
        this.engine = engine;
    }

    List<Route> routes() {
        return List.of(Route.of("GET", "/events", this::events));
    }

    private void events(Call call) throws IOException {
        FilterSet filters = FilterSet.of(call.query(), FILTERS);
        long since = nanos(call.query().text("since"), System.currentTimeMillis() * 1_000_000);
        long until = nanos(call.query().text("until"), Long.MAX_VALUE);
        if (until < since && call.query().has("since")) {
            throw ApiFault.invalid("`since` time (" + call.query().text("since") + ") cannot be after `until` time (" + call.query().text("until") + ")");
        }
        call.exchange().watch(() -> { });
        try (EventLog log = engine.containers().events(since, until); JsonStream out = call.documents()) {
            for (Optional<Event> event = log.next(call.exchange()::isGone); event.isPresent(); event = log.next(call.exchange()::isGone)) {
                if (fits(event.get(), filters)) {
                    out.put(event.get().json());
                }
            }
        }
    }

    private static long nanos(String text, long otherwise) {
        if (text.isEmpty()) {
            return otherwise;
        }
        Instant moment = Moments.parse(text);
        return moment.getEpochSecond() * 1_000_000_000 + moment.getNano();
    }

    private static boolean fits(Event event, FilterSet filters) {
        for (String actor : ACTORS) {
            if (!filters.any(actor, word -> event.type().equals(actor) && (event.id().startsWith(word) || word.equals(event.attributes().get("name"))
                    || actor.equals("image") && word.equals(event.attributes().get("image"))))
                    && !(actor.equals("image") && event.type().equals("container") && filters.any(actor, word -> word.equals(event.attributes().get("image"))))) {
                return false;
            }
        }
        return filters.any("type", word -> event.type().equals(word)) && filters.any("scope", "local"::equals)
                && filters.any("event", word -> event.action().equals(word) || event.action().startsWith(word + ":"))
                && filters.labelled(event.attributes());
    }
}
