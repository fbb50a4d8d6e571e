package dev.carafe.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.bench.Processes.Memory;
import dev.carafe.bench.Processes.View;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessesTest {
    private static View host(long pid, long parent, long pss) {
        return new View(pid, parent, false, pss);
    }

    private static View contained(long pid, long parent) {
        return new View(pid, parent, true, 999);
    }

    @Test
    void theParentOfAContainerIsItsMonitor() {
        var processes = new Processes(List.of(host(10, 1, 30), contained(11, 10), host(20, 1, 40), contained(21, 20)));
        assertThat(processes.memory()).isEqualTo(new Memory(2, 70, 0));
    }

    @Test
    void whatIsNoContainersParentIsTheEngine() {
        var processes = new Processes(List.of(host(5, 1, 60_000), host(6, 5, 500), host(10, 6, 30), contained(11, 10)));
        assertThat(processes.memory()).isEqualTo(new Memory(1, 30, 60_500));
    }

    @Test
    void processesInAContainerCountForNeither() {
        var processes = new Processes(List.of(contained(11, 1), contained(12, 11)));
        assertThat(processes.memory()).isEqualTo(new Memory(0, 0, 0));
    }

    @Test
    void theShareIsReadFromTheRollUp() {
        assertThat(Processes.pss(List.of("55d0-7ffe ---p 00000000 00:00 0  [rollup]", "Rss:      5 kB", "Pss:            1234 kB",
                "Pss_Dirty:  7 kB"))).isEqualTo(1234);
    }
}
