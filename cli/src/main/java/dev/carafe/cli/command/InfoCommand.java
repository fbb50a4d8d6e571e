package dev.carafe.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.carafe.base.ByteSize;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Option;
import dev.carafe.cli.flag.Type;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.template.Template;
import dev.carafe.cli.template.Value;
import dev.carafe.engine.Container;
import dev.carafe.engine.ContainerStatus;
import dev.carafe.oci.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** {@code carafe info}: what this engine is, where it keeps things, and what the host offers. */
final class InfoCommand implements Command {
    private static final CommandSpec SPEC = CommandSpec.builder("carafe info", "Print what this engine is and where").operands("[OPTIONS]", 0, 0)
            .options(Option.of(Type.TEXT, 'f', "format", "Print by this Go template, or json")).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        JsonObject json = document(call);
        String format = values.text("format");
        if (format.equals("json")) {
            call.console().out(Json.compact(json) + "\n");
        } else if (!format.isEmpty()) {
            call.console().out(Template.parse(format).apply(Value.document(json, Set.of(), Set.of())) + "\n");
        } else {
            print(call, json);
        }
        return 0;
    }

    private static JsonObject document(Call call) {
        int running = 0;
        int stopped = 0;
        for (Container container : call.engine().containers().list()) {
            if (container.status().phase() == ContainerStatus.Phase.RUNNING) {
                running++;
            } else {
                stopped++;
            }
        }
        var host = call.engine().host();
        var json = new JsonObject();
        json.addProperty("Containers", running + stopped);
        json.addProperty("ContainersRunning", running);
        json.addProperty("ContainersPaused", 0);
        json.addProperty("ContainersStopped", stopped);
        json.addProperty("Images", call.engine().images().list().size());
        json.addProperty("Driver", call.engine().storageDriver());
        json.addProperty("LoggingDriver", "carafe");
        json.addProperty("CgroupDriver", "cgroupfs");
        json.addProperty("CgroupVersion", host.cgroups().onlyV2() ? "2" : "1");
        json.addProperty("CgroupMode", host.cgroups().mode());
        json.addProperty("KernelVersion", text("/proc/sys/kernel/osrelease"));
        json.addProperty("OperatingSystem", operatingSystem());
        json.addProperty("OSType", "linux");
        json.addProperty("Architecture", text("/proc/sys/kernel/arch"));
        json.addProperty("NCPU", Runtime.getRuntime().availableProcessors());
        json.addProperty("MemTotal", memory());
        json.addProperty("DockerRootDir", call.engine().roots().root().toString());
        json.addProperty("CarafeRoot", call.engine().roots().root().toString());
        json.addProperty("CarafeRunRoot", call.engine().roots().run().toString());
        json.addProperty("Name", text("/proc/sys/kernel/hostname"));
        json.addProperty("ServerVersion", VersionCommand.VERSION);
        var modules = new JsonArray();
        modules.add("name=seccomp,profile=builtin");
        host.securityModules().stream().sorted().filter(m -> m.equals("apparmor") || m.equals("selinux")).forEach(m -> modules.add("name=" + m));
        json.add("SecurityOptions", modules);
        return json;
    }

    private static void print(Call call, JsonObject json) {
        var text = new StringBuilder();
        line(text, "Containers", json.get("Containers").getAsString());
        line(text, " Running", json.get("ContainersRunning").getAsString());
        line(text, " Paused", json.get("ContainersPaused").getAsString());
        line(text, " Stopped", json.get("ContainersStopped").getAsString());
        line(text, "Images", json.get("Images").getAsString());
        line(text, "Server Version", json.get("ServerVersion").getAsString());
        line(text, "Storage Driver", json.get("Driver").getAsString());
        line(text, "Logging Driver", json.get("LoggingDriver").getAsString());
        line(text, "Cgroup Driver", json.get("CgroupDriver").getAsString());
        line(text, "Cgroup Version", json.get("CgroupVersion").getAsString() + (json.get("CgroupMode").getAsString().equals("hybrid") ? " (hybrid)" : ""));
        line(text, "Kernel Version", json.get("KernelVersion").getAsString());
        line(text, "Operating System", json.get("OperatingSystem").getAsString());
        line(text, "Architecture", json.get("Architecture").getAsString());
        line(text, "CPUs", json.get("NCPU").getAsString());
        line(text, "Total Memory", new ByteSize(json.get("MemTotal").getAsLong()).binary());
        line(text, "Name", json.get("Name").getAsString());
        line(text, "Docker Root Dir", json.get("DockerRootDir").getAsString());
        line(text, "Run Root", json.get("CarafeRunRoot").getAsString());
        call.console().out(text.toString());
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(' ').append(name).append(": ").append(value).append('\n');
    }

    private static String text(String file) {
        try {
            return Files.readString(Path.of(file)).trim();
        } catch (IOException e) {
            return "";
        }
    }

    private static String operatingSystem() {
        for (String line : text("/etc/os-release").split("\n")) {
            if (line.startsWith("PRETTY_NAME=")) {
                return line.substring(12).replace("\"", "");
            }
        }
        return "Linux";
    }

    private static long memory() {
        String first = text("/proc/meminfo").split("\n")[0];
        return Long.parseLong(first.replaceAll("[^0-9]", "")) * 1024;
    }
}
