package dev.carafe.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.oci.runtime.Capabilities;
import dev.carafe.oci.runtime.Device;
import dev.carafe.oci.runtime.DeviceRule;
import dev.carafe.oci.runtime.Mount;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Resources;
import dev.carafe.oci.runtime.Rlimit;
import dev.carafe.oci.runtime.Root;
import dev.carafe.oci.runtime.Seccomp;
import dev.carafe.oci.runtime.SeccompAction;
import dev.carafe.oci.runtime.SeccompRule;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.oci.runtime.TimeOffset;
import dev.carafe.oci.runtime.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** A container on the running kernel sees itself and nothing else, and has the rights that its bundle gives it. */
class IsolationTest extends ContainerTest {
    private static String field(String status, String name) {
        return Arrays.stream(status.split("\n")).filter(line -> line.startsWith(name + ":")).findFirst().orElseThrow()
                .substring(name.length() + 1).trim();
    }

    @Test
    void itsProgramIsProcessOneAndSeesNoOther() {
        assertThat(output("echo $$; for p in /proc/[0-9]*; do cat $p/comm; done")).startsWith("1\nsh\n").doesNotContain("java");
    }

    @Test
    void itHasItsOwnHostNameAndTheHostKeepsIts() throws IOException {
        String before = Files.readString(Path.of("/proc/sys/kernel/hostname"));
        assertThat(output(shell("hostname; cat /proc/sys/kernel/domainname").toBuilder().domainname("example.test").build()))
                .isEqualTo("inside\nexample.test\n");
        assertThat(Files.readString(Path.of("/proc/sys/kernel/hostname"))).isEqualTo(before);
    }

    @Test
    void itsMountsAreThoseOfTheBundleAndNoneOfTheHost() {
        List<String> points = Arrays.stream(output("cat /proc/self/mountinfo").split("\n")).map(line -> line.split(" ")[4]).toList();
        assertThat(points).startsWith("/", "/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys", "/sys/fs/cgroup");
        assertThat(points).contains("/proc/keys", "/proc/sys").doesNotContain(work.toString(), rootfs.toString(), "/run/netns");
        assertThat(points.subList(1, points.size())).allMatch(p -> p.startsWith("/proc") || p.startsWith("/dev") || p.startsWith("/sys"));
    }

    @Test
    void itsMountsHaveTheOptionsOfTheBundle() {
        String mounts = output("cat /proc/self/mountinfo");
        assertThat(mounts).containsPattern(" /proc rw,nosuid,nodev,noexec,relatime ").containsPattern(" /sys ro,nosuid,nodev,noexec,relatime ")
                .containsPattern(" /dev rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755").containsPattern(" /dev/pts rw,nosuid,noexec,relatime - devpts");
    }

    @Test
    void noMountOfItTravelsToTheHost() {
        assertThat(Arrays.stream(output("cat /proc/self/mountinfo").split("\n"))).noneMatch(line -> line.contains("shared:") || line.contains("master:"));
    }

    @Test
    void readonlyPathsCannotBeWritten() {
        assertThat(output("echo 1 2>/dev/null > /proc/sys/kernel/panic && echo written; echo h 2>/dev/null > /proc/sysrq-trigger && echo written;"
                + " mkdir /sys/fs/cgroup/x 2>/dev/null && echo written; echo done")).isEqualTo("done\n");
    }

    @Test
    void maskedPathsShowNothing() {
        assertThat(output("cat /proc/keys /proc/timer_list; ls /sys/firmware")).isEmpty();
    }

    @Test
    void aMaskedDirectoryCannotBeWritten() throws IOException {
        Files.createDirectories(rootfs.resolve("masked/below"));
        assertThat(output(TestBundle.linux(shell("ls /masked; touch /masked/x 2>/dev/null || echo refused"), l -> l.maskedPaths(List.of("/masked")))))
                .isEqualTo("refused\n");
        assertThat(rootfs.resolve("masked/below")).isDirectory();
    }

    @Test
    void itsCapabilitiesAreThoseOfTheBundle() {
        String status = output("cat /proc/self/status");
        assertThat(List.of(field(status, "CapInh"), field(status, "CapPrm"), field(status, "CapEff"), field(status, "CapBnd"), field(status, "CapAmb")))
                .containsExactly("0000000000000000", "00000000a80425fb", "00000000a80425fb", "00000000a80425fb", "0000000000000000");
    }

    @Test
    void withoutCapabilitiesEverySetIsEmpty() {
        String status = outputAs("cat /proc/self/status", p -> p.capabilities(TestBundle.capabilities(List.of())));
        assertThat(List.of(field(status, "CapPrm"), field(status, "CapEff"), field(status, "CapBnd"))).containsOnly("0000000000000000");
    }

    @Test
    void ambientCapabilitiesReachAnOrdinaryUser() {
        var net = List.of("CAP_NET_BIND_SERVICE");
        String status = outputAs("cat /proc/self/status", p -> p.user(User.of(1000, 1000))
                .capabilities(new Capabilities(net, net, net, net, net)));
        assertThat(List.of(field(status, "CapInh"), field(status, "CapPrm"), field(status, "CapEff"), field(status, "CapBnd"), field(status, "CapAmb")))
                .containsOnly("0000000000000400");
    }

    @Test
    void anOrdinaryUserHasNoEffectiveCapability() {
        String status = outputAs("cat /proc/self/status", p -> p.user(User.of(1000, 1000)));
        assertThat(field(status, "CapEff")).isEqualTo("0000000000000000");
        assertThat(field(status, "CapBnd")).isEqualTo("00000000a80425fb");
    }

    @Test
    void noNewPrivilegesIsAsTheBundleSays() {
        assertThat(field(output("cat /proc/self/status"), "NoNewPrivs")).isEqualTo("1");
        assertThat(field(outputAs("cat /proc/self/status", p -> p.noNewPrivileges(false)), "NoNewPrivs")).isEqualTo("0");
    }

    private Spec filtered(String script, boolean noNewPrivileges) {
        var refuseMkdir = new SeccompRule(List.of("mkdir", "mkdirat"), SeccompAction.SCMP_ACT_ERRNO, Optional.of(95), List.of());
        return TestBundle.process(TestBundle.linux(shell(script), l -> l.seccomp(Seccomp.builder(SeccompAction.SCMP_ACT_ALLOW)
                .syscalls(List.of(refuseMkdir)).build())), p -> p.noNewPrivileges(noNewPrivileges));
    }

    @Test
    void theSystemCallFilterIsInForceWithAndWithoutNewPrivileges() {
        for (boolean noNewPrivileges : new boolean[] {true, false}) {
            String out = output(filtered("mkdir /tmp/x 2>&1; grep -E '^(Seccomp|NoNewPrivs):' /proc/self/status", noNewPrivileges));
            assertThat(out).contains("not supported").contains("Seccomp:\t2").contains("NoNewPrivs:\t" + (noNewPrivileges ? 1 : 0));
        }
    }

    @Test
    void noSignalIsBlockedOrIgnored() {
        String status = output(bundle("/bin/cat", "/proc/self/status"));
        assertThat(List.of(field(status, "SigBlk"), field(status, "SigIgn"), field(status, "SigPnd"))).containsOnly("0000000000000000");
    }

    @Test
    void withoutAFilterThereIsNone() {
        assertThat(output("cat /proc/self/status")).contains("Seccomp:\t0");
    }

    @Test
    void onlyTheStandardStreamsAreOpen() {
        // ls holds the directory that it lists as 3.
        assertThat(output(bundle("/bin/ls", "/proc/self/fd"))).isEqualTo("0\n1\n2\n3\n");
        assertThat(output("readlink /proc/self/fd/0; cat")).isEqualTo("/dev/null\n");
    }

    @Test
    void itsEnvironmentAndDirectoryAreThoseOfTheBundle() {
        assertThat(outputAs("pwd; env | sort", p -> p.cwd("/tmp").env(List.of("PATH=/bin", "A=b c", "CARAFE_TEST=" + marker()))))
                .isEqualTo("/tmp\nA=b c\nCARAFE_TEST=" + marker() + "\nPATH=/bin\nPWD=/tmp\nSHLVL=1\n");
    }

    @Test
    void userGroupsAndUmaskAreThoseOfTheBundle() {
        assertThat(outputAs("id -u; id -g; cat /proc/self/status; umask", p -> p.user(new User(1000, 1001, Optional.of(0027), List.of(7L, 5000L)))))
                .startsWith("1000\n1001\n").contains("Groups:\t7 5000 \n").endsWith("0027\n");
        assertThat(field(output("cat /proc/self/status"), "Groups")).isEmpty();
        assertThat(output("umask")).isEqualTo("0022\n");
    }

    @Test
    void anOrdinaryUserMayOpenItsStreamsAgain() {
        assertThat(outputAs("echo again > /dev/stdout; echo again > /proc/self/fd/1", p -> p.user(User.of(1000, 1000)))).isEqualTo("again\nagain\n");
    }

    @Test
    void limitsAndTheMemoryScoreAreThoseOfTheBundle() {
        String out = outputAs("ulimit -n; ulimit -Hn; ulimit -c; cat /proc/self/oom_score_adj", p -> p.oomScoreAdj(123)
                .rlimits(List.of(new Rlimit(Rlimit.Type.RLIMIT_NOFILE, 77, 99), new Rlimit(Rlimit.Type.RLIMIT_CORE, 0, 0))));
        assertThat(out).isEqualTo("77\n99\n0\n123\n");
    }

    @Test
    void itHasASessionKeyringOfItsOwn() {
        // The keyring is named after the container; /proc/keys of the container's user shows those that it holds.
        assertThat(output(TestBundle.linux(shell("cat /proc/keys"), l -> l.maskedPaths(List.of())))).contains(id + ": empty");
    }

    @Test
    void itsDevicesAreTheDefaultOnesAndWork() {
        assertThat(output("ls /dev; head -c 2 /dev/zero | od -An -tx1; head -c 3 /dev/urandom | wc -c; echo x > /dev/null; (echo x > /dev/full) 2>&1; true"))
                .startsWith("fd\nfull\nmqueue\nnull\nptmx\npts\nrandom\nshm\nstderr\nstdin\nstdout\ntty\nurandom\nzero\n 00 00\n3\n").endsWith("No space left on device\n");
    }

    @Test
    void aDeviceOfTheBundleHasItsNumbersOwnerAndMode() {
        var device = Device.builder(Device.Type.CHARACTER, "/dev/deep/zero").major(1).minor(5).fileMode(0640).uid(12).gid(34).build();
        assertThat(output(TestBundle.linux(shell("stat -c '%F %t %T %a %u %g' /dev/deep/zero"), l -> l.devices(List.of(device)))))
                .isEqualTo("character special file 1 5 640 12 34\n");
    }

    @Test
    void aDeviceOfTheBundleMayReplaceADefaultOne() {
        var device = Device.builder(Device.Type.CHARACTER, "/dev/null").major(1).minor(3).fileMode(0600).build();
        assertThat(output(TestBundle.linux(shell("stat -c '%t %T %a' /dev/null"), l -> l.devices(List.of(device))))).isEqualTo("1 3 600\n");
    }

    @Test
    void aDeviceThatNoRuleAllowsCannotBeOpened() {
        assertThat(output("mknod /tmp/disk b 254 0 && (cat /tmp/disk 2>&1 | head -c 200); rm -f /tmp/disk")).contains("Operation not permitted");
        assertThat(output("mknod /tmp/kmsg c 1 11 && (cat /tmp/kmsg 2>&1 | head -c 200); rm -f /tmp/kmsg")).contains("Operation not permitted");
    }

    @Test
    void aDeviceThatARuleAllowsCanBeOpened() {
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/fuse")), "needs /dev/fuse");
        var rules = List.of(TestBundle.NO_DEVICE, new DeviceRule(true, Optional.of(DeviceRule.Type.CHARACTER), Optional.of(10L), Optional.of(229L), Optional.of("r")));
        Spec spec = TestBundle.linux(shell("mknod /tmp/fuse c 10 229; (: < /tmp/fuse) && echo opened; (: > /tmp/fuse) 2>&1; rm /tmp/fuse"),
                l -> l.resources(Resources.builder().devices(rules).build()));
        assertThat(output(spec)).startsWith("opened\n").contains("Operation not permitted");
    }

    @Test
    void aReadonlyRootCannotBeWrittenButWhatIsMountedInItCan() {
        assertThat(output(shell("touch /x 2>/dev/null || echo refused; touch /dev/shm/x && echo written").toBuilder().root(new Root("rootfs", true)).build()))
                .isEqualTo("refused\nwritten\n");
    }

    @Test
    void sysctlsOfItsNamespacesAreSet() {
        assertThat(output(TestBundle.linux(shell("cat /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/kernel/msgmax"),
                l -> l.sysctl(Map.of("net.ipv4.ip_unprivileged_port_start", "81", "kernel.msgmax", "4242"))))).isEqualTo("81\n4242\n");
    }

    @Test
    void itsNetworkHasOnlyALoopback() {
        assertThat(output("ls /sys/class/net")).isEqualTo("lo\n");
    }

    @Test
    void itSharesANamespaceThatItDoesNotList() throws IOException {
        String net = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
        String out = output(TestBundle.linux(shell("readlink /proc/self/ns/net; readlink /proc/self/ns/ipc"), l -> l.namespaces(List.of(
                Namespace.of(Namespace.Type.PID), Namespace.of(Namespace.Type.MOUNT), Namespace.of(Namespace.Type.UTS), Namespace.of(Namespace.Type.IPC)))));
        assertThat(out.split("\n")[0]).isEqualTo(net);
        assertThat(out.split("\n")[1]).isNotEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/ipc")).toString());
    }

    @Test
    void itJoinsTheNamespacesOfAnother() throws IOException {
        try (Running other = start(bundle("/bin/sleep", "1000"))) {
            String base = "/proc/" + other.init() + "/ns/";
            String expected = "";
            for (String kind : new String[] {"net", "ipc", "uts", "pid"}) {
                expected += Files.readSymbolicLink(Path.of(base + kind)) + "\n";
            }
            nameContainer();
            assertThat(output(TestBundle.linux(shell("for k in net ipc uts pid; do readlink /proc/self/ns/$k; done").toBuilder().hostname(Optional.empty()).build(),
                    l -> l.namespaces(List.of(Namespace.of(Namespace.Type.MOUNT), Namespace.join(Namespace.Type.NETWORK, base + "net"),
                            Namespace.join(Namespace.Type.IPC, base + "ipc"), Namespace.join(Namespace.Type.UTS, base + "uts"),
                            Namespace.join(Namespace.Type.PID, base + "pid")))))).isEqualTo(expected);
        }
    }

    @Test
    void itsClocksMayBeOffset() {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/ns/time")), "needs time namespaces (Linux 5.6)");
        Spec spec = TestBundle.linux(shell("cat /proc/uptime; readlink /proc/self/ns/time"), l -> {
            var namespaces = new ArrayList<>(bundle().linux().orElseThrow().namespaces());
            namespaces.add(Namespace.of(Namespace.Type.TIME));
            return l.namespaces(namespaces).timeOffsets(Map.of("boottime", new TimeOffset(Optional.of(86_400_000L), Optional.empty())));
        });
        assertThat(Double.parseDouble(output(spec).split(" ")[0])).isGreaterThan(86_400_000.0);
    }

    @Test
    void bindsShowTheHostsFilesWithTheirOptions() throws IOException {
        Path data = Files.createDirectories(work.resolve(id + "-data"));
        Files.writeString(data.resolve("file"), "from the host\n");
        Spec spec = TestBundle.with(shell("cat /data/file /etc/motd; touch /data/x 2>/dev/null || echo refused; grep ' /data ' /proc/self/mountinfo"),
                Mount.of("/data", "bind", data.toString(), "rbind", "ro", "nosuid", "noatime"),
                Mount.of("/etc/motd", "bind", data.resolve("file").toString(), "bind"));
        assertThat(output(spec)).startsWith("from the host\nfrom the host\nrefused\n").containsPattern(" /data ro,nosuid,noatime ");
    }

    @Test
    void recursiveOptionsReachTheMountsBelow() {
        for (String option : new String[] {"rro", "rnoatime", "rstrictatime", "rnodiratime", "ratime", "rnostrictatime", "rrelatime", "rnorelatime", "rnoexec"}) {
            Spec spec = TestBundle.with(shell("grep ' /host' /proc/self/mountinfo | head -1"), Mount.of("/host", "bind", "/sys", "rbind", option));
            String line = output(spec);
            switch (option) {
                case "rro" -> assertThat(line).contains(" /host ro,");
                case "rnoatime" -> assertThat(line).contains(",noatime ");
                case "rstrictatime", "rnorelatime" -> assertThat(line).doesNotContain("atime");
                case "rnodiratime" -> assertThat(line).contains("nodiratime");
                case "rnoexec" -> assertThat(line).contains("noexec");
                default -> assertThat(line).contains("relatime");
            }
        }
    }

    @Test
    void oneSourceMayBeBoundTwiceAlsoWhenOneStaysConnected() throws IOException {
        Path data = Files.createDirectories(work.resolve(id + "-data"));
        Files.writeString(data.resolve("file"), "x");
        Spec spec = TestBundle.with(shell("cat /a/file /b/file /c/file"), Mount.of("/a", "bind", data.toString(), "rbind", "rslave"),
                Mount.of("/b", "bind", data.toString(), "rbind"), Mount.of("/c", "bind", data.toString(), "rbind", "rslave"));
        assertThat(output(spec)).isEqualTo("xxx");
    }

    @Test
    void manyMountsAtDeepPlacesFitIntoOnePlan() throws IOException {
        Path data = Files.createDirectories(work.resolve(id + "-data"));
        var mounts = new Mount[60];
        for (int k = 0; k < mounts.length; k++) {
            mounts[k] = Mount.of("/tmp/var/run/secrets/kubernetes.io/volume" + k, "bind", data.toString(), "rbind", "ro");
        }
        assertThat(output(TestBundle.with(shell("grep -c volume /proc/self/mountinfo"), mounts))).isEqualTo("60\n");
    }

    @Test
    void itsGroupsShowItselfOnly() {
        String out = output("for d in /sys/fs/cgroup/*/; do cat $d/cgroup.procs | head -1; done; cat /proc/self/cgroup");
        assertThat(Arrays.stream(out.split("\n")).filter(l -> l.contains(":"))).isNotEmpty().allMatch(l -> l.endsWith(":/"));
        assertThat(Arrays.stream(out.split("\n")).filter(l -> !l.contains(":"))).isNotEmpty().containsOnly("1");
    }
}
