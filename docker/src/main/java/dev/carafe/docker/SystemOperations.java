package dev.carafe.docker;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.carafe.docker.http.Exchange;
import dev.carafe.engine.Container;
import dev.carafe.engine.ContainerStatus;
import dev.carafe.engine.Engine;
import dev.carafe.oci.JsonFields;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** What this server is, and what the machine is that it runs on. */
final class SystemOperations {
    private final Engine engine;

    SystemOperations(Engine engine) {
        this.engine = engine;
    }

    List<Route> routes() {
        return List.of(Route.of("GET", "/_ping", this::ping), Route.of("HEAD", "/_ping", this::ping), Route.of("GET", "/version", this::version),
                Route.of("GET", "/info", this::info));
    }

    private void ping(Call call) throws IOException {
        Exchange exchange = call.exchange();
        exchange.header("Builder-Version", "1").header("Swarm", "inactive").header("Cache-Control", "no-cache, no-store, must-revalidate").header("Pragma", "no-cache");
        exchange.answer(200, "text/plain; charset=utf-8", "OK".getBytes(StandardCharsets.US_ASCII));
    }

    private void version(Call call) throws IOException {
        String architecture = architecture(engine);
        String kernel = text("/proc/sys/kernel/osrelease");
        var details = new JsonFields().put("ApiVersion", ApiVersion.NEWEST.toString()).put("Arch", architecture).put("BuildTime", "").put("Experimental", "false")
                .put("GitCommit", "").put("JavaVersion", System.getProperty("java.version")).put("KernelVersion", kernel)
                .put("MinAPIVersion", ApiVersion.OLDEST.toString()).put("Os", "linux").json();
        var component = new JsonFields().put("Name", "Engine").put("Version", DockerServer.AS_DOCKER).put("Details", details).json();
        var carafe = new JsonFields().put("Name", "Carafe").put("Version", DockerServer.VERSION).put("Details", new JsonObject()).json();
        call.json(new JsonFields().put("Platform", new JsonFields().put("Name", "Carafe " + DockerServer.VERSION).json()).array("Components", List.of(component, carafe))
                .put("Version", DockerServer.AS_DOCKER).put("ApiVersion", ApiVersion.NEWEST.toString()).put("MinAPIVersion", ApiVersion.OLDEST.toString())
                .put("GitCommit", "").put("GoVersion", "").put("Os", "linux").put("Arch", architecture).put("KernelVersion", kernel).put("BuildTime", "").json());
    }

    /** By Go's name. */
    static String architecture(Engine engine) {
        return engine.host().architecture();
    }

    private void info(Call call) throws IOException {
        int running = 0;
        int paused = 0;
        int stopped = 0;
        for (Container container : engine.containers().list()) {
            ContainerStatus.Phase phase = container.status().phase();
            running += phase == ContainerStatus.Phase.RUNNING ? 1 : 0;
            paused += phase == ContainerStatus.Phase.PAUSED ? 1 : 0;
            stopped += phase == ContainerStatus.Phase.RUNNING || phase == ContainerStatus.Phase.PAUSED ? 0 : 1;
        }
        boolean two = engine.host().cgroups().onlyV2();
        var fields = new JsonFields().put("ID", machineId()).put("Containers", running + paused + stopped).put("ContainersRunning", running)
                .put("ContainersPaused", paused).put("ContainersStopped", stopped).put("Images", images())
                .put("Driver", engine.storageDriver()).put("DriverStatus", new JsonArray())
                .put("Plugins", new JsonFields().array("Volume", List.of("local")).array("Network", List.of("bridge", "host", "macvlan", "null"))
                        .put("Authorization", JsonNull.INSTANCE).array("Log", List.of("json-file", "k8s-file", "local", "none")).json())
                .put("MemoryLimit", true).put("SwapLimit", true).put("CpuCfsPeriod", true).put("CpuCfsQuota", true).put("CPUShares", true).put("CPUSet", true)
                .put("PidsLimit", true).put("OomKillDisable", !two)
                // Bridges do without them here, so nobody is to be warned that they are off.
                .put("BridgeNfIptables", true).put("BridgeNfIp6tables", true).put("IPv4Forwarding", text("/proc/sys/net/ipv4/ip_forward").equals("1"))
                .put("Debug", false).put("NFd", descriptors()).put("NGoroutines", Thread.activeCount()).put("SystemTime", Instant.now().toString())
                .put("LoggingDriver", LogDriver.SHOWN).put("CgroupDriver", "cgroupfs").put("CgroupVersion", two ? "2" : "1").put("NEventsListener", 0)
                .put("KernelVersion", text("/proc/sys/kernel/osrelease")).put("OperatingSystem", release("PRETTY_NAME")).put("OSVersion", release("VERSION_ID"))
                .put("OSType", "linux").put("Architecture", text("/proc/sys/kernel/arch")).put("IndexServerAddress", "https://index.docker.io/v1/")
                .put("RegistryConfig", new JsonFields().array("InsecureRegistryCIDRs", List.of("127.0.0.0/8")).put("IndexConfigs", new JsonObject())
                        .put("Mirrors", JsonNull.INSTANCE).json())
                .put("NCPU", Runtime.getRuntime().availableProcessors()).put("MemTotal", memory()).put("GenericResources", JsonNull.INSTANCE)
                .put("DockerRootDir", engine.roots().root().toString()).put("HttpProxy", "").put("HttpsProxy", "").put("NoProxy", "")
                .put("Name", text("/proc/sys/kernel/hostname")).array("Labels", List.of()).put("ExperimentalBuild", false)
                .put("ServerVersion", DockerServer.AS_DOCKER)
                .put("Runtimes", new JsonFields().put("carafe", new JsonFields().put("path", "carafe-runtime").json()).json()).put("DefaultRuntime", "carafe")
                .put("Swarm", new JsonFields().put("NodeID", "").put("NodeAddr", "").put("LocalNodeState", "inactive").put("ControlAvailable", false).put("Error", "")
                        .put("RemoteManagers", JsonNull.INSTANCE).json())
                .put("LiveRestoreEnabled", true).put("Isolation", "").put("InitBinary", "carafe-init").put("ContainerdCommit", commit())
                .put("RuncCommit", commit()).put("InitCommit", commit()).put("SecurityOptions", security()).array("Warnings", List.of());
        call.json(fields.json());
    }

    private long images() {
        return engine.images().list().stream().map(image -> image.target().digest()).distinct().count();
    }

    private static JsonObject commit() {
        return new JsonFields().put("ID", "").json();
    }

    private JsonArray security() {
        var modules = new JsonArray();
        engine.host().securityModules().stream().sorted().filter(m -> m.equals("apparmor") || m.equals("selinux")).forEach(m -> modules.add("name=" + m));
        modules.add("name=seccomp,profile=builtin");
        return modules;
    }

    private static String machineId() {
        return text("/etc/machine-id");
    }

    private static long descriptors() {
        String[] open = Path.of("/proc/self/fd").toFile().list();
        return open == null ? 0 : open.length;
    }

    static String text(String file) {
        try {
            return Files.readString(Path.of(file)).trim();
        } catch (IOException e) {
            return "";
        }
    }

    /** A value of os-release(5). */
    private static String release(String name) {
        for (String line : text("/etc/os-release").split("\n")) {
            if (line.startsWith(name + "=")) {
                return line.substring(name.length() + 1).replace("\"", "");
            }
        }
        return "";
    }

    private static long memory() {
        return Long.parseLong(text("/proc/meminfo").split("\n")[0].replaceAll("[^0-9]", "")) * 1024;
    }
}
