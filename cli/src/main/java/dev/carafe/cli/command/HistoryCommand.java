package dev.carafe.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.template.Template;
import dev.carafe.cli.template.Value;
import dev.carafe.cli.text.Amount;
import dev.carafe.engine.Images;
import dev.carafe.oci.History;
import dev.carafe.oci.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** {@code carafe history}: how an image was made, its latest step first. */
final class HistoryCommand implements Command {
    private static final int SHORT = 45;
    private static final CommandSpec SPEC = CommandSpec.builder("carafe history", "Print how an image was made").operands("[OPTIONS] IMAGE", 1, 1)
            .options(Option.of(Type.TEXT, "format", "Print by this Go template, or json"),
                    Option.of(Type.SWITCH, 'H', "human", "Print sizes and ages for people").initially("true"),
                    Option.of(Type.SWITCH, "no-trunc", "Cut nothing short"),
                    Option.of(Type.SWITCH, 'q', "quiet", "Print only ids"))
            .build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        List<JsonObject> rows = rows(call.engine().images().history(operands.getFirst()), values);
        String format = values.text("format");
        var text = new StringBuilder();
        if (values.on("quiet")) {
            rows.forEach(row -> text.append(row.get("ID").getAsString()).append('\n'));
        } else if (format.equals("json")) {
            var array = new JsonArray();
            rows.forEach(array::add);
            text.append(Json.compact(array)).append('\n');
        } else if (!format.isEmpty() && !format.equals("table")) {
            Template template = Template.parse(format);
            rows.forEach(row -> text.append(template.apply(Value.of(row))).append('\n'));
        } else {
            var lines = new ArrayList<List<String>>();
            lines.add(List.of("IMAGE", "CREATED", "CREATED BY", "SIZE", "COMMENT"));
            rows.forEach(row -> lines.add(List.of(row.get("ID").getAsString(), row.get("CreatedSince").getAsString(), row.get("CreatedBy").getAsString(),
                    row.get("Size").getAsString(), row.get("Comment").getAsString())));
            text.append(table(lines));
        }
        call.console().out(text.toString());
        return 0;
    }

    private static String table(List<List<String>> lines) {
        var widths = new int[lines.getFirst().size()];
        lines.forEach(line -> {
            for (int k = 0; k < widths.length; k++) {
                widths[k] = Math.max(widths[k], line.get(k).length());
            }
        });
        var text = new StringBuilder();
        for (List<String> line : lines) {
            var row = new StringBuilder();
            for (int k = 0; k < widths.length; k++) {
                row.append(line.get(k)).append(" ".repeat(widths[k] - line.get(k).length() + 3));
            }
            text.append(row.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static List<JsonObject> rows(Images.Story story, Values values) {
        var rows = new ArrayList<JsonObject>();
        boolean whole = values.on("no-trunc");
        boolean human = values.on("human");
        int layer = story.sizes().size();
        for (History step : story.steps().reversed()) {
            long size = step.emptyLayer() || layer == 0 ? 0 : story.sizes().get(--layer);
            String by = step.createdBy().orElse("").replace('\t', ' ').replace('\n', ' ');
            var row = new JsonObject();
            row.addProperty("ID", rows.isEmpty() ? whole ? story.id().toString() : story.id().abbreviated() : "<missing>");
            row.addProperty("CreatedSince", !human ? step.created().map(Object::toString).orElse("") : step.created().map(at -> Amount.span(Duration.between(at, Instant.now())) + " ago").orElse("N/A"));
            row.addProperty("CreatedAt", step.created().map(Object::toString).orElse(""));
            row.addProperty("CreatedBy", whole || by.length() <= SHORT ? by : by.substring(0, SHORT - 1) + "…");
            row.addProperty("Size", human ? Amount.size(size, 3) : String.valueOf(size));
            row.addProperty("Comment", step.comment().orElse(""));
            rows.add(row);
        }
        return rows;
    }
}
