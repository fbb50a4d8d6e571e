package dev.carafe.runtime.command;

import dev.carafe.base.Fault;
import dev.carafe.oci.Json;
import dev.carafe.runtime.oci.OciContainer;
import dev.carafe.runtime.oci.OciRuntime;
import dev.carafe.runtime.oci.StateRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One call of the runtime: who called, the global options, and the runtime over its state root. */
final class Invocation {
    static final List<Option> GLOBAL = List.of(
            Option.value("root", ' ', "directory for the state of containers"),
            Option.value("log", ' ', "file to write errors to"),
            Option.value("log-format", ' ', "text or json"),
            Option.flag("debug", ' ', "log more"),
            Option.flag("systemd-cgroup", ' ', "let systemd make the groups; cgroupsPath is then slice:prefix:name"),
            Option.value("cgroup-manager", ' ', "cgroupfs, systemd or disabled"),
            Option.value("rootless", ' ', "true, false or auto"),
            Option.value("criu", ' ', "the program criu, for checkpoint and restore; sought along PATH when absent"),
            Option.flag("version", 'v', "print the version"));

    private final Caller caller;
    private final Options global;
    private @Nullable OciRuntime runtime;

    Invocation(Caller caller, Options global) {
        this.caller = caller;
        this.global = global;
    }

    Caller caller() {
        return caller;
    }

    Options global() {
        return global;
    }

    /** Who makes the groups of a new container. */
    OciRuntime.Grouping grouping() {
        String manager = global.value("cgroup-manager").orElse("cgroupfs");
        if (global.flag("systemd-cgroup") || manager.equals("systemd")) {
            runtime().scopes().check();
            return OciRuntime.Grouping.SYSTEMD;
        }
        if (manager.equals("disabled")) {
            return OciRuntime.Grouping.NONE;
        }
        if (!manager.equals("cgroupfs")) {
            throw Fault.invalid("use", "--cgroup-manager \"" + manager + "\"", "expected cgroupfs, systemd or disabled");
        }
        return switch (global.value("rootless").orElse("auto")) {
            case "true" -> OciRuntime.Grouping.POSSIBLE;
            case "false" -> OciRuntime.Grouping.REQUIRED;
            case "auto" -> caller.host().uid() == 0 ? OciRuntime.Grouping.REQUIRED : OciRuntime.Grouping.POSSIBLE;
            default -> throw Fault.invalid("use", "--rootless \"" + global.value("rootless").get() + "\"", "expected true, false or auto");
        };
    }

    OciRuntime runtime() {
        OciRuntime open = runtime;
        if (open == null) {
            open = new OciRuntime(new StateRoot(root()), caller.kernel(), caller.host(), caller.filters(), caller.performer(), InstantSource.system(),
                    caller.environment());
            runtime = open;
        }
        return open;
    }

    private Path root() {
        if (global.value("root").isPresent()) {
            return path(global.value("root").get());
        }
        String own = caller.environment().getOrDefault("XDG_RUNTIME_DIR", "");
        return caller.host().uid() == 0 || own.isEmpty() ? Path.of("/run/carafe-runtime") : Path.of(own).resolve("carafe-runtime");
    }

    /** A path of the caller's: relative to its directory, with its own descriptors where /dev and /proc/self name them. */
    Path path(String text) {
        Path path = caller.directory().resolve(text).normalize();
        String full = path.toString();
        String descriptors = "/proc/" + caller.process() + "/fd/";
        switch (full) {
            case "/dev/stdin":
                return Path.of(descriptors + "0");
            case "/dev/stdout":
                return Path.of(descriptors + "1");
            case "/dev/stderr":
                return Path.of(descriptors + "2");
            default:
                break;
        }
        if (full.startsWith("/dev/fd/")) {
            return Path.of(descriptors + full.substring(8));
        }
        return full.startsWith("/proc/self/") ? Path.of("/proc/" + caller.process() + full.substring(10)) : path;
    }

    OciContainer container(String id) {
        return runtime().container(id);
    }

    void printJson(com.google.gson.JsonElement document) {
        caller.out(Json.pretty(document, "  "));
    }

    /** Tells of what failed and did not keep the command from its work. */
    void warn(List<Fault> faults) {
        for (Fault fault : faults) {
            RuntimeCommand.tell(this, "warning", fault.getMessage());
        }
    }

    /** Tells of what was asked for and left out. */
    void warnLeftOut() {
        for (String line : runtime().warnings()) {
            RuntimeCommand.tell(this, "warning", line);
        }
    }

    static boolean exists(Path path) {
        return Files.exists(path);
    }

    /** As many operands as the command takes. */
    static void expect(String command, Options options, int least, int most) {
        int count = options.operands().size();
        if (count < least || count > most) {
            throw Fault.invalid("use", "\"" + command + "\"", "\"" + command + "\" requires " + (least == most ? "exactly " + least
                    : count < least ? "a minimum of " + least : "a maximum of " + most) + (least == 1 && most == 1 ? " argument" : " argument(s)"));
        }
    }
}
