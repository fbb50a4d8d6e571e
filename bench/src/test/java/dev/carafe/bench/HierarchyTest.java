package dev.carafe.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class HierarchyTest {
    private static final String CPU = "31 24 0:27 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct";
    private static final String MEMORY = "32 24 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory";
    private static final String UNIFIED = "33 24 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,nsdelegate";

    @Test
    void bothVersionsAreFoundInAMountTable() {
        List<Hierarchy> found = Hierarchy.parse(List.of("22 1 8:1 / / rw - ext4 /dev/sda rw", CPU, UNIFIED));
        assertThat(found).containsExactly(
                new Hierarchy(Path.of("/sys/fs/cgroup/cpu,cpuacct"), 1, List.of("rw", "cpu", "cpuacct")),
                new Hierarchy(Path.of("/sys/fs/cgroup/unified"), 2, List.of()));
    }

    @Test
    void aGroupThatIsBoundElsewhereIsNoHierarchy() {
        assertThat(Hierarchy.parse(List.of(UNIFIED.replace(" / /sys", " /docker/1 /sys")))).isEmpty();
    }

    @Test
    void theFirstVersionAccountsWhereBothAreMounted() {
        Hierarchy chosen = Hierarchy.accounting(Hierarchy.parse(List.of(UNIFIED, MEMORY, CPU)));
        assertThat(chosen.root()).isEqualTo(Path.of("/sys/fs/cgroup/cpu,cpuacct"));
    }

    @Test
    void theSecondVersionAccountsWhereTheFirstDoesNot() {
        assertThat(Hierarchy.accounting(Hierarchy.parse(List.of(MEMORY, UNIFIED))).version()).isEqualTo(2);
    }

    @Test
    void withoutAccountingThereIsNoRun() {
        var mounted = Hierarchy.parse(List.of(MEMORY));
        assertThatThrownBy(() -> Hierarchy.accounting(mounted)).isInstanceOf(Fault.class).hasMessageContaining("cpuacct");
    }

    @Test
    void theSecondVersionCountsMicroseconds() {
        assertThat(CpuGroup.usageMicros(List.of("usage_usec 1234", "user_usec 1000", "system_usec 234"))).isEqualTo(1234);
    }
}
