package dev.carafe.cli.command;

import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.list.Filters;
import dev.carafe.cli.template.Template;
import dev.carafe.cli.template.Value;
import dev.carafe.engine.Event;
import dev.carafe.engine.EventLog;
import dev.carafe.oci.Json;
import java.util.List;
import java.util.Optional;

/** {@code carafe events}: what happens to containers, images and volumes, as it happens. */
final class EventsCommand implements Command {
    private static final List<String> FILTERS = List.of("container", "event", "image", "label", "scope", "type", "volume");
    private static final CommandSpec SPEC = CommandSpec.builder("carafe events", "Show what happens to containers, images and volumes").aliases("carafe system events")
            .operands("[OPTIONS]", 0, 0)
            .options(Option.of(Type.FILTER, 'f', "filter", "Show those that fit (" + String.join(", ", FILTERS) + ")"),
                    Option.of(Type.TEXT, "format", "Print by this Go template, or json"),
                    Option.of(Type.TEXT, "since", "Begin with those since this time (2026-01-31T13:23:37Z) or this long ago (42m)"),
                    Option.of(Type.TEXT, "until", "End at this time, or this long ago"))
            .build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        Filters filters = Filters.parse(values.list("filter"), FILTERS);
        long now = System.currentTimeMillis() * 1_000_000;
        long since = values.given("since") ? LogsCommand.time(values.text("since")) : now;
        long until = values.given("until") ? LogsCommand.time(values.text("until")) : Long.MAX_VALUE;
        String format = values.text("format");
        boolean json = format.equals("json") || format.replace(" ", "").equals("{{json.}}");
        Optional<Template> template = json || format.isEmpty() ? Optional.empty() : Optional.of(Template.parse(format));
        if (since > until) {
            throw Fault.invalid("events", "--since", "it lies behind --until");
        }
        try (EventLog log = call.engine().containers().events(since, until)) {
            for (Optional<Event> event = log.next(call.console()::gone); event.isPresent(); event = log.next(call.console()::gone)) {
                if (fits(event.get(), filters)) {
                    call.console().out((template.isPresent() ? template.get().apply(Value.of(goForm(event.get()))) : json ? Json.compact(event.get().json())
                            : text(event.get())) + "\n");
                }
            }
        }
        return 0;
    }

    private static boolean fits(Event event, Filters filters) {
        boolean container = event.type().equals("container");
        return any(filters, "type", event.type()::equals) && any(filters, "scope", "local"::equals)
                && any(filters, "event", word -> event.action().equals(word) || event.action().startsWith(word + ":"))
                && any(filters, "container", word -> container && (event.id().startsWith(word) || event.attributes().getOrDefault("name", "").equals(word)))
                && any(filters, "volume", word -> event.type().equals("volume") && event.id().equals(word))
                && any(filters, "image", word -> event.attributes().getOrDefault("image", "").equals(word)
                        || event.attributes().getOrDefault("image", "").startsWith(word + ":")
                        || event.type().equals("image") && (event.id().equals(word) || event.attributes().getOrDefault("name", "").equals(word)))
                && filters.of("label").stream().allMatch(label -> labelled(event, label));
    }

    private static boolean any(Filters filters, String name, java.util.function.Predicate<String> test) {
        List<String> wanted = filters.of(name);
        return wanted.isEmpty() || wanted.stream().anyMatch(test);
    }

    private static boolean labelled(Event event, String label) {
        int equals = label.indexOf('=');
        String value = event.attributes().get(equals < 0 ? label : label.substring(0, equals));
        return value != null && (equals < 0 || value.equals(label.substring(equals + 1)));
    }

    private static String text(Event event) {
        var line = new StringBuilder(LogsCommand.stamp(event.time())).append(' ').append(event.type()).append(' ').append(event.action()).append(' ').append(event.id());
        if (!event.attributes().isEmpty()) {
            var words = new java.util.ArrayList<String>();
            event.attributes().forEach((name, value) -> words.add(name + "=" + value));
            line.append(" (").append(String.join(", ", words)).append(')');
        }
        return line.toString();
    }

    /** By the names that docker's templates use. */
    private static JsonObject goForm(Event event) {
        JsonObject json = event.json();
        var form = new JsonObject();
        form.add("Actor", json.get("Actor"));
        form.addProperty("Action", event.action());
        form.addProperty("From", event.attributes().getOrDefault("image", ""));
        form.addProperty("ID", event.id());
        form.addProperty("Scope", "local");
        form.addProperty("Status", event.action());
        form.addProperty("Time", event.time() / 1_000_000_000);
        form.addProperty("TimeNano", event.time());
        form.addProperty("Type", event.type());
        return form;
    }
}
