package dev.carafe.engine;

import static dev.carafe.engine.SpecifierFixture.AROUND;
import static dev.carafe.engine.SpecifierFixture.HOST;
import static dev.carafe.engine.SpecifierFixture.ID;
import static dev.carafe.engine.SpecifierFixture.IMAGE;
import static dev.carafe.engine.SpecifierFixture.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.carafe.base.Digest;
import dev.carafe.engine.ContainerDocument.State;
import dev.carafe.engine.ContainerDocument.Status;
import dev.carafe.engine.ContainerDocument.Storage;
import dev.carafe.engine.ContainerMount.Bind;
import dev.carafe.engine.ContainerMount.Recursion;
import dev.carafe.engine.ContainerMount.Relabel;
import dev.carafe.engine.ContainerMount.Tmpfs;
import dev.carafe.engine.ContainerMount.Volume;
import dev.carafe.kernel.Signal;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.Healthcheck;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Json;
import dev.carafe.oci.runtime.DeviceRule;
import dev.carafe.oci.runtime.Rlimit;
import dev.carafe.plan.MountOptions.Propagation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContainerDocumentTest {
    /** The keys of docker 20.10's HostConfig for a container without options, in its order. */
    private static final String HOST_CONFIG_KEYS = "Binds ContainerIDFile LogConfig NetworkMode PortBindings RestartPolicy AutoRemove VolumeDriver"
            + " VolumesFrom CapAdd CapDrop CgroupnsMode Dns DnsOptions DnsSearch ExtraHosts GroupAdd IpcMode Cgroup Links OomScoreAdj PidMode"
            + " Privileged PublishAllPorts ReadonlyRootfs SecurityOpt UTSMode UsernsMode ShmSize Runtime ConsoleSize Isolation CpuShares Memory"
            + " NanoCpus CgroupParent BlkioWeight BlkioWeightDevice BlkioDeviceReadBps BlkioDeviceWriteBps BlkioDeviceReadIOps"
            + " BlkioDeviceWriteIOps CpuPeriod CpuQuota CpuRealtimePeriod CpuRealtimeRuntime CpusetCpus CpusetMems Devices DeviceCgroupRules"
            + " DeviceRequests KernelMemory KernelMemoryTCP MemoryReservation MemorySwap MemorySwappiness OomKillDisable PidsLimit Ulimits"
            + " CpuCount CpuPercent IOMaximumIOps IOMaximumBandwidth MaskedPaths ReadonlyPaths";
    private static final String CONFIG_KEYS = "Hostname Domainname User AttachStdin AttachStdout AttachStderr Tty OpenStdin StdinOnce Env Cmd"
            + " Image Volumes WorkingDir Entrypoint OnBuild Labels";
    private static final String KEYS = "Id Created Path Args State Image ResolvConfPath HostnamePath HostsPath LogPath Name RestartCount Driver"
            + " Platform MountLabel ProcessLabel AppArmorProfile ExecIDs HostConfig GraphDriver Mounts Config NetworkSettings";

    private static JsonObject inspect(ContainerOptions.Builder options, State state) {
        return ContainerDocument.inspect(new ContainerDocument.Subject(ID, "web", Instant.parse("2026-01-02T03:04:05.6Z"), options.build(), IMAGE,
                "sha256:00", state, 2, "/c/log", new Storage("overlay2", Map.of("UpperDir", "/u", "LowerDir", "/l")), List.of(), Optional.empty()),
                HOST, AROUND);
    }

    private static JsonObject hostConfig(ContainerOptions.Builder options) {
        return ContainerDocument.hostConfig(options.build(), HOST, AROUND);
    }

    private static JsonObject config(ContainerOptions.Builder options) {
        return ContainerDocument.config(options.build(), IMAGE, ID, AROUND);
    }

    private static JsonElement tree(String json) {
        return Json.parse("expected", json.replace('\'', '"'));
    }

    @Test
    void theKeysAreDockersInDockersOrder() {
        JsonObject document = inspect(options(), State.CREATED);

        assertThat(document.keySet()).containsExactly(KEYS.split(" "));
        assertThat(document.getAsJsonObject("HostConfig").keySet()).containsExactly(HOST_CONFIG_KEYS.split(" "));
        assertThat(document.getAsJsonObject("Config").keySet()).containsExactly(CONFIG_KEYS.split(" "));
    }

    @Test
    void aContainerThatNeverRanSaysSoAsGoDoes() {
        JsonObject document = inspect(options(), State.CREATED);

        assertThat(document.get("State")).isEqualTo(tree("{'Status': 'created', 'Running': false, 'Paused': false, 'Restarting': false,"
                + " 'OOMKilled': false, 'Dead': false, 'Pid': 0, 'ExitCode': 0, 'Error': '', 'StartedAt': '0001-01-01T00:00:00Z',"
                + " 'FinishedAt': '0001-01-01T00:00:00Z'}"));
        assertThat(document.get("Name")).isEqualTo(tree("'/web'"));
        assertThat(document.get("Created")).isEqualTo(tree("'2026-01-02T03:04:05.6Z'"));
        assertThat(document.get("Path")).isEqualTo(tree("'sh'"));
        assertThat(document.get("Args")).isEqualTo(tree("[]"));
        assertThat(document.get("ExecIDs")).isEqualTo(tree("null"));
        assertThat(document.get("GraphDriver")).isEqualTo(tree("{'Data': {'LowerDir': '/l', 'UpperDir': '/u'}, 'Name': 'overlay2'}"));
        assertThat(document.getAsJsonObject("NetworkSettings").getAsJsonObject("Networks").keySet()).containsExactly("bridge");
    }

    @Test
    void aPausedContainerStillRuns() {
        var state = new State(Status.PAUSED, false, 77, 0, "", Optional.of(Instant.EPOCH), Optional.empty(), Optional.empty());
        JsonObject document = inspect(options(), state);

        assertThat(document.getAsJsonObject("State").get("Running").getAsBoolean()).isTrue();
        assertThat(document.getAsJsonObject("State").get("Paused").getAsBoolean()).isTrue();
        assertThat(document.getAsJsonObject("NetworkSettings").get("SandboxKey").getAsString()).isEqualTo("/proc/77/ns/net");
    }

    @Test
    void theConfigIsTheUsersWordsUponTheImages() {
        JsonObject config = config(options().labels(Map.of("z", "1", "a", "2"))
                .process(ProcessOptions.builder().entrypoint(List.of("/bin/foo")).command(List.of("a", "b")).environment(List.of("A=b", "FOO"))
                        .user("0").workingDirectory("/w").stopSignal(Signal.TERM).stopTimeout(Duration.ofSeconds(7)).build())
                .streams(StreamOptions.NONE.interactive(true)).network(NetworkOptions.NONE.domainname("dd").expose(List.of("80", "7-8/udp")))
                .mounts(List.of(Volume.of(Optional.empty(), "/anon")))
                .health(Healthcheck.builder().test(List.of("CMD-SHELL", "true")).interval(Duration.ofSeconds(5)).build()));

        assertThat(config).isEqualTo(tree("{'Hostname': '0123456789ab', 'Domainname': 'dd', 'User': '0', 'AttachStdin': true,"
                + " 'AttachStdout': true, 'AttachStderr': true, 'ExposedPorts': {'7/udp': {}, '8/udp': {}, '80/tcp': {}}, 'Tty': false,"
                + " 'OpenStdin': true, 'StdinOnce': true, 'Env': ['A=b', 'FOO', 'PATH=/bin'], 'Cmd': ['a', 'b'],"
                + " 'Healthcheck': {'Test': ['CMD-SHELL', 'true'], 'Interval': 5000000000}, 'Image': 'bb:1', 'Volumes': {'/anon': {}},"
                + " 'WorkingDir': '/w', 'Entrypoint': ['/bin/foo'], 'OnBuild': null, 'Labels': {'a': '2', 'z': '1'}, 'StopSignal': 'SIGTERM',"
                + " 'StopTimeout': 7}"));
        assertThat(config.getAsJsonObject("Labels").keySet()).containsExactly("a", "z");
    }

    @Test
    void whoIsDetachedHasNoStreams() {
        JsonObject config = config(options().streams(StreamOptions.NONE.interactive(true).detach(true)));

        assertThat(config.get("AttachStdin").getAsBoolean()).isFalse();
        assertThat(config.get("OpenStdin").getAsBoolean()).isTrue();
        assertThat(config.get("StdinOnce").getAsBoolean()).isFalse();
    }

    @Test
    void portsThatAreNoneAreRefused() {
        for (String word : List.of("x", "70000", "9-8", "1-", "-1")) {
            assertThatThrownBy(() -> config(options().network(NetworkOptions.NONE.expose(List.of(word)))))
                    .hasMessageStartingWith("invalid range format for --expose " + word);
        }
    }

    @Test
    void theHostConfigIsWhatWasAskedFor() {
        var rule = new DeviceRule(true, Optional.of(DeviceRule.Type.CHARACTER), Optional.of(42L), Optional.empty(), Optional.of("rw"));
        JsonObject config = hostConfig(options().restart(new RestartPolicy(RestartPolicy.Kind.ON_FAILURE, 3)).readOnly(true)
                .logging(Optional.empty(), Map.of("max-size", "1m"))
                .limits(LimitOptions.builder().memory(100 << 20).cpuNanos(500_000_000).pids(5).swappiness(3)
                        .ulimits(List.of(new Rlimit(Rlimit.Type.RLIMIT_NOFILE, 10, 20), new Rlimit(Rlimit.Type.RLIMIT_CORE, 0, -1)))
                        .devices(List.of(new LimitOptions.DeviceLimit(LimitOptions.DeviceLimit.Kind.READ_BYTES, "/dev/vda", 9))).build())
                .namespaces(NamespaceOptions.NONE.pid(new NamespaceMode.Host()).ipc(new NamespaceMode.Shareable()))
                .security(SecurityOptions.builder().capabilities(List.of("net_admin"), List.of("all")).noNewPrivileges(true)
                        .selinux(List.of("disable")).seccomp(new SecurityOptions.SeccompChoice.Unconfined()).deviceRules(List.of(rule))
                        .devices(List.of(new SecurityOptions.DeviceMapping("/dev/zero", "/dev/zz", "rw"))).build())
                .process(ProcessOptions.builder().groups(List.of("7")).init(false).build()));

        var expected = Map.ofEntries(Map.entry("RestartPolicy", "{'Name': 'on-failure', 'MaximumRetryCount': 3}"),
                Map.entry("LogConfig", "{'Type': 'carafe', 'Config': {'max-size': '1m'}}"), Map.entry("CapAdd", "['CAP_NET_ADMIN']"),
                Map.entry("CapDrop", "['ALL']"), Map.entry("GroupAdd", "['7']"), Map.entry("IpcMode", "'shareable'"), Map.entry("PidMode", "'host'"),
                Map.entry("SecurityOpt", "['label=disable', 'seccomp=unconfined', 'no-new-privileges']"), Map.entry("ReadonlyRootfs", "true"),
                Map.entry("Memory", "104857600"), Map.entry("MemorySwap", "209715200"), Map.entry("NanoCpus", "500000000"),
                Map.entry("MemorySwappiness", "3"), Map.entry("PidsLimit", "5"), Map.entry("DeviceCgroupRules", "['c 42:* rw']"),
                Map.entry("BlkioDeviceReadBps", "[{'Path': '/dev/vda', 'Rate': 9}]"),
                Map.entry("Devices", "[{'PathOnHost': '/dev/zero', 'PathInContainer': '/dev/zz', 'CgroupPermissions': 'rw'}]"),
                Map.entry("Ulimits", "[{'Name': 'core', 'Hard': -1, 'Soft': 0}, {'Name': 'nofile', 'Hard': 20, 'Soft': 10}]"),
                Map.entry("Init", "false"), Map.entry("CgroupnsMode", "'private'"));
        expected.forEach((key, json) -> assertThat(config.get(key)).as(key).hasToString(tree(json).toString()));
    }

    @Test
    void hiddenPathsAreNullForThePrivilegedAndEmptyWhenOpened() {
        assertThat(hostConfig(options().security(SecurityOptions.builder().privileged(true).build())).get("MaskedPaths")).isEqualTo(tree("null"));
        assertThat(hostConfig(options().security(SecurityOptions.builder().systemPathsOpen(true).build())).get("MaskedPaths")).isEqualTo(tree("[]"));
        assertThat(hostConfig(options()).getAsJsonArray("MaskedPaths")).hasSize(12);
    }

    @Test
    void mountsAreShownWhereTheirOptionSaysThem() {
        List<ContainerMount> all = List.of(new Bind("/tmp", "/data", true, Optional.empty(), Recursion.ENABLED, Relabel.SHARED, true),
                new Bind("/tmp", "/m", true, Optional.of(Propagation.RSHARED), Recursion.DISABLED, Relabel.NONE, false),
                Volume.of(Optional.of("named"), "/n"), new Tmpfs("/x", List.of("size=5m", "exec")));
        var options = options().mounts(all).build();
        Surroundings around = AROUND.toBuilder().volumes(Map.of("/n", new Surroundings.Volume("named", "/vols/named"))).build();
        JsonObject document = ContainerDocument.inspect(new ContainerDocument.Subject(ID, "web", Instant.EPOCH, options, IMAGE, "sha256:00",
                State.CREATED, 0, "", new Storage("copy", Map.of()), List.of(), Optional.of(new ContainerDocument.Size(1, 2))), HOST, around);
        JsonObject config = document.getAsJsonObject("HostConfig");

        assertThat(config.get("Binds")).isEqualTo(tree("['/tmp:/data:ro,z', 'named:/n']"));
        assertThat(config.get("Tmpfs")).isEqualTo(tree("{'/x': 'size=5m,exec'}"));
        assertThat(config.get("Mounts")).isEqualTo(tree("[{'Type': 'bind', 'Source': '/tmp', 'Target': '/m', 'ReadOnly': true,"
                + " 'BindOptions': {'Propagation': 'rshared', 'NonRecursive': true}}]"));
        assertThat(document.get("Mounts")).isEqualTo(tree("[{'Type': 'bind', 'Source': '/tmp', 'Destination': '/data', 'Mode': 'ro,z',"
                + " 'RW': false, 'Propagation': 'rprivate'}, {'Type': 'bind', 'Source': '/tmp', 'Destination': '/m', 'Mode': '', 'RW': false,"
                + " 'Propagation': 'rshared'}, {'Type': 'volume', 'Name': 'named', 'Source': '/vols/named', 'Destination': '/n',"
                + " 'Driver': 'local', 'Mode': '', 'RW': true, 'Propagation': ''}]"));
        assertThat(document.get("SizeRootFs").getAsLong()).isEqualTo(2);
    }

    @Test
    void anImageIsShownAsDockerShowsIt() {
        Digest layer = Digest.parse("sha256:" + "1".repeat(64));
        ImageConfig image = ImageConfig.builder("amd64", "linux").created(Instant.parse("2026-01-01T00:00:00Z"))
                .config(ContainerConfig.builder().cmd(List.of("sh")).labels(Map.of("k", "v")).build()).diffIds(List.of(layer)).build();
        JsonObject document = ImageDocument.inspect(new ImageDocument.Subject(Digest.parse("sha256:" + "0".repeat(64)), image, List.of("bb:1"),
                List.of(), 1984230, new Storage("overlay2", Map.of()), Optional.empty()));

        assertThat(document.keySet()).containsExactly("Id", "RepoTags", "RepoDigests", "Parent", "Comment", "Created", "Container",
                "ContainerConfig", "DockerVersion", "Author", "Config", "Architecture", "Os", "Size", "VirtualSize", "GraphDriver", "RootFS",
                "Metadata");
        assertThat(document.get("RepoTags")).isEqualTo(tree("['bb:1']"));
        assertThat(document.get("RootFS")).isEqualTo(tree("{'Type': 'layers', 'Layers': ['" + layer + "']}"));
        assertThat(document.getAsJsonObject("ContainerConfig").get("Labels")).isEqualTo(tree("null"));
        assertThat(document.getAsJsonObject("Config").get("Labels")).isEqualTo(tree("{'k': 'v'}"));
        assertThat(document.getAsJsonObject("Metadata").get("LastTagTime")).isEqualTo(tree("'0001-01-01T00:00:00Z'"));
    }
}
