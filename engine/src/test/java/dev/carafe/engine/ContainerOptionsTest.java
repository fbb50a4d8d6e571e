package dev.carafe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import dev.carafe.engine.ContainerMount.Bind;
import dev.carafe.engine.ContainerMount.Recursion;
import dev.carafe.engine.ContainerMount.Relabel;
import dev.carafe.engine.ContainerMount.Tmpfs;
import dev.carafe.engine.ContainerMount.Volume;
import dev.carafe.engine.LimitOptions.DeviceLimit;
import dev.carafe.engine.StreamOptions.Stream;
import dev.carafe.kernel.Signal;
import dev.carafe.oci.Healthcheck;
import dev.carafe.oci.runtime.Rlimit;
import dev.carafe.plan.MountOptions.Propagation;
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

class ContainerOptionsTest {
    @Test
    void aBuilderGivesBackWhatItWasMadeOf() {
        var process = ProcessOptions.builder().entrypoint(List.of("sh")).command(List.of("-c", "true")).user("1:2").groups(List.of("3"))
                .workingDirectory("/w").environment(List.of("A=1", "B")).init(true).stopSignal(Signal.INT).stopTimeout(Duration.ofSeconds(3)).build();
        var limits = LimitOptions.builder().memory(64 << 20).memoryReservation(32 << 20).memorySwap(-1).swappiness(5).oomKillDisable(true).oomScore(7)
                .cpuShares(2).cpuPeriod(1000).cpuQuota(2000).cpusetCpus("0").cpusetMems("1").pids(9).blockWeight(10)
                .devices(List.of(new DeviceLimit(DeviceLimit.Kind.READ_BYTES, "/dev/sda", 1)))
                .ulimits(List.of(new Rlimit(Rlimit.Type.RLIMIT_NOFILE, 1, 2))).build();
        var security = SecurityOptions.builder().privileged(true).capabilities(List.of("ALL"), List.of("KILL"))
                .seccomp(new SecurityOptions.SeccompChoice.Unconfined()).apparmor("p").selinux(List.of("disable")).noNewPrivileges(true)
                .masks(List.of("/a"), List.of("ALL")).systemPathsOpen(true).devices(List.of(new SecurityOptions.DeviceMapping("/dev/x", "/dev/y", "r")))
                .sysctls(Map.of("net.a", "b")).build();
        var all = ContainerOptions.builder("alpine").platform("linux/arm64").pull(PullPolicy.NEVER).quiet(true).name("web").idFile("/tmp/id")
                .labels(Map.of("a", "b")).annotations(Map.of("c", "d")).process(process).streams(StreamOptions.NONE.tty(true).detach(true))
                .mounts(List.of(Bind.of("/a", "/b"))).readOnly(true).shmBytes(5).limits(limits).cgroupParent("/p").security(security)
                .namespaces(NamespaceOptions.NONE.pid(new NamespaceMode.Host()).ipc(new NamespaceMode.None()).uts(new NamespaceMode.Host())
                        .user(new NamespaceMode.Host()).cgroup(new NamespaceMode.Private()))
                .network(NetworkOptions.NONE.mode(new NamespaceMode.None()).hostname("h").domainname("d").publish(List.of("80")).publishAll(true)
                        .expose(List.of("90")))
                .removeWhenDone(true).restart(RestartPolicy.parse("always")).runtime("runc").logging(Optional.of("none"), Map.of("k", "v"))
                .health(new Healthcheck(List.of("NONE"), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()))
                .build();
        assertThat(all.toBuilder().build()).isEqualTo(all);
        assertThat(process.toBuilder().build()).isEqualTo(process);
        assertThat(limits.toBuilder().build()).isEqualTo(limits);
        assertThat(security.toBuilder().build()).isEqualTo(security);
        assertThat(ContainerOptions.builder("alpine").build()).isNotEqualTo(all);
    }

    static List<Arguments> limits() {
        return List.of(
                limit("minimum memory limit allowed is 6MB", b -> b.memory(6_000_000)),
                limit("minimum memory reservation allowed is 6MB", b -> b.memoryReservation(1)),
                limit("minimum memory limit can not be less than memory reservation limit", b -> b.memory(7 << 20).memoryReservation(8 << 20)),
                limit("you should always set the memory limit when using the memory and swap limit", b -> b.memorySwap(7 << 20)),
                limit("minimum memory and swap limit should be larger than memory limit", b -> b.memory(8 << 20).memorySwap(7 << 20)),
                limit("invalid value 101, range for memory swappiness is [0, 100]", b -> b.swappiness(101)),
                limit("invalid value -1001, range for oom score adj is [-1000, 1000]", b -> b.oomScore(-1001)),
                limit("invalid value 9, range for blkio weight is [10, 1000]", b -> b.blockWeight(9)),
                limit("invalid value 1001, range for blkio weight of /dev/x is [10, 1000]",
                        b -> b.devices(List.of(new DeviceLimit(DeviceLimit.Kind.WEIGHT, "/dev/x", 1001)))),
                limit("conflicting options: cpus and cpu period cannot both be set", b -> b.cpuNanos(1_000_000_000).cpuPeriod(1000)),
                limit("conflicting options: cpus and cpu quota cannot both be set", b -> b.cpuNanos(1_000_000_000).cpuQuota(1000)),
                limit("range of cpus is from 0.01", b -> b.cpuNanos(9_999_999)),
                limit("cpu cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)", b -> b.cpuPeriod(999)),
                limit("cpu cfs quota can not be less than 1ms (i.e. 1000)", b -> b.cpuQuota(999)),
                limit("invalid pids limit 0: must be positive, or -1 for none", b -> b.pids(0)));
    }

    private static Arguments limit(String reason, UnaryOperator<LimitOptions.Builder> change) {
        return Arguments.of(reason, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("limits")
    void limitsHaveBounds(String reason, UnaryOperator<LimitOptions.Builder> change) {
        assertThatThrownBy(() -> change.apply(LimitOptions.builder()).build()).isInstanceOf(Fault.class).hasMessage("limit container: " + reason);
    }

    @Test
    void mountsHaveRules() {
        assertThatThrownBy(() -> Bind.of("", "/b")).hasMessage("invalid mount config for type \"bind\": field Source must not be empty");
        assertThatThrownBy(() -> Bind.of("a", "/b")).hasMessage("invalid mount config for type \"bind\": invalid mount path: 'a' mount path must be absolute");
        assertThatThrownBy(() -> Bind.of("/a", "b")).hasMessage("invalid mount config for type \"bind\": invalid mount path: 'b' mount path must be absolute");
        assertThatThrownBy(() -> Bind.of("/a", "")).hasMessage("invalid mount config for type \"bind\": field Target must not be empty");
        assertThatThrownBy(() -> new Tmpfs("/x/..", List.of()))
                .hasMessage("invalid mount config for type \"tmpfs\": invalid specification: destination can't be '/'");
        assertThatThrownBy(() -> Volume.of(Optional.empty(), "/"))
                .hasMessage("invalid mount config for type \"volume\": invalid specification: destination can't be '/'");
        assertThatThrownBy(() -> new Bind("/a", "/b", false, Optional.empty(), Recursion.WRITABLE, Relabel.NONE, false))
                .hasMessageContaining("'bind-recursive=writable' requires 'readonly'");
        assertThatThrownBy(() -> new Bind("/a", "/b", true, Optional.of(Propagation.SHARED), Recursion.READONLY, Relabel.NONE, false))
                .hasMessageContaining("requires 'bind-propagation=rprivate'");
        assertThat(new Bind("/a", "/b", true, Optional.of(Propagation.RPRIVATE), Recursion.READONLY, Relabel.NONE, false).target()).isEqualTo("/b");
    }

    @ParameterizedTest
    @CsvSource({"'',no", "no,no", "always,always", "unless-stopped,unless-stopped", "on-failure,on-failure", "on-failure:3,on-failure:3",
        "always:,always"})
    void restartPoliciesAreWords(String text, String expected) {
        assertThat(RestartPolicy.parse(text)).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "x|unknown policy 'x'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'",
        ":3|no policy provided before colon",
        "on-failure:x|maximum retry count must be an integer",
        "on-failure:-1|maximum retry count cannot be negative",
        "always:3|maximum retry count can only be used with 'on-failure'",
    })
    void otherRestartPoliciesAreRefused(String text, String reason) {
        assertThatThrownBy(() -> RestartPolicy.parse(text)).isInstanceOf(Fault.class).hasMessage("invalid restart policy: " + reason);
    }

    @ParameterizedTest
    @CsvSource({"'',default", "default,default", "private,private", "shareable,shareable", "none,none", "host,host", "container:web,container:web"})
    void namespaceModesAreWords(String text, String word) {
        assertThat(NamespaceMode.parse(text).orElseThrow().word()).isEqualTo(word);
    }

    @ParameterizedTest
    @CsvSource({"x", "container:", "Host"})
    void otherNamespaceModesAreUnknown(String text) {
        assertThat(NamespaceMode.parse(text)).isEmpty();
    }

    @Test
    void streamsAreAttachedAsDockerDoes() {
        var plain = StreamOptions.NONE;
        assertThat(attached(plain)).containsExactlyInAnyOrder(Stream.STDOUT, Stream.STDERR);
        assertThat(attached(plain.interactive(true))).containsExactlyInAnyOrder(Stream.STDIN, Stream.STDOUT, Stream.STDERR);
        assertThat(attached(plain.attach(Set.of(Stream.STDERR)))).containsExactly(Stream.STDERR);
        assertThat(attached(plain.attach(Set.of(Stream.STDERR)).interactive(true))).containsExactlyInAnyOrder(Stream.STDIN, Stream.STDERR);
        assertThat(attached(plain.detach(true).interactive(true))).isEmpty();
    }

    private static List<Stream> attached(StreamOptions options) {
        return List.of(Stream.values()).stream().filter(options::attached).toList();
    }
}
