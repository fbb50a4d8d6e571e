package dev.carafe.runtime.command;

import com.google.gson.JsonArray;
import dev.carafe.base.Fault;
import dev.carafe.oci.Json;
import dev.carafe.runtime.oci.OciContainer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** list and ps. */
final class ListingCommands {
    private static final int NARROWEST = 12;
    private static final int PADDING = 3;

    private ListingCommands() {
    }

    static final class Containers implements Command {
        @Override
        public String usage() {
            return "list [options]";
        }

        @Override
        public List<Option> options() {
            return List.of(Option.value("format", 'f', "table or json"), Option.flag("quiet", 'q', "print ids only"));
        }

        @Override
        public int run(Invocation call, Options options) {
            Invocation.expect("list", options, 0, 0);
            if (call.global().has("root") && !Invocation.exists(call.runtime().root().path())) {
                throw Fault.notFound("open", "\"" + call.runtime().root().path() + "\"", "no such file or directory");
            }
            List<OciContainer> containers = call.runtime().containers();
            String format = options.value("format").orElse("table");
            if (options.flag("quiet")) {
                for (OciContainer container : containers) {
                    call.caller().out(container.id() + "\n");
                }
            } else if (format.equals("json")) {
                var array = new JsonArray();
                for (OciContainer container : containers) {
                    array.add(SimpleCommands.document(container));
                }
                call.caller().out((array.isEmpty() ? "null" : Json.compact(array)) + "\n");
            } else if (format.equals("table")) {
                var rows = new ArrayList<List<String>>();
                rows.add(List.of("ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"));
                for (OciContainer container : containers) {
                    var document = SimpleCommands.document(container);
                    rows.add(List.of(container.id(), document.get("pid").getAsString(), document.get("status").getAsString(), container.bundle(),
                            container.created(), document.get("owner").getAsString()));
                }
                call.caller().out(table(rows));
            } else {
                throw Fault.invalid("list", "--format \"" + format + "\"", "invalid format option");
            }
            return 0;
        }
    }

    /** Columns as wide as their widest cell and three blanks, twelve at least; the last one ends with its text. */
    static String table(List<List<String>> rows) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int k = 0; k < columns; k++) {
                widths[k] = Math.max(widths[k], Math.max(NARROWEST, row.get(k).length() + PADDING));
            }
        }
        var text = new StringBuilder();
        for (List<String> row : rows) {
            for (int k = 0; k < columns - 1; k++) {
                text.append(row.get(k)).append(" ".repeat(widths[k] - row.get(k).length()));
            }
            text.append(row.getLast()).append('\n');
        }
        return text.toString();
    }

    static final class Processes implements Command {
        @Override
        public String usage() {
            return "ps [options] <container-id> [ps options]";
        }

        @Override
        public List<Option> options() {
            return List.of(Option.value("format", 'f', "table or json"));
        }

        @Override
        public int stopsAt() {
            return 1;
        }

        @Override
        public int run(Invocation call, Options options) {
            Invocation.expect("ps", options, 1, Integer.MAX_VALUE);
            List<Integer> pids = call.container(options.operands().getFirst()).processes();
            String format = options.value("format").orElse("table");
            if (format.equals("json")) {
                var array = new JsonArray();
                pids.forEach(array::add);
                call.caller().out(Json.compact(array) + "\n");
                return 0;
            }
            if (!format.equals("table")) {
                throw Fault.invalid("ps", "--format \"" + format + "\"", "invalid format option");
            }
            List<String> arguments = options.operands().subList(1, options.operands().size());
            call.caller().out(select(output(arguments.isEmpty() ? List.of("-ef") : arguments), pids));
            return 0;
        }

        private static String output(List<String> arguments) {
            var command = new ArrayList<String>();
            command.add("ps");
            command.addAll(arguments);
            try {
                Process ps = new ProcessBuilder(command).redirectErrorStream(true).start();
                ps.getOutputStream().close();
                String text = new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (ps.waitFor() != 0) {
                    throw Fault.of(Fault.Kind.UNAVAILABLE, "run", "\"" + String.join(" ", command) + "\"", text.strip().lines().findFirst().orElse("it failed"));
                }
                return text;
            } catch (IOException e) {
                throw Fault.notFound("run", "\"ps\"", "executable file not found in $PATH").cause(e).hint("install procps, or use --format json");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Fault.of(Fault.Kind.CANCELLED, "run", "\"ps\"", "interrupted");
            }
        }

        /** The heading, and the lines of those processes. */
        private static String select(String output, List<Integer> pids) {
            List<String> lines = output.lines().toList();
            List<String> titles = lines.isEmpty() ? List.of() : List.of(lines.getFirst().strip().split("\\s+"));
            int column = titles.indexOf("PID");
            if (column < 0) {
                throw Fault.invalid("ps", "output", "couldn't find PID field in ps output");
            }
            var text = new StringBuilder(lines.getFirst()).append('\n');
            for (String line : lines.subList(1, lines.size())) {
                String[] fields = line.strip().split("\\s+");
                if (fields.length > column && pids.contains(Integer.parseInt(fields[column]))) {
                    text.append(line).append('\n');
                }
            }
            return text.toString();
        }
    }
}
