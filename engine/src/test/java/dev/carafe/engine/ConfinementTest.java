package dev.carafe.engine;

import static dev.carafe.engine.SpecifierFixture.AROUND;
import static dev.carafe.engine.SpecifierFixture.HOST;
import static dev.carafe.engine.SpecifierFixture.options;
import static dev.carafe.engine.SpecifierFixture.specify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.engine.SecurityOptions.DeviceMapping;
import dev.carafe.oci.runtime.BlockIo;
import dev.carafe.oci.runtime.CpuLimits;
import dev.carafe.oci.runtime.Device;
import dev.carafe.oci.runtime.DeviceRule;
import dev.carafe.oci.runtime.Linux;
import dev.carafe.oci.runtime.MemoryLimits;
import dev.carafe.oci.runtime.Resources;
import dev.carafe.oci.runtime.ThrottleDevice;
import dev.carafe.plan.HostFacts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a container may do: capabilities, devices, limits, hidden paths, labels. */
class ConfinementTest {
    private static final String USUAL = "CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE"
            + " SYS_CHROOT KILL AUDIT_WRITE";

    private static Linux linux(SecurityOptions.Builder security) {
        return specify(options().security(security.build())).linux().orElseThrow();
    }

    private static Resources resources(LimitOptions.Builder limits) {
        return specify(options().limits(limits.build())).linux().orElseThrow().resources().orElseThrow();
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''                | ''                | " + USUAL,
        "net_admin         | ''                | " + USUAL + " NET_ADMIN",
        "CAP_NET_ADMIN KILL| ''                | " + USUAL + " NET_ADMIN",
        "''                | kill CAP_SETFCAP  | CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETPCAP NET_BIND_SERVICE"
                + " SYS_CHROOT AUDIT_WRITE",
        "''                | ALL               | ''",
        "SYS_TIME          | all               | SYS_TIME",
    })
    void capabilitiesAreAddedAndDropped(String added, String dropped, String expected) {
        var security = SecurityOptions.builder().capabilities(words(added), words(dropped)).build();

        assertThat(CapabilityChoice.bounding(security, HOST)).isEqualTo(words(expected).stream().map(word -> "CAP_" + word).toList());
    }

    @Test
    void allCapabilitiesAreThoseOfTheEngine() {
        var few = new HostFacts(HOST.kernel(), "amd64", 0, 0b1011, HOST.cgroups(), Set.of(), "/opt/carafe");
        var all = SecurityOptions.builder().capabilities(List.of("ALL"), List.of("CHOWN")).build();
        var privileged = SecurityOptions.builder().privileged(true).build();

        assertThat(CapabilityChoice.bounding(all, few)).containsExactly("CAP_DAC_OVERRIDE", "CAP_FOWNER");
        assertThat(CapabilityChoice.bounding(privileged, few)).containsExactly("CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER");
        assertThat(CapabilityChoice.bounding(privileged, HOST)).hasSize(41);
    }

    @Test
    void anUnknownCapabilityIsRefusedInDockersWords() {
        assertThatThrownBy(() -> linux(SecurityOptions.builder().capabilities(List.of("foo"), List.of())))
                .hasMessageStartingWith("invalid CapAdd: unknown capability: \"CAP_FOO\"");
        assertThatThrownBy(() -> linux(SecurityOptions.builder().capabilities(List.of(), List.of("foo"))))
                .hasMessageStartingWith("invalid CapDrop: unknown capability: \"CAP_FOO\"");
    }

    @Test
    void pathsThatTellOfTheHostAreHidden() {
        Linux usual = linux(SecurityOptions.builder());
        Linux hot = specify(options(), AROUND.toBuilder().maskedPaths(List.of("/sys/hot")).build()).linux().orElseThrow();

        assertThat(usual.maskedPaths()).contains("/proc/kcore", "/proc/interrupts", "/sys/firmware", "/sys/devices/virtual/powercap").hasSize(12);
        assertThat(usual.readonlyPaths()).containsExactly("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");
        assertThat(hot.maskedPaths()).hasSize(13).endsWith("/sys/hot");
    }

    @Test
    void pathsAreShownAndHiddenAsTheUserSays() {
        assertThat(linux(SecurityOptions.builder().masks(List.of("/proc/uptime", "/proc/kcore"), List.of("/sys/*", "/proc/sys"))))
                .satisfies(linux -> {
                    assertThat(linux.maskedPaths()).contains("/proc/uptime", "/sys/devices/virtual/powercap").doesNotContain("/sys/firmware")
                            .doesNotHaveDuplicates();
                    assertThat(linux.readonlyPaths()).doesNotContain("/proc/sys").hasSize(4);
                });
        for (var open : List.of(SecurityOptions.builder().privileged(true), SecurityOptions.builder().systemPathsOpen(true),
                SecurityOptions.builder().masks(List.of(), List.of("ALL")))) {
            assertThat(linux(open).maskedPaths()).isEmpty();
            assertThat(linux(open).readonlyPaths()).isEmpty();
        }
        assertThat(linux(SecurityOptions.builder().privileged(true).masks(List.of("/proc/uptime"), List.of())).maskedPaths())
                .containsExactly("/proc/uptime");
    }

    @Test
    void devicesAreAllowedByTheirNodesAndByRules() {
        var mapping = new DeviceMapping("/dev/sda", "/dev/xvda", "rw");
        var node = Device.builder(Device.Type.BLOCK, "/dev/xvda").major(8).minor(0).build();
        var own = new DeviceRule(true, Optional.of(DeviceRule.Type.CHARACTER), Optional.of(42L), Optional.of(-1L), Optional.of("r"));
        var security = SecurityOptions.builder().devices(List.of(mapping)).deviceRules(List.of(own)).build();
        Linux linux = specify(options().security(security), AROUND.toBuilder().devices(Map.of(mapping, List.of(node))).build()).linux().orElseThrow();

        assertThat(linux.devices()).containsExactly(node);
        List<DeviceRule> rules = linux.resources().orElseThrow().devices();
        assertThat(rules.getFirst().allow()).isFalse();
        assertThat(rules).hasSize(10).endsWith(new DeviceRule(true, Optional.of(DeviceRule.Type.BLOCK), Optional.of(8L), Optional.of(0L),
                Optional.of("rw")), own);
        assertThatThrownBy(() -> specify(options().security(security))).hasMessage(
                "error gathering device information while adding custom device \"/dev/sda\": no such file or directory");
    }

    @Test
    void thePrivilegedHaveEveryDevice() {
        var disk = Device.builder(Device.Type.BLOCK, "/dev/sda").major(8).build();
        var nothing = Device.builder(Device.Type.CHARACTER, "/dev/null").major(1).minor(3).build();
        Linux linux = specify(options().security(SecurityOptions.builder().privileged(true).build()),
                AROUND.toBuilder().hostDevices(List.of(nothing, disk)).build()).linux().orElseThrow();

        assertThat(linux.devices()).as("the runtime makes /dev/null in any case").containsExactly(disk);
        assertThat(linux.resources().orElseThrow().devices()).singleElement().matches(DeviceRule::allow);
    }

    @Test
    void limitsAreWhatTheUserSaysAndNothingElse() {
        assertThat(resources(LimitOptions.builder())).satisfies(none -> {
            assertThat(none.memory()).isEmpty();
            assertThat(none.cpu()).isEmpty();
            assertThat(none.pids()).isEmpty();
            assertThat(none.blockIo()).isEmpty();
        });
        assertThat(resources(LimitOptions.builder().memory(20 << 20)).memory())
                .contains(MemoryLimits.builder().limit(20 << 20).swap(40 << 20).build());
        assertThat(resources(LimitOptions.builder().memory(20 << 20).memorySwap(-1)).memory())
                .contains(MemoryLimits.builder().limit(20 << 20).swap(-1).build());
        assertThat(resources(LimitOptions.builder().cpuNanos(500_000_000)).cpu())
                .contains(CpuLimits.builder().quota(50_000).period(100_000).build());
        assertThat(resources(LimitOptions.builder().cpuShares(5).cpusetCpus("0-1")).cpu())
                .contains(CpuLimits.builder().shares(5).cpus("0-1").build());
        assertThat(resources(LimitOptions.builder().pids(-1)).pids().orElseThrow().limit()).contains(-1L);
    }

    @Test
    void withoutSwapAccountingOnlyMemoryIsLimited() {
        Surroundings around = AROUND.toBuilder().swapAccounting(false).build();
        var limited = options().limits(LimitOptions.builder().memory(20 << 20).build());
        var swap = options().limits(LimitOptions.builder().memory(20 << 20).memorySwap(30 << 20).build());

        assertThat(specify(limited, around).linux().orElseThrow().resources().orElseThrow().memory().orElseThrow().swap()).isEmpty();
        assertThatThrownBy(() -> specify(swap, around)).hasMessageContaining("--memory-swap");
    }

    @Test
    void blockLimitsAreByTheNumbersOfTheirDevices() {
        var limit = new LimitOptions.DeviceLimit(LimitOptions.DeviceLimit.Kind.READ_BYTES, "/dev/vda", 1 << 20);
        var limits = LimitOptions.builder().devices(List.of(limit)).blockWeight(100).build();
        Surroundings around = AROUND.toBuilder().limitedDevices(Map.of("/dev/vda",
                Device.builder(Device.Type.BLOCK, "/dev/vda").major(254).build())).build();

        assertThat(specify(options().limits(limits), around).linux().orElseThrow().resources().orElseThrow().blockIo())
                .contains(BlockIo.builder().weight(100).throttleReadBps(List.of(new ThrottleDevice(254, 0, 1 << 20))).build());
        assertThatThrownBy(() -> specify(options().limits(limits))).hasMessageContaining("/dev/vda");
    }

    @Test
    void labelsArePutTogetherFromTheirParts() {
        var selinux = new HostFacts(HOST.kernel(), "amd64", 0, 0, HOST.cgroups(), Set.of("selinux"), "/opt/carafe");
        var some = SecurityOptions.builder().selinux(List.of("type:spc_t", "level:s0:c1,c2")).build();
        var off = SecurityOptions.builder().selinux(List.of("disable")).build();

        assertThat(Confinement.selinux(some, selinux)).contains("system_u:system_r:spc_t:s0:c1,c2");
        assertThat(Confinement.selinux(off, selinux)).isEmpty();
        assertThat(Confinement.selinux(SecurityOptions.NONE, selinux)).isEmpty();
        assertThat(Confinement.apparmor(SecurityOptions.builder().apparmor("mine").build())).contains("mine");
        assertThat(Confinement.apparmor(SecurityOptions.builder().apparmor("unconfined").build())).isEmpty();
    }
}
