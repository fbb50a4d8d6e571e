package dev.carafe.oci.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import dev.carafe.oci.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpecTest {
    static byte[] resource(String name) throws IOException {
        try (var in = SpecTest.class.getResourceAsStream(name)) {
            assertThat(in).isNotNull();
            return in.readAllBytes();
        }
    }

    /** The resources name every field, in order: so nothing is lost, added or moved. */
    @ParameterizedTest
    @ValueSource(strings = {"config.json", "every-field.json"})
    void aConfigurationPrintsAsItWasRead(String name) throws IOException {
        byte[] text = resource(name);
        Spec spec = Spec.parse(text);
        assertThat(Json.pretty(spec.json(), "  ")).isEqualTo(Json.pretty(Json.parse(name, text), "  "));
        assertThat(Spec.parse(Json.compact(spec.json()))).isEqualTo(spec).hasSameHashCodeAs(spec);
    }

    @Test
    void aConfigurationAsDockerWritesItIsReadFieldByField() throws IOException {
        Spec spec = Spec.parse(resource("config.json"));
        assertThat(spec.ociVersion()).isEqualTo("1.2.0");
        assertThat(spec.hostname()).contains("4f1c9d2ab3e0");
        assertThat(spec.domainname()).isEmpty();
        assertThat(spec.annotations()).isEmpty();
        assertThat(spec.mounts()).hasSize(10);
        assertThat(spec.mounts().get(6)).isEqualTo(
                Mount.of("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=67108864"));
        assertThat(spec.root()).contains(
                new Root("/var/lib/carafe/containers/4f1c9d2ab3e07a55d1f08bc6329e74a04f1c9d2ab3e07a55d1f08bc6329e74a0/rootfs", false));

        Process process = spec.process().orElseThrow();
        assertThat(process.terminal()).isFalse();
        assertThat(process.args()).containsExactly("/docker-entrypoint.sh", "nginx", "-g", "daemon off;");
        assertThat(process.env()).contains("GREETING=<b>grüß dich</b> & \"so on\"");
        assertThat(process.capabilities().orElseThrow().bounding()).hasSize(14);
        assertThat(process.capabilities().orElseThrow().ambient()).isEmpty();
        assertThat(process.rlimits()).containsExactly(new Rlimit(Rlimit.Type.RLIMIT_NOFILE, 1024, 1048576),
                new Rlimit(Rlimit.Type.RLIMIT_CORE, Rlimit.INFINITY, Rlimit.INFINITY));
        assertThat(process.oomScoreAdj()).contains(0);

        Linux linux = spec.linux().orElseThrow();
        assertThat(linux.namespaces()).containsExactly(Namespace.of(Namespace.Type.MOUNT), Namespace.of(Namespace.Type.NETWORK),
                Namespace.of(Namespace.Type.UTS), Namespace.of(Namespace.Type.PID), Namespace.of(Namespace.Type.IPC),
                Namespace.of(Namespace.Type.CGROUP));
        Resources resources = linux.resources().orElseThrow();
        assertThat(resources.memory().orElseThrow()).isEqualTo(MemoryLimits.builder().limit(536870912).swap(1073741824).build());
        assertThat(resources.devices().get(0)).isEqualTo(
                new DeviceRule(false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("rwm")));
        assertThat(resources.pids()).contains(new PidsLimit(Optional.of(100L)));
        Seccomp seccomp = linux.seccomp().orElseThrow();
        assertThat(seccomp.architectures()).startsWith(Seccomp.Arch.SCMP_ARCH_X86_64);
        assertThat(seccomp.syscalls().getLast()).isEqualTo(
                new SeccompRule(List.of("clone3"), SeccompAction.SCMP_ACT_ERRNO, Optional.of(38), List.of()));
    }

    @Test
    void numbersOfSixtyFourBitsAreReadAsUnsigned() throws IOException {
        Linux linux = Spec.parse(resource("every-field.json")).linux().orElseThrow();
        SeccompArg arg = linux.seccomp().orElseThrow().syscalls().getFirst().args().getFirst();
        assertThat(arg).isEqualTo(new SeccompArg(5, -1L, Optional.of(Long.MIN_VALUE), SeccompArg.Operator.SCMP_CMP_MASKED_EQ));
        assertThat(linux.resources().orElseThrow().hugepageLimits().getFirst().limit()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void aConfigurationNeedsItsVersionAlone() {
        Spec spec = Spec.parse("{\"ociVersion\":\"1.0.2\"}");
        assertThat(spec).isEqualTo(Spec.builder().ociVersion("1.0.2").build());
        assertThat(Json.compact(spec.json())).isEqualTo("{\"ociVersion\":\"1.0.2\"}");
    }

    @Test
    void nullCountsAsAbsentAndUnknownFieldsAreIgnored() {
        Spec spec = Spec.parse("""
                {"ociVersion": "1.2.0", "process": null, "mounts": null, "annotations": null, "hostname": null, "windows": {"x": 1}, "y": []}""");
        assertThat(spec).isEqualTo(Spec.builder().ociVersion("1.2.0").build());
    }

    @Test
    void aProcessWithoutAUserIsRoot() {
        Process process = Process.parse("{\"cwd\":\"/\"}");
        assertThat(process).isEqualTo(Process.builder().build());
        assertThat(process.user()).isEqualTo(User.ROOT);
        assertThat(Json.compact(process.json())).isEqualTo("{\"user\":{\"uid\":0,\"gid\":0},\"cwd\":\"/\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "every-field.json"})
    void aBuilderStartsWithTheValueItIsMadeFrom(String name) throws IOException {
        Spec spec = Spec.parse(resource(name));
        assertThat(spec.toBuilder().build()).isEqualTo(spec);
        Process process = spec.process().orElseThrow();
        assertThat(process.toBuilder().build()).isEqualTo(process);
        process.scheduler().ifPresent(s -> assertThat(s.toBuilder().build()).isEqualTo(s));
        Hooks hooks = spec.hooks().orElseThrow();
        assertThat(hooks.toBuilder().build()).isEqualTo(hooks);
        assertThat(spec.mounts()).allSatisfy(m -> assertThat(m.toBuilder().build()).isEqualTo(m));
        Linux linux = spec.linux().orElseThrow();
        assertThat(linux.toBuilder().build()).isEqualTo(linux);
        assertThat(linux.devices()).allSatisfy(d -> assertThat(d.toBuilder().build()).isEqualTo(d));
        Seccomp seccomp = linux.seccomp().orElseThrow();
        assertThat(seccomp.toBuilder().build()).isEqualTo(seccomp);
        Resources resources = linux.resources().orElseThrow();
        assertThat(resources.toBuilder().build()).isEqualTo(resources);
        resources.memory().ifPresent(m -> assertThat(m.toBuilder().build()).isEqualTo(m));
        resources.cpu().ifPresent(c -> assertThat(c.toBuilder().build()).isEqualTo(c));
        resources.blockIo().ifPresent(b -> assertThat(b.toBuilder().build()).isEqualTo(b));
    }

    @Test
    void whatABuilderSetsIsPrinted() {
        Linux linux = Linux.builder()
                .resources(Resources.builder().cpu(CpuLimits.builder().quota(50_000).period(100_000).build()).build())
                .namespaces(List.of(Namespace.join(Namespace.Type.NETWORK, "/run/netns/a")))
                .sysctl(Map.of("kernel.msgmax", "65536"))
                .build();
        Spec spec = Spec.builder().hostname("web").linux(linux).build();
        assertThat(Json.compact(spec.json())).isEqualTo("{\"ociVersion\":\"1.3.0\",\"hostname\":\"web\",\"linux\":{"
                + "\"sysctl\":{\"kernel.msgmax\":\"65536\"},\"resources\":{\"cpu\":{\"quota\":50000,\"period\":100000}},"
                + "\"namespaces\":[{\"type\":\"network\",\"path\":\"/run/netns/a\"}]}}");
        assertThat(spec.toBuilder().hostname(Optional.empty()).build().hostname()).isEmpty();
    }

    @Test
    void aValueCannotBeChangedThroughWhatItWasMadeOf() {
        var args = new ArrayList<>(List.of("a"));
        Process process = Process.builder().args(args).build();
        args.add("b");
        assertThat(process.args()).containsExactly("a");
        assertThatThrownBy(() -> process.args().add("c")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aProcessAndResourcesAreReadAloneUnderTheirOwnNames() {
        assertThatThrownBy(() -> Process.parse("{\"cwd\":1}")).isInstanceOf(Fault.class)
                .hasMessage("process.json cwd: expected a string, found a number (runtime-spec config.md#process)");
        assertThatThrownBy(() -> Resources.parse("{\"pids\":{\"limit\":\"1\"}}")).isInstanceOf(Fault.class)
                .hasMessage("resources.json pids.limit: expected a number, found a string (runtime-spec config-linux.md#pids)");
        assertThat(Resources.parse("{\"memory\":{\"limit\":-1}}").memory()).contains(MemoryLimits.builder().limit(-1).build());
    }
}
