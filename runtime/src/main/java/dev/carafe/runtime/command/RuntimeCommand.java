package dev.carafe.runtime.command;

import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.base.Timestamps;
import dev.carafe.oci.Json;
import dev.carafe.oci.runtime.Spec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The runtime's command line: global options, one command, and how an error is told to those who read logs. */
public final class RuntimeCommand {
    private static final String VERSION = "0.1.0";
    private static final int NO_SUCH_COMMAND = 3;

    private RuntimeCommand() {
    }

    /** Whether a program of that name is the runtime rather than the engine's own command line. */
    public static boolean isCalled(String program) {
        return program.equals("carafe-runtime") || program.equals("runc") || program.equals("crun");
    }

    /**
     * Does what the caller asks for.
     *
     * @return the exit status: that of the program for run and exec in the foreground, 255 when exec fails, 1 when anything else does
     */
    public static int run(Caller caller) {
        Options global;
        try {
            global = Options.parse(Invocation.GLOBAL, caller.arguments(), 0);
        } catch (Fault fault) {
            caller.error(fault.getMessage() + "\n");
            return 1;
        }
        var call = new Invocation(caller, global);
        List<String> words = global.operands();
        int failure = 1;
        try {
            if (global.flag("version")) {
                caller.out(version(caller.program()));
                return 0;
            }
            String format = global.value("log-format").orElse("text");
            if (!format.equals("text") && !format.equals("json")) {
                throw Fault.invalid("use", "--log-format \"" + format + "\"", "invalid log-format: " + format);
            }
            if (words.isEmpty() || global.helpAsked() || words.getFirst().equals("help")) {
                caller.out(Pages.overview(caller.program()));
                return 0;
            }
            String name = words.getFirst();
            Optional<Command> command = Commands.find(name);
            if (command.isEmpty()) {
                caller.error("No help topic for '" + name + "'\n");
                return NO_SUCH_COMMAND;
            }
            failure = command.get().failure();
            Options options = Options.parse(command.get().options(), words.subList(1, words.size()), command.get().stopsAt());
            if (options.helpAsked()) {
                caller.out(Pages.page(caller.program(), command.get()));
                return 0;
            }
            if (global.flag("debug")) {
                tell(call, "debug", String.join(" ", caller.arguments()));
            }
            int status = command.get().run(call, options);
            if (global.flag("debug")) {
                tell(call, "debug", name + " ends with status " + status);
            }
            return status;
        } catch (Fault fault) {
            tell(call, "error", failure == 1 ? fault.getMessage() : "exec failed: " + fault.getMessage());
            return failure;
        }
    }

    /** Engines parse the lines that runc's logger writes, as JSON or as text; people read standard error. */
    static void tell(Invocation call, String level, String message) {
        Optional<String> log = call.global().value("log");
        boolean json = call.global().value("log-format").orElse("text").equals("json");
        String line = line(level, message, json, Timestamps.print(Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS)));
        if (log.isPresent()) {
            Path file = call.path(log.get());
            try {
                Files.writeString(file, line, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                call.caller().error("open \"" + file + "\": " + e.getMessage() + "\n");
            }
            if (level.equals("error")) {
                call.caller().error(message + "\n");
            }
        } else {
            call.caller().error(line);
        }
    }

    private static String line(String level, String message, boolean json, String time) {
        if (json) {
            var object = new JsonObject();
            object.addProperty("level", level);
            object.addProperty("msg", message);
            object.addProperty("time", time);
            return Json.compact(object) + "\n";
        }
        return "time=\"" + time + "\" level=" + level + " msg=\"" + message.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"\n";
    }

    private static String version(String program) {
        return program + " version " + VERSION + "\ncommit: carafe-" + VERSION + "\nspec: " + Spec.VERSION + "\n"
                + (program.equals("crun") ? "+CAP +SECCOMP +EBPF\n" : "");
    }
}
