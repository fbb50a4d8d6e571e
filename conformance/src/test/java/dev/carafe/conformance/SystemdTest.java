package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Containers in scopes of systemd, which is the first process of the guest. */
@Timeout(420)
class SystemdTest {
    private static final Guest GUEST = new Guest("-s");
    private static final String COMMON = """
            R="${C}-runtime --root /run/scoped --systemd-cgroup"
            S=/sys/fs/cgroup/box.slice
            cd /root/bundle 2>/dev/null
            pid() { $R state $1 | sed -n 's/.*"pid": \\([0-9]*\\).*/\\1/p'; }
            """;

    private static Guest.Part part(String script) {
        return GUEST.part(COMMON + script);
    }

    private static final Guest.Part BORN = part("""
            cat /proc/1/comm
            mkdir -p /root/bundle/rootfs/bin /root/bundle/rootfs/proc /root/bundle/rootfs/sys /root/bundle/rootfs/dev /root/bundle/rootfs/tmp && cd /root/bundle
            cp /bin/busybox rootfs/bin && for a in sh sleep cat; do ln -s busybox rootfs/bin/$a; done
            $R spec
            sed -i 's/"terminal": true/"terminal": false/; s/"sh"/"sleep","1000"/' config.json
            sed -i 's#"resources": {#"cgroupsPath":"box.slice:test:one","resources": {"memory":{"limit":33554432},"pids":{"limit":20},"cpu":{"quota":50500,"period":100000,"shares":512,"cpus":"0"},#' config.json
            $R create one >/dev/null 2>&1 || exit
            cat /proc/$(pid one)/cgroup
            cd $S/test-one.scope && cat memory.max pids.max cpu.max cpu.weight cpuset.cpus
            [ "$(cat cgroup.procs)" = "$(pid one)" ] && echo alone
            $R start one""");

    @Test
    void aContainerIsBornIntoAScopeWithItsLimitsAndAlone() {
        assertThat(BORN.out()).isEqualTo("systemd\n0::/box.slice/test-one.scope\n33554432\n20\n50500 100000\n20\n0\nalone\n");
    }

    /** Another limit that only the runtime knew, systemd would set back at the next occasion: here it is given one. */
    private static final Guest.Part CHANGED = part("""
            $R update --memory 64M --pids-limit 30 one || exit
            $R update --cpu-share 1024 one || exit
            kill -HUP 1; sleep 3
            cd $S/test-one.scope && cat memory.max pids.max cpu.weight
            $R exec one cat /proc/self/cgroup
            $R pause one; grep -c 'frozen 1' cgroup.events; $R resume one; grep -c 'frozen 0' cgroup.events
            $R ps -f json one | tr -d '[:space:]' | grep -c "^.$(pid one).$"
            exit 0""");

    @Test
    void itsLimitsChangeForSystemdToo() {
        assertThat(CHANGED.out()).isEqualTo("67108864\n30\n39\n0::/\n1\n1\n1\n");
    }

    private static final Guest.Part TWICE = part("""
            $R run -d other </dev/null
            $R list -q
            [ -d $S/test-one.scope ] && echo stays
            exit 0""");

    @Test
    void aScopeThatIsInUseIsNotTaken() {
        assertThat(TWICE.out()).isEqualTo("one\nstays\n");
        assertThat(TWICE.outcome().error()).contains("start systemd unit \\\"test-one.scope\\\": org.freedesktop.systemd1.UnitExists").hasLineCount(1);
    }

    private static final Guest.Part GONE = part("""
            $R delete -f one || exit
            [ -d $S/test-one.scope ] || echo gone
            $R run -d one </dev/null >/dev/null 2>&1 && $R kill one KILL; k=0; until $R state one | grep -q stopped || [ $k -gt 100 ]; do sleep 0.2; k=$((k+1)); done
            $R delete one && [ ! -d $S/test-one.scope ] && echo gone by itself
            sed -i 's#"sleep","1000"#"nosuch"#' config.json; $R run one 2>/dev/null; echo $?
            ls -d $S/*.scope 2>/dev/null; ls -A /run/scoped | grep -v locks
            sed -i 's#box.slice:test:one#/foo#' config.json; $R run one; sed -i 's#"/foo"#"box-.slice:test:one"#' config.json; $R run one
            exit 0""");

    @Test
    void aScopeGoesWithItsContainerHoweverThatEnds() {
        assertThat(GONE.out()).isEqualTo("gone\ngone by itself\n1\n");
        assertThat(GONE.outcome().error().lines()).hasSize(2);
        assertThat(GONE.outcome().error()).contains("expected cgroupsPath to be of format", "invalid slice name: box-.slice");
    }

    /** A runtime that is killed while the scope has nothing but the process that stands in for the container leaves nothing of it. */
    private static final Guest.Part KILLED = part("""
            sed -i 's#box-.slice:test:one#box.slice:test:killed#; s#"nosuch"#"sleep","1000"#' config.json
            for delay in 1 2; do
                $R create killed >/dev/null 2>&1 & sleep $delay; kill -9 $! 2>/dev/null; wait $! 2>/dev/null
                k=0; until $R delete -f killed 2>/dev/null; [ ! -d $S/test-killed.scope ] || [ $k -gt 50 ]; do sleep 0.2; k=$((k+1)); done
                ls -d $S/test-killed.scope 2>/dev/null; ls -A /run/scoped | grep -v locks
            done
            exit 0""");

    @Test
    void aCreationThatIsKilledLeavesNoScope() {
        assertThat(KILLED.out()).isEmpty();
    }

    @BeforeAll
    static void boot() {
        assumeThat(Files.isExecutable(Path.of("/usr/lib/systemd/systemd"))).as("systemd is installed here, to be copied to the guest").isTrue();
        GUEST.run();
    }
}
