package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Containers on a kernel with cgroup version 2 alone and with AppArmor, neither of which the machine of the tests need have. */
@Timeout(420)
class GuestTest {
    private static final Guest GUEST = new Guest();

    private static final Guest.Part MEMORY = GUEST.part("""
            $C run --network none --name big -m 24m busybox sh -c 'cat /sys/fs/cgroup/memory.max; x=x; while :; do x=$x$x; done'
            echo $?
            $C inspect -f '{{.State.OOMKilled}}' big
            $C rm big >/dev/null""");

    @Test
    void aContainerThatOutgrowsItsMemoryIsKilledAndThatIsTold() {
        assertThat(MEMORY.out()).isEqualTo("25165824\n137\ntrue\n");
    }

    private static final Guest.Part CPU = GUEST.part("""
            $C run --network none --rm --cpus 0.2 busybox sh -c 'cat /sys/fs/cgroup/cpu.max; i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done; grep -c "nr_throttled [1-9]" /sys/fs/cgroup/cpu.stat'
            $C run --network none --rm --cpu-shares 512 busybox cat /sys/fs/cgroup/cpu.weight""");

    @Test
    void aContainerThatUsesUpItsShareOfTheProcessorIsThrottled() {
        assertThat(CPU.out()).isEqualTo("20000 100000\n1\n20\n");
    }

    private static final Guest.Part PIDS = GUEST.part("""
            $C run --network none --rm --pids-limit 4 busybox sh -c 'for i in 1 2 3 4 5 6; do sleep 100 & done; echo all'
            echo $?""");

    @Test
    void aProcessBeyondTheLimitIsRefused() {
        assertThat(PIDS.outcome().error()).contains("can't fork");
        assertThat(PIDS.out()).isEqualTo("2\n");
    }

    private static final Guest.Part CPUSET = GUEST.part("""
            $C run --network none --rm --cpuset-cpus 1 --cpuset-mems 0 busybox sh -c 'grep Cpus_allowed_list /proc/self/status; cat /sys/fs/cgroup/cpuset.mems'""");

    @Test
    void itRunsOnItsProcessorsOnly() {
        assertThat(CPUSET.out()).isEqualTo("Cpus_allowed_list:\t1\n0\n");
    }

    /** 24 blocks of 64 KiB at 1 MiB a second cannot take less than a second: the clock is of the guest, in which time passes as it does for the disk. */
    private static final Guest.Part DISK = GUEST.part("""
            $C run --network none --rm --device-write-bps /dev/nvme0n1:1mb -v /root:/data busybox sh -c 'cat /sys/fs/cgroup/io.max
              read before rest </proc/uptime; dd if=/dev/zero of=/data/written bs=65536 count=24 oflag=direct 2>/dev/null; read after rest </proc/uptime
              [ $((${after%.*} - ${before%.*})) -ge 1 ] && echo slowly'
            rm /root/written""");

    @Test
    void writingToADiskIsSlowedDown() {
        assertThat(DISK.out()).matches("\\d+:\\d+ rbps=max wbps=1048576 riops=max wiops=max\nslowly\n");
    }

    private static final Guest.Part DEVICES = GUEST.part("""
            $C run --network none --rm busybox sh -c 'mknod /tmp/disk b $(tr : " " </sys/block/nvme0n1/dev) && head -c 1 /tmp/disk; echo x >/dev/null && echo null'
            $C run --network none --rm --device /dev/nvme0n1:/dev/disk:r busybox sh -c 'head -c 1 /dev/disk | wc -c; echo x >/dev/disk'
            $C run --network none --rm --device-cgroup-rule 'b 259:* rm' busybox sh -c 'mknod /tmp/disk b $(tr : " " </sys/block/nvme0n1/dev) && exec 3</tmp/disk && echo read; exec 4>/tmp/disk'
            exit 0""");

    @Test
    void aProgramInTheKernelDecidesWhichDevicesItMayOpen() {
        assertThat(DEVICES.out()).isEqualTo("null\n1\nread\n");
        assertThat(DEVICES.outcome().error().lines()).hasSize(3).allMatch(line -> line.endsWith("Operation not permitted"));
    }

    private static final Guest.Part NAMESPACE = GUEST.part("""
            $C run --network none --rm --cgroup-parent /above busybox sh -c 'cat /proc/self/cgroup; grep cgroup2 /proc/self/mountinfo | cut -d" " -f4,5; mkdir /sys/fs/cgroup/x'
            $C run --network none --rm --cgroup-parent /above --cgroupns host busybox sed 's,/[0-9a-f]\\{64\\},/ID,' /proc/self/cgroup
            ls /sys/fs/cgroup/above 2>/dev/null | grep -c '[0-9a-f]\\{64\\}'
            exit 0""");

    @Test
    void itsGroupIsTheTopOfItsTreeAndVanishesWithIt() {
        assertThat(NAMESPACE.out()).isEqualTo("0::/\n/ /sys/fs/cgroup\n0::/above/ID\n0\n");
        assertThat(NAMESPACE.outcome().error()).contains("Read-only file system");
    }

    private static final Guest.Part APPARMOR = GUEST.part("""
            cat >/root/profile <<E
            profile carafe-test flags=(attach_disconnected,mediate_deleted) {
              file,
              capability,
              signal,
              deny /tmp/denied* wl,
            }
            E
            apparmor_parser -Kr /root/profile
            $C run --network none --rm --security-opt apparmor=carafe-test busybox sh -c 'cat /proc/self/attr/current; echo x >/tmp/allowed && echo allowed; echo x >/tmp/denied'
            $C run --network none --rm --security-opt apparmor=unconfined busybox sh -c 'cat /proc/self/attr/current; echo x >/tmp/denied && echo allowed'
            $C run --network none -d --name confined --security-opt apparmor=carafe-test busybox sleep 100 >/dev/null
            $C exec confined sh -c 'cat /proc/self/attr/current; echo x >/tmp/denied-too'
            $C rm -f confined >/dev/null
            $C run --network none --rm --security-opt apparmor=no-such-profile busybox true
            echo $?""");

    @Test
    void anAppArmorProfileConfinesItAndWhatIsExecutedInIt() {
        assertThat(APPARMOR.out()).isEqualTo("carafe-test (enforce)\nallowed\nunconfined\nallowed\ncarafe-test (enforce)\n125\n");
        assertThat(APPARMOR.outcome().error()).contains("can't create /tmp/denied: Permission denied", "can't create /tmp/denied-too: Permission denied", "no-such-profile");
    }

    private static final Guest.Part KILL = GUEST.part("""
            sleepers() { cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n' | grep -c '^4321$'; }
            $C run --network none -d --name shared --pid host busybox sh -c 'sleep 4321 & setsid sleep 4321 & exec sleep 1000' >/dev/null
            until [ $(sleepers) -ge 2 ]; do sleep 0.1; done
            $C rm -f shared
            sleepers
            find /sys/fs/cgroup -type d | grep -c '[0-9a-f]\\{64\\}'
            exit 0""");

    @Test
    void noProcessOfAGroupOutlivesAContainerThatSharesTheHostsProcesses() {
        assertThat(KILL.out()).isEqualTo("shared\n0\n0\n");
    }

    @BeforeAll
    static void boot() {
        GUEST.run();
    }
}
