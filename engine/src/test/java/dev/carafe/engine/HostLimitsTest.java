package dev.carafe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import dev.carafe.base.KernelVersion;
import dev.carafe.plan.Cgroups;
import dev.carafe.plan.HostFacts;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostLimitsTest {
    private static final HostFacts HOST = new HostFacts(KernelVersion.parse("6.1.0"), "amd64", 0, -1,
            new Cgroups(List.of(new Cgroups.V1(List.of("cpuset"), "/sys/fs/cgroup/cpuset", "0-3,7", "0")), Optional.empty()), Set.of(), "/carafe");

    private static void check(LimitOptions.Builder limits) {
        HostLimits.check(limits.build(), HOST);
    }

    @Test
    void processorsAndMemoryNodesMustBeThere() {
        assertThatCode(() -> check(LimitOptions.builder().cpusetCpus("1-3,7").cpusetMems("0"))).doesNotThrowAnyException();
        assertThatThrownBy(() -> check(LimitOptions.builder().cpusetCpus("3-4"))).isInstanceOf(Fault.class)
                .hasMessageContaining("requested CPUs are not available - requested 3-4, available: 0-3,7");
        assertThatThrownBy(() -> check(LimitOptions.builder().cpusetMems("1"))).isInstanceOf(Fault.class)
                .hasMessageContaining("requested memory nodes are not available - requested 1, available: 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1-", "-1", "2-1", "1,,2", "1-2-3", "99999", "123456789012", "0 1", "0,"})
    void aListIsNumbersAndRanges(String list) {
        assertThatThrownBy(() -> check(LimitOptions.builder().cpusetCpus(list))).isInstanceOf(Fault.class)
                .hasMessageContaining("invalid value " + list + " for cpuset cpus");
    }

    @Test
    void noMoreProcessorsCanBeKeptBusyThanThereAre() {
        assertThatCode(() -> check(LimitOptions.builder().cpuNanos(1_000_000_000))).doesNotThrowAnyException();
        assertThatThrownBy(() -> check(LimitOptions.builder().cpuNanos(9_000_000_000_000L))).isInstanceOf(Fault.class)
                .hasMessageContaining("range of CPUs is from 0.01 to ").hasMessageContaining("CPUs available");
    }

    @Test
    void sharesThatTheKernelWouldRoundAreRefused() {
        assertThatThrownBy(() -> LimitOptions.builder().cpuShares(1).build()).hasMessageContaining("the range is from 2 to 262144");
        assertThatThrownBy(() -> LimitOptions.builder().cpuShares(-5).build()).hasMessageContaining("invalid cpu shares -5");
    }
}
