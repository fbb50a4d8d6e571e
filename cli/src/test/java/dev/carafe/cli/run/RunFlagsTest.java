package dev.carafe.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.cli.flag.Help;
import dev.carafe.cli.flag.Outcome;
import dev.carafe.engine.ContainerMount.Bind;
import dev.carafe.engine.ContainerMount.Recursion;
import dev.carafe.engine.ContainerMount.Relabel;
import dev.carafe.engine.ContainerMount.Tmpfs;
import dev.carafe.engine.ContainerMount.Volume;
import dev.carafe.network.EndpointRequest;
import dev.carafe.base.IpAddress;
import dev.carafe.engine.ContainerOptions;
import dev.carafe.engine.DetachKeys;
import dev.carafe.engine.LimitOptions;
import dev.carafe.engine.LimitOptions.DeviceLimit;
import dev.carafe.engine.NamespaceMode;
import dev.carafe.engine.NamespaceOptions;
import dev.carafe.engine.NetworkOptions;
import dev.carafe.engine.ProcessOptions;
import dev.carafe.engine.PullPolicy;
import dev.carafe.engine.SecurityOptions;
import dev.carafe.engine.SecurityOptions.DeviceMapping;
import dev.carafe.engine.SecurityOptions.SeccompChoice;
import dev.carafe.kernel.Signal;
import dev.carafe.engine.StreamOptions;
import dev.carafe.engine.StreamOptions.Stream;
import dev.carafe.oci.Healthcheck;
import dev.carafe.oci.runtime.DeviceRule;
import dev.carafe.oci.runtime.Rlimit;
import dev.carafe.plan.MountOptions.Propagation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunFlagsTest {
    private static final Map<Path, String> FILES = Map.of(
            Path.of("/work/vars"), "# comment\nFILE=1\nHOME\nNOWHERE\n\n  SPACED=x y\n",
            Path.of("/work/bad"), "A B=1\n",
            Path.of("/work/labels"), "from=file\nalone\n",
            Path.of("/etc/filter.json"), "{\"defaultAction\":\"SCMP_ACT_ALLOW\"}");
    private static final Caller CALLER = new Caller(Map.of("HOME", "/home/ada", "EMPTY", ""), Path.of("/work"), path -> {
        String content = FILES.get(path);
        if (content == null) {
            throw Fault.of(Errno.ENOENT, "open", "\"" + path + "\"");
        }
        return content.getBytes(StandardCharsets.UTF_8);
    });

    static List<Arguments> meanings() {
        return List.of(
                means("", b -> b),
                means("--name web --rm --read-only -q", b -> b.name("web").removeWhenDone(true).readOnly(true).quiet(true)),
                means("--name= --user= --workdir= --hostname= --platform= --runtime= --cgroup-parent= --memory=0 --pid=", b -> b),
                means("--pull always --platform linux/arm64 --runtime runc --cidfile /tmp/id --cgroup-parent /p",
                        b -> b.pull(PullPolicy.ALWAYS).platform("linux/arm64").runtime("runc").idFile("/tmp/id").cgroupParent("/p")),
                means("--pull=never", b -> b.pull(PullPolicy.NEVER)),
                means("-l a=b --label c --label d=e=f --label a=z --label-file labels",
                        b -> b.labels(Map.of("a", "z", "c", "", "d", "e=f", "from", "file", "alone", ""))),
                means("--annotation a=b --annotation c", b -> b.annotations(Map.of("a", "b", "c", ""))),
                means("--shm-size 64m", b -> b.shmBytes(64 << 20)),
                means("--log-driver none", b -> b.logging(Optional.of("none"), Map.of())),
                means("--log-opt max-size=10m", b -> b.logging(Optional.empty(), Map.of("max-size", "10m"))),
                // streams
                means("-it", b -> b.streams(StreamOptions.NONE.interactive(true).tty(true))),
                means("-d --detach-keys ctrl-a,b --sig-proxy=false", b -> b.streams(
                        StreamOptions.NONE.detach(true).detachKeys(new DetachKeys(List.of((byte) 1, (byte) 'b'))).passSignals(false))),
                means("-a stdin -a STDERR --attach stdin", b -> b.streams(StreamOptions.NONE.attach(Set.of(Stream.STDIN, Stream.STDERR)))),
                // process
                process("--entrypoint sh", b -> b.entrypoint(List.of("sh"))),
                process("--entrypoint=", b -> b.entrypoint(List.of())),
                process("-u 1:2 --group-add 3 --group-add audio -w /tmp", b -> b.user("1:2").groups(List.of("3", "audio")).workingDirectory("/tmp")),
                process("-e A=1 -eB= -e HOME -e NOWHERE -e EMPTY -e A=2",
                        b -> b.environment(List.of("A=1", "B=", "HOME=/home/ada", "NOWHERE", "EMPTY=", "A=2"))),
                process("--stop-signal RTMIN+3 --stop-timeout 5", b -> b.stopSignal(new Signal(37)).stopTimeout(Duration.ofSeconds(5))),
                process("--stop-timeout -1", b -> b.stopTimeout(Duration.ofSeconds(-1))),
                process("--init", b -> b.init(true)),
                process("--init=false", b -> b.init(false)),
                // network and namespaces
                network("-h box --domainname example", n -> n.hostname("box").domainname("example")),
                network("--network none", n -> n.mode(new NamespaceMode.None())),
                network("--net=host", n -> n.mode(new NamespaceMode.Host())),
                network("--network container:web", n -> n.mode(new NamespaceMode.Container("web"))),
                network("--network bridge", n -> n.mode(new NamespaceMode.Named("bridge"))),
                network("--network private", n -> n.mode(new NamespaceMode.Named("private"))),
                network("--network default", n -> n),
                network("--network ns:/run/netns/blue", n -> n.mode(new NamespaceMode.At("/run/netns/blue"))),
                network("-p 8080:80 --publish 53:53/udp -P --expose 90", n -> n.publish(List.of("8080:80", "53:53/udp")).publishAll(true).expose(List.of("90"))),
                network("--dns 10.0.0.1 --dns-search a.example --dns-opt ndots:2", n -> n.resolver(new NetworkOptions.Resolver(List.of("10.0.0.1"), List.of("a.example"),
                        List.of("ndots:2")))),
                network("--add-host db:10.0.0.9", n -> n.hosts(List.of("db:10.0.0.9"))),
                network("--network blue --ip 10.0.0.5 --network-alias db", n -> n.mode(new NamespaceMode.Named("blue")).endpoints(List.of(new EndpointRequest("blue",
                        Optional.of(IpAddress.parse("10.0.0.5")), Optional.empty(), Optional.empty(), List.of("db"), 0)))),
                network("--network name=blue,alias=db,gw-priority=3 --network red", n -> n.mode(new NamespaceMode.Named("blue")).endpoints(List.of(new EndpointRequest("blue",
                        Optional.empty(), Optional.empty(), Optional.empty(), List.of("db"), 3), EndpointRequest.of("red")))),
                namespaces("--pid host --ipc none --uts host --userns host --cgroupns private", n -> n.pid(new NamespaceMode.Host())
                        .ipc(new NamespaceMode.None()).uts(new NamespaceMode.Host()).user(new NamespaceMode.Host()).cgroup(new NamespaceMode.Private())),
                namespaces("--pid container:a --ipc container:b", n -> n.pid(new NamespaceMode.Container("a")).ipc(new NamespaceMode.Container("b"))),
                namespaces("--ipc shareable", n -> n.ipc(new NamespaceMode.Shareable())),
                // limits
                limits("-m 512m --memory-reservation 256m --memory-swap 1g --memory-swappiness 0 --oom-kill-disable --oom-score-adj -500",
                        b -> b.memory(512 << 20).memoryReservation(256 << 20).memorySwap(1 << 30).swappiness(0).oomKillDisable(true).oomScore(-500)),
                limits("-m 512m --memory-swap -1", b -> b.memory(512 << 20).memorySwap(-1)),
                limits("--cpus 1.5", b -> b.cpuNanos(1_500_000_000)),
                limits("-c 512 --cpu-period 50000 --cpu-quota 25000 --cpuset-cpus 0-1 --cpuset-mems 0",
                        b -> b.cpuShares(512).cpuPeriod(50_000).cpuQuota(25_000).cpusetCpus("0-1").cpusetMems("0")),
                limits("--pids-limit 100 --blkio-weight 300", b -> b.pids(100).blockWeight(300)),
                limits("--pids-limit -1", b -> b.pids(-1)),
                limits("--pids-limit 0 --blkio-weight 0 --cpu-shares 0 --cpus 0", b -> b),
                limits("--device-read-bps /dev/a:1mb --device-write-bps /dev/a:2 --device-read-iops /dev/a:3 --device-write-iops /dev/a:4 "
                        + "--blkio-weight-device /dev/b:500", b -> b.devices(List.of(new DeviceLimit(DeviceLimit.Kind.READ_BYTES, "/dev/a", 1 << 20),
                                new DeviceLimit(DeviceLimit.Kind.WRITE_BYTES, "/dev/a", 2), new DeviceLimit(DeviceLimit.Kind.READ_OPERATIONS, "/dev/a", 3),
                                new DeviceLimit(DeviceLimit.Kind.WRITE_OPERATIONS, "/dev/a", 4), new DeviceLimit(DeviceLimit.Kind.WEIGHT, "/dev/b", 500)))),
                limits("--ulimit nofile=1024:2048 --ulimit core=-1 --ulimit nofile=5 --ulimit nproc=3:-1", b -> b.ulimits(List.of(
                        new Rlimit(Rlimit.Type.RLIMIT_NOFILE, 5, 5), new Rlimit(Rlimit.Type.RLIMIT_CORE, -1, -1),
                        new Rlimit(Rlimit.Type.RLIMIT_NPROC, 3, -1)))),
                // security
                security("--privileged --cap-add SYS_ADMIN --cap-add=net_raw --cap-drop ALL",
                        b -> b.privileged(true).capabilities(List.of("SYS_ADMIN", "net_raw"), List.of("ALL"))),
                security("--security-opt no-new-privileges", b -> b.noNewPrivileges(true)),
                security("--security-opt no-new-privileges:true", b -> b.noNewPrivileges(true)),
                security("--security-opt no-new-privileges=false", b -> b.noNewPrivileges(false)),
                security("--security-opt seccomp=unconfined --security-opt apparmor:unconfined --security-opt label=type:spc_t --security-opt label:disable",
                        b -> b.seccomp(new SeccompChoice.Unconfined()).apparmor("unconfined").selinux(List.of("type:spc_t", "disable"))),
                security("--security-opt seccomp=builtin", b -> b.seccomp(new SeccompChoice.Builtin())),
                security("--security-opt seccomp=/etc/filter.json",
                        b -> b.seccomp(new SeccompChoice.Profile("{\"defaultAction\":\"SCMP_ACT_ALLOW\"}"))),
                security("--security-opt mask=/a:/b --security-opt unmask=/proc/kcore --security-opt unmask=all",
                        b -> b.masks(List.of("/a", "/b"), List.of("/proc/kcore", "ALL"))),
                security("--security-opt systempaths=unconfined", b -> b.systemPathsOpen(true)),
                security("--device /dev/x --device /dev/x:/dev/y --device /dev/x:r --device /dev/x:/dev/y:rw", b -> b.devices(List.of(
                        new DeviceMapping("/dev/x", "/dev/x", "rwm"), new DeviceMapping("/dev/x", "/dev/y", "rwm"),
                        new DeviceMapping("/dev/x", "/dev/x", "r"), new DeviceMapping("/dev/x", "/dev/y", "rw")))),
                security("--sysctl net.ipv4.ip_forward=1 --sysctl kernel.sem=1=2", b -> b.sysctls(Map.of("net.ipv4.ip_forward", "1", "kernel.sem", "1=2"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("meanings")
    void optionsMeanWhatTheRecordSays(String line, ContainerOptions expected) {
        assertThat(ready(words(line + " alpine"))).isEqualTo(expected);
    }

    @Test
    void whatFollowsTheImageIsTheCommand() {
        ContainerOptions options = ready(List.of("--rm", "alpine", "sh", "-c", "--rm", "--", "-x"));
        assertThat(options.process().command()).containsExactly("sh", "-c", "--rm", "--", "-x");
        assertThat(options.image()).isEqualTo("alpine");
    }

    @Test
    void filesComeBeforeTheOptionsOfTheCommandLine() {
        assertThat(ready(words("-e FILE=2 --env-file vars alpine")).process().environment())
                .containsExactly("FILE=1", "HOME=/home/ada", "SPACED=x y", "FILE=2");
    }

    @Test
    void aRuleOfDevicesHasSpacesInIt() {
        assertThat(ready(List.of("--device-cgroup-rule", "c 1:* rm", "--device-cgroup-rule", "a *:* rwm", "alpine")).security().deviceRules())
                .containsExactly(new DeviceRule(true, Optional.of(DeviceRule.Type.CHARACTER), Optional.of(1L), Optional.empty(), Optional.of("rm")),
                        new DeviceRule(true, Optional.of(DeviceRule.Type.ALL), Optional.empty(), Optional.empty(), Optional.of("rwm")));
    }

    static List<Arguments> mounts() {
        Bind plain = new Bind("/a", "/b", false, Optional.empty(), Recursion.ENABLED, Relabel.NONE, true);
        return List.of(
                Arguments.of("-v /a:/b", plain),
                Arguments.of("-v /a:/b:rw", plain),
                Arguments.of("-v /a:/b:ro,Z,rslave",
                        new Bind("/a", "/b", true, Optional.of(Propagation.RSLAVE), Recursion.ENABLED, Relabel.PRIVATE, true)),
                Arguments.of("-v ./src:/b:z", new Bind("/work/src", "/b", false, Optional.empty(), Recursion.ENABLED, Relabel.SHARED, true)),
                Arguments.of("-v .:/b", new Bind("/work", "/b", false, Optional.empty(), Recursion.ENABLED, Relabel.NONE, true)),
                Arguments.of("-v ..:/b", new Bind("/", "/b", false, Optional.empty(), Recursion.ENABLED, Relabel.NONE, true)),
                Arguments.of("-v /data", Volume.of(Optional.empty(), "/data")),
                Arguments.of("-v vol:/data", Volume.of(Optional.of("vol"), "/data")),
                Arguments.of("-v vol:/data:ro,nocopy,z", new Volume(Optional.of("vol"), "/data", true, false, Optional.empty(), Optional.empty(),
                        Map.of(), Map.of(), Relabel.SHARED)),
                Arguments.of("--mount type=bind,src=/a,dst=/b", Bind.of("/a", "/b")),
                Arguments.of("--mount TYPE=bind,source=./x,target=/b,readonly,bind-propagation=rprivate,bind-recursive=readonly",
                        new Bind("/work/x", "/b", true, Optional.of(Propagation.RPRIVATE), Recursion.READONLY, Relabel.NONE, false)),
                Arguments.of("--mount type=bind,src=/a,destination=/b,ro=true,bind-recursive=writable,bind-create-src",
                        new Bind("/a", "/b", true, Optional.empty(), Recursion.WRITABLE, Relabel.NONE, true)),
                Arguments.of("--mount type=bind,src=/a,dst=/b,ro=0,bind-nonrecursive",
                        new Bind("/a", "/b", false, Optional.empty(), Recursion.DISABLED, Relabel.NONE, false)),
                Arguments.of("--mount type=bind,\"src=/a,b\",dst=/b", Bind.of("/a,b", "/b")),
                Arguments.of("--mount type=bind,\"src=/a\"\"b\",dst=/b", Bind.of("/a\"b", "/b")),
                Arguments.of("--mount dst=/data", Volume.of(Optional.empty(), "/data")),
                Arguments.of("--mount src=vol,dst=/data,volume-nocopy,volume-subpath=a/b,volume-driver=local,volume-opt=o=size=1m,volume-label=k=v,ro",
                        new Volume(Optional.of("vol"), "/data", true, false, Optional.of("a/b"), Optional.of("local"), Map.of("o", "size=1m"),
                                Map.of("k", "v"), Relabel.NONE)),
                Arguments.of("--mount type=tmpfs,dst=/t", new Tmpfs("/t", List.of())),
                Arguments.of("--mount type=tmpfs,dst=/t,tmpfs-size=64m,tmpfs-mode=1770,ro", new Tmpfs("/t", List.of("ro", "mode=1770", "size=67108864"))),
                Arguments.of("--tmpfs /t", new Tmpfs("/t", List.of())),
                Arguments.of("--tmpfs /t:rw,noexec,size=64m,mode=1777,uid=5", new Tmpfs("/t", List.of("rw", "noexec", "size=64m", "mode=1777", "uid=5"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mounts")
    void mountsAreReadAsDockerReadsThem(String line, Object expected) {
        assertThat(ready(words(line + " alpine")).mounts()).singleElement().isEqualTo(expected);
    }

    /** Refusals of a value, found while options are read. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "-a foo;\"foo\" for \"-a, --attach\" flag: valid streams are STDIN, STDOUT and STDERR",
        "-e =x;\"=x\" for \"-e, --env\" flag: invalid environment variable: =x",
        "-l =x;\"=x\" for \"-l, --label\" flag: invalid label '=x': empty name",
        "--sysctl a.b=c;\"a.b=c\" for \"--sysctl\" flag: sysctl 'a.b=c' is not allowed",
        "--sysctl kernel.shmmax;\"kernel.shmmax\" for \"--sysctl\" flag: sysctl 'kernel.shmmax' is not allowed",
        "--ulimit x;\"x\" for \"--ulimit\" flag: invalid ulimit argument: x",
        "--ulimit foo=1;\"foo=1\" for \"--ulimit\" flag: invalid ulimit type: foo",
        "--ulimit as=1;\"as=1\" for \"--ulimit\" flag: invalid ulimit type: as",
        "--ulimit nofile=x;\"nofile=x\" for \"--ulimit\" flag: strconv.ParseInt: parsing \"x\": invalid syntax",
        "--ulimit nofile=1:2:3;\"nofile=1:2:3\" for \"--ulimit\" flag: too many limit value arguments - 1:2:3, can only have up to two, `soft[:hard]`",
        "--ulimit nofile=5:2;\"nofile=5:2\" for \"--ulimit\" flag: ulimit soft limit must be less than or equal to hard limit: 5 > 2",
        "--ulimit nofile=-1:2;\"nofile=-1:2\" for \"--ulimit\" flag: ulimit soft limit must be less than or equal to hard limit: soft: -1 (unlimited), hard: 2",
        "--device-cgroup-rule x;\"x\" for \"--device-cgroup-rule\" flag: invalid device cgroup format 'x'",
        "--blkio-weight-device /dev/x:5;\"/dev/x:5\" for \"--blkio-weight-device\" flag: invalid weight for device: /dev/x:5",
        "--blkio-weight-device x:500;\"x:500\" for \"--blkio-weight-device\" flag: bad format for device path: x:500",
        "--device-read-bps x;\"x\" for \"--device-read-bps\" flag: bad format: x",
        "--device-write-bps /dev/x:1q;\"/dev/x:1q\" for \"--device-write-bps\" flag: invalid rate for device: /dev/x:1q. The correct format is <device-path>:<number>[<unit>]. Number must be a positive integer. Unit is optional and can be kb, mb, or gb",
        "--device-read-iops /dev/x:1m;\"/dev/x:1m\" for \"--device-read-iops\" flag: invalid rate for device: /dev/x:1m. The correct format is <device-path>:<number>. Number must be a positive integer",
        "--mount foo;\"foo\" for \"--mount\" flag: invalid field 'foo' must be a key=value pair",
        "--mount type=bind;\"type=bind\" for \"--mount\" flag: target is required",
        "--mount type=,dst=/a;\"type=,dst=/a\" for \"--mount\" flag: type is required",
        "--mount type=bind,foo=1;\"type=bind,foo=1\" for \"--mount\" flag: unknown option 'foo' in 'foo=1'",
        "--mount type=bind,dst=/b,readonly=maybe;\"type=bind,dst=/b,readonly=maybe\" for \"--mount\" flag: invalid value for readonly: maybe",
        "--mount type=tmpfs,dst=/b,tmpfs-size=x;\"type=tmpfs,dst=/b,tmpfs-size=x\" for \"--mount\" flag: invalid value for tmpfs-size: x",
        "--mount type=tmpfs,dst=/b,tmpfs-mode=9;\"type=tmpfs,dst=/b,tmpfs-mode=9\" for \"--mount\" flag: invalid value for tmpfs-mode: 9",
        "--mount type=bind,dst=/b,tmpfs-size=1;\"type=bind,dst=/b,tmpfs-size=1\" for \"--mount\" flag: cannot mix 'tmpfs-*' options with mount type 'bind'",
        "--mount type=volume,dst=/b,bind-propagation=private;\"type=volume,dst=/b,bind-propagation=private\" for \"--mount\" flag: cannot mix 'bind-*' options with mount type 'volume'",
        "--mount type=bind,dst=/b,bind-recursive=x;\"type=bind,dst=/b,bind-recursive=x\" for \"--mount\" flag: invalid value for bind-recursive: x (must be \"enabled\", \"disabled\", \"writable\", or \"readonly\")",
        "--mount type=bind,\"src=/a,dst=/b;\"type=bind,\\\"src=/a,dst=/b\" for \"--mount\" flag: parse error on line 1, column 25: extraneous or missing \" in quoted-field",
        "--mount type=bind,s\"rc=/a;\"type=bind,s\\\"rc=/a\" for \"--mount\" flag: parse error on line 1, column 12: bare \" in non-quoted-field",
    })
    void aBadValueIsRefusedWithItsOption(String line, String expected) {
        assertThat(stopped(words(line + " alpine"))).isEqualTo(new Outcome.Refused("invalid argument " + expected + "\nSee 'carafe run --help'.", 125));
    }

    /** Refusals of what options say together or to the engine. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '#', quoteCharacter = '`', value = {
        "-d -a stdin#conflicting options: cannot specify both --attach and --detach",
        "--pull=foo#invalid pull option: 'foo': must be one of \"always\", \"missing\" or \"never\"",
        "--pid=x#--pid: invalid PID mode",
        "--pid=private#--pid: invalid PID mode",
        "--pid=container:#--pid: invalid PID mode",
        "--uts=x#--uts: invalid UTS mode",
        "--userns=x#--userns: invalid USER mode",
        "--cgroupns=x#--cgroupns: invalid CGROUP mode",
        "--ipc=x#--ipc: invalid IPC mode",
        "--network=#--network: no name set for network",
        "--network=container:#--network: invalid container format container:<name|id>",
        "--memory-swappiness=101#invalid value: 101. Valid memory swappiness range is 0-100",
        "--memory-swappiness=-2#invalid value: -2. Valid memory swappiness range is 0-100",
        "--memory=1m#limit container: minimum memory limit allowed is 6MB",
        "--oom-score-adj=2000#limit container: invalid value 2000, range for oom score adj is [-1000, 1000]",
        "--log-driver=none --log-opt=a=b#invalid logging opts for driver none: it takes none",
        "--stop-signal=FOO#invalid signal: FOO",
        "--detach-keys=foo#invalid detach keys (foo): unknown character: 'foo'",
        "--workdir=rel#the working directory 'rel': it needs to be an absolute path",
        "--security-opt x#invalid --security-opt: \"x\"",
        "--security-opt seccomp=#invalid --security-opt: \"seccomp=\"",
        "--security-opt no-new-privileges:x#invalid --security-opt: \"no-new-privileges:x\"",
        "--security-opt label=x#invalid --security-opt: \"label=x\"",
        "--security-opt systempaths=x#invalid --security-opt: \"systempaths=x\"",
        "--security-opt mask=rel#invalid --security-opt: \"mask=rel\"",
        "--security-opt seccomp=/nope#opening seccomp profile (/nope): failed: open \"/nope\": no such file or directory (ENOENT)",
        "--env-file nope#open \"/work/nope\": no such file or directory (ENOENT)",
        "--env-file bad#variable 'A B': contains whitespaces",
        "--device x#device x: x is not an absolute path",
        "--device :/dev/x#bad format for path: :/dev/x",
        "--device /a:/b:/c:d#bad format for path: /a:/b:/c:d",
        "--device /dev/x:/dev/y:rwx#bad mode specified: rwx",
        "--device /dev/x:/dev/y:rr#bad mode specified: rr",
        "--device /dev/x:y#device /dev/x:y: y is not an absolute path",
        "-v /a:/b:/c:d#invalid spec: /a:/b:/c:d: too many colons",
        "-v :/b#invalid spec: :/b: empty section between colons",
        "-v /a:#invalid spec: /a:: empty section between colons",
        "-v /a:b#invalid volume specification: '/a:b': invalid mount config for type \"bind\": invalid mount path: 'b' mount path must be absolute",
        "-v rel#invalid volume specification: 'rel': invalid mount config for type \"volume\": invalid mount path: 'rel' mount path must be absolute",
        "-v vol:/#invalid volume specification: 'vol:/': invalid mount config for type \"volume\": invalid specification: destination can't be '/'",
        "-v /a:/b:rx#invalid volume specification: '/a:/b:rx': invalid mode: rx",
        "-v /a:/b:ro,rw#invalid volume specification: '/a:/b:ro,rw': invalid mode: ro,rw",
        "-v /a:/b:z,Z#invalid volume specification: '/a:/b:z,Z': invalid mode: z,Z",
        "-v /a:/b:nocopy#invalid volume specification: '/a:/b:nocopy': invalid mode: nocopy",
        "-v vol:/b:shared#invalid volume specification: 'vol:/b:shared': invalid mode: shared",
        "-v a:/b#invalid volume specification: 'a:/b': create a: volume name is too short, names should be at least two alphanumeric characters",
        "-v a/b:/c#invalid volume specification: 'a/b:/c': create a/b: \"a/b\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed; if you intended to pass a host directory, use absolute path",
        "--mount type=bind,dst=/b#invalid mount config for type \"bind\": field Source must not be empty",
        "--mount type=bind,src=a,dst=/b#invalid mount config for type \"bind\": invalid mount path: 'a' mount path must be absolute",
        "--mount type=bind,src=/a,dst=b#invalid mount config for type \"bind\": invalid mount path: 'b' mount path must be absolute",
        "--mount type=bind,src=/a,dst=/b,bind-propagation=x#invalid mount config for type \"bind\": invalid propagation mode: x",
        "--mount type=x,src=/a,dst=/b#invalid mount config for type \"x\": mount type unknown",
        "--mount type=tmpfs,src=/a,dst=/b#invalid mount config for type \"tmpfs\": field Source must not be specified",
        "--mount type=bind,src=/a,dst=/b,bind-recursive=writable#invalid mount config for type \"bind\": option 'bind-recursive=writable' requires 'readonly' to be specified in conjunction",
        "--tmpfs /t:foo#invalid tmpfs option: [\"foo\"]",
        "--tmpfs /t:size=#invalid tmpfs option: [\"size=\"]",
        "--tmpfs t#invalid mount config for type \"tmpfs\": invalid mount path: 't' mount path must be absolute",
        "-v /a:/b --tmpfs /b/#duplicate mount point: /b",
    })
    void whatCannotBeIsRefusedByName(String line, String expected) {
        assertThat(stopped(words(line + " alpine"))).isEqualTo(new Outcome.Refused("carafe: " + expected + ".\nSee 'carafe run --help'.", 125));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--link", "--gpus", "--isolation", "--kernel-memory", "--storage-opt", "--cpu-count",
        "--cpu-rt-runtime", "--link-local-ip"})
    void anOptionOfDockersThatIsNotThereIsRefusedInOneLineThatSaysWhy(String name) {
        assertThat(stopped(List.of(name + "=x", "alpine"))).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.status()).isEqualTo(125);
            assertThat(refused.text()).startsWith("carafe run ").contains(name + ": ").hasLineCount(1);
        });
        assertThat(Help.page(RunFlags.RUN, 200)).doesNotContain(name + " ");
    }

    @Test
    void anOptionThatNobodyKnowsIsUnknown() {
        assertThat(stopped(List.of("--nonsense=x", "alpine"))).isEqualTo(new Outcome.Refused("unknown flag: --nonsense\nSee 'carafe run --help'.", 125));
    }

    @Test
    void whatChangesNothingIsTaken() {
        assertThat(ready(List.of("--restart=no", "--disable-content-trust", "--no-healthcheck", "--expose", "80", "alpine")))
                .isEqualTo(ContainerOptions.builder("alpine").health(Healthcheck.NONE).network(NetworkOptions.NONE.expose(List.of("80"))).build());
        assertThat(stopped(List.of("--restart=always", "--rm", "alpine")).toString()).contains("--restart and --rm");
        assertThat(stopped(List.of("--disable-content-trust=false", "alpine")).toString()).contains("checks no signatures");
    }

    @Test
    void createDoesNotRun() {
        for (String name : List.of("--detach", "--detach-keys=a", "--sig-proxy")) {
            assertThat(RunFlags.read(RunFlags.CREATE, List.of(name, "alpine"), CALLER)).isInstanceOfSatisfying(Reading.Stopped.class,
                    s -> assertThat(s.why().toString()).contains("unknown flag: --").contains("See 'carafe create --help'."));
        }
        assertThat(RunFlags.read(RunFlags.CREATE, List.of("-it", "alpine"), CALLER)).isInstanceOf(Reading.Ready.class);
    }

    @Test
    void helpIsAskedFor() {
        assertThat(stopped(List.of("--help"))).isEqualTo(new Outcome.HelpAsked(RunFlags.RUN));
    }

    private static Arguments means(String line, UnaryOperator<ContainerOptions.Builder> change) {
        return Arguments.of(line, change.apply(ContainerOptions.builder("alpine")).build());
    }

    private static Arguments process(String line, UnaryOperator<ProcessOptions.Builder> change) {
        return means(line, b -> b.process(change.apply(ProcessOptions.builder()).build()));
    }

    private static Arguments limits(String line, UnaryOperator<LimitOptions.Builder> change) {
        return means(line, b -> b.limits(change.apply(LimitOptions.builder()).build()));
    }

    private static Arguments security(String line, UnaryOperator<SecurityOptions.Builder> change) {
        return means(line, b -> b.security(change.apply(SecurityOptions.builder()).build()));
    }

    private static Arguments network(String line, UnaryOperator<NetworkOptions> change) {
        return means(line, b -> b.network(change.apply(NetworkOptions.NONE)));
    }

    private static Arguments namespaces(String line, UnaryOperator<NamespaceOptions> change) {
        return means(line, b -> b.namespaces(change.apply(NamespaceOptions.NONE)));
    }

    private static ContainerOptions ready(List<String> words) {
        return switch (RunFlags.read(RunFlags.RUN, words, CALLER)) {
            case Reading.Ready<ContainerOptions>(var options) -> options;
            case Reading.Stopped<ContainerOptions>(var why) -> throw new AssertionError(why);
        };
    }

    private static Outcome stopped(List<String> words) {
        return switch (RunFlags.read(RunFlags.RUN, words, CALLER)) {
            case Reading.Ready<ContainerOptions>(var options) -> throw new AssertionError(options);
            case Reading.Stopped<ContainerOptions>(var why) -> why;
        };
    }

    private static List<String> words(String line) {
        return List.of(line.strip().split(" "));
    }
}
