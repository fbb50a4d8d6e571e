package dev.carafe.runtime.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.oci.Json;
import dev.carafe.oci.runtime.Spec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** spec: a config.json to begin with. */
final class SpecCommand implements Command {
    /** A shell in {@code rootfs} with few rights; {@code VERSION} stands for that of the runtime-spec. */
    private static final String EXAMPLE = """
            {"ociVersion": "VERSION",
             "process": {"terminal": true, "user": {"uid": 0, "gid": 0}, "args": ["sh"],
              "env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"], "cwd": "/",
              "capabilities": {"bounding": ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"],
               "effective": ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"],
               "permitted": ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"]},
              "rlimits": [{"type": "RLIMIT_NOFILE", "hard": 1024, "soft": 1024}], "noNewPrivileges": true},
             "root": {"path": "rootfs", "readonly": true},
             "hostname": "carafe",
             "mounts": [
              {"destination": "/proc", "type": "proc", "source": "proc"},
              {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
              {"destination": "/dev/pts", "type": "devpts", "source": "devpts",
               "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]},
              {"destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]},
              {"destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue", "options": ["nosuid", "noexec", "nodev"]},
              {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"]},
              {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["nosuid", "noexec", "nodev", "relatime", "ro"]}],
             "linux": {"resources": {"devices": [{"allow": false, "access": "rwm"}]},
              "namespaces": [{"type": "pid"}, {"type": "network"}, {"type": "ipc"}, {"type": "uts"}, {"type": "mount"}],
              "maskedPaths": ["/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
               "/proc/timer_stats", "/proc/sched_debug", "/sys/firmware", "/proc/scsi"],
              "readonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]}}
            """;

    @Override
    public String usage() {
        return "spec [options]";
    }

    @Override
    public List<Option> options() {
        return List.of(Option.value("bundle", 'b', "directory of the bundle; the current one when absent"),
                Option.flag("rootless", ' ', "for a user without privilege"));
    }

    @Override
    public int run(Invocation call, Options options) {
        Invocation.expect("spec", options, 0, 0);
        JsonObject spec = Json.parseObject("example", EXAMPLE.replace("VERSION", Spec.VERSION));
        JsonArray namespaces = spec.getAsJsonObject("linux").getAsJsonArray("namespaces");
        if (call.caller().host().cgroups().onlyV2()) {
            namespaces.add(type("cgroup"));
        }
        if (options.flag("rootless")) {
            rootless(spec, namespaces, call);
        }
        Path file = call.path(options.value("bundle").orElse(".")).resolve("config.json");
        try {
            Files.write(file, (Json.pretty(spec, "\t") + "\n").getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw Fault.of(Fault.Kind.ALREADY_EXISTS, "write", "\"" + file + "\"", "file config.json exists. Remove it first");
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "write", "\"" + file + "\"", String.valueOf(e.getMessage())).cause(e);
        }
        return 0;
    }

    private static JsonObject type(String name) {
        var namespace = new JsonObject();
        namespace.addProperty("type", name);
        return namespace;
    }

    /** A user namespace with one id, the host's network and /sys, no limits: what needs no privilege. */
    private static void rootless(JsonObject spec, JsonArray namespaces, Invocation call) {
        JsonObject linux = spec.getAsJsonObject("linux");
        linux.remove("resources");
        var kept = new JsonArray();
        for (JsonElement namespace : namespaces) {
            if (!namespace.getAsJsonObject().get("type").getAsString().equals("network")) {
                kept.add(namespace);
            }
        }
        kept.add(type("user"));
        linux.add("namespaces", kept);
        linux.add("uidMappings", mapping(id(call, "Uid:")));
        linux.add("gidMappings", mapping(id(call, "Gid:")));
        var mounts = new JsonArray();
        for (JsonElement element : spec.getAsJsonArray("mounts")) {
            JsonObject mount = element.getAsJsonObject();
            if (mount.get("destination").getAsString().equals("/sys")) {
                mount.addProperty("type", "none");
                mount.addProperty("source", "/sys");
                mount.add("options", Json.parse("example", "[\"rbind\", \"nosuid\", \"noexec\", \"nodev\", \"ro\"]"));
            } else if (mount.has("options")) {
                var options = new JsonArray();
                for (JsonElement option : mount.getAsJsonArray("options")) {
                    if (!option.getAsString().startsWith("gid=") && !option.getAsString().startsWith("uid=")) {
                        options.add(option);
                    }
                }
                mount.add("options", options);
            }
            mounts.add(mount);
        }
        spec.add("mounts", mounts);
    }

    private static JsonArray mapping(long hostId) {
        var mapping = new JsonObject();
        mapping.addProperty("containerID", 0);
        mapping.addProperty("hostID", hostId);
        mapping.addProperty("size", 1);
        var array = new JsonArray();
        array.add(mapping);
        return array;
    }

    /** The effective id of the caller, from its status (proc_pid_status(5)). */
    private static long id(Invocation call, String field) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + call.caller().process() + "/status"))) {
                if (line.startsWith(field)) {
                    return Long.parseLong(line.split("\t")[2]);
                }
            }
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "read", "status of the caller", String.valueOf(e.getMessage())).cause(e);
        }
        throw Fault.of(Fault.Kind.INTERNAL, "read", "status of the caller", "it has no line " + field);
    }
}
