package dev.carafe.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.plan.Cgroups;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostProbeTest {
    private static final List<String> HYBRID = List.of(
            "22 27 0:21 / /proc rw,relatime - proc proc rw",
            "31 23 0:28 / /no-such/cgroup rw,relatime - tmpfs tmpfs rw,mode=755",
            "32 31 0:29 / /no-such/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct",
            "40 31 0:37 / /no-such/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,name=systemd",
            "41 31 0:38 / /no-such/cgroup/unified rw,relatime - cgroup2 cgroup2 rw,nsdelegate");

    @Test
    void hierarchiesAreFoundByTheirMounts() {
        Cgroups cgroups = HostProbe.cgroups(HYBRID);
        assertThat(cgroups.mode()).isEqualTo("hybrid");
        assertThat(cgroups.v1()).containsExactly(new Cgroups.V1(List.of("cpu", "cpuacct"), "/no-such/cgroup/cpu,cpuacct", "", ""),
                new Cgroups.V1(List.of("name=systemd"), "/no-such/cgroup/systemd", "", ""));
        assertThat(cgroups.v2().orElseThrow().mountpoint()).isEqualTo("/no-such/cgroup/unified");
        assertThat(cgroups.withController("cpuacct").orElseThrow().name()).isEqualTo("cpu,cpuacct");
    }

    @Test
    void aHierarchyThatIsShownAgainElsewhereIsTheSameOne() {
        var mounts = new ArrayList<>(HYBRID);
        mounts.add("50 27 0:29 /box/web /containers/web/sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct");
        mounts.add("51 27 0:38 /box/web /containers/web/sys/fs/cgroup/unified ro - cgroup2 cgroup2 rw,nsdelegate");
        mounts.add("52 27 0:38 / /elsewhere rw - cgroup2 cgroup2 rw,nsdelegate");
        assertThat(HostProbe.cgroups(mounts)).isEqualTo(HostProbe.cgroups(HYBRID));
    }

    @Test
    void aMachineWithoutHierarchiesHasNone() {
        assertThat(HostProbe.cgroups(HYBRID.subList(0, 2)).mode()).isEqualTo("none");
    }

    @Test
    void thisHostIsProbedWithoutPrivilege() {
        assertThat(HostProbe.probe("/carafe").kernel().major()).isPositive();
        assertThat(HostProbe.probe("/carafe").uid()).isGreaterThanOrEqualTo(0);
    }
}
