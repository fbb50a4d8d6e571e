package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The options that shape a container, each seen from inside it. */
class OptionsTest extends CommandSuite {
    /** Runs a shell line in a container with those options; what it prints. */
    private static String inside(String line, String... options) {
        Outcome outcome = outcome(line, options);
        assertThat(outcome.status()).as("%s: %s", Arrays.toString(options), outcome).isZero();
        return outcome.out();
    }

    private static Outcome outcome(String line, String... options) {
        var words = new java.util.ArrayList<String>(java.util.List.of("run", "--rm"));
        words.addAll(Arrays.asList(options));
        words.addAll(java.util.List.of("busybox", "sh", "-c", line));
        return carafe.call(words.toArray(String[]::new));
    }

    private static String status(String field, String... options) {
        return inside("sed -n 's/^" + field + ":[[:space:]]*//p' /proc/self/status", options).trim();
    }

    private Path shared() throws IOException {
        Path directory = Files.createTempDirectory(carafe.work(), "shared");
        Tools.write(directory.resolve("file"), "of the host\n");
        return directory;
    }

    @Test
    void mountsADirectoryOfTheHost() throws IOException {
        Path directory = shared();
        assertThat(inside("cat /data/file; echo new > /data/made", "-v", directory + ":/data")).isEqualTo("of the host\n");
        assertThat(directory.resolve("made")).hasContent("new\n");
        assertThat(inside("cat /data/file", "--mount", "type=bind,source=" + directory + ",target=/data,readonly")).isEqualTo("of the host\n");
    }

    @Test
    void keepsAReadOnlyMountReadOnly() throws IOException {
        Path directory = shared();
        Outcome outcome = outcome("touch /data/made", "-v", directory + ":/data:ro");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.error()).contains("Read-only file system");
        assertThat(directory.resolve("made")).doesNotExist();
    }

    @Test
    void makesTheSourceOfAVolumeButNotThatOfAMount() throws IOException {
        Path missing = shared().resolve("missing");
        assertThat(inside("ls /data", "-v", missing + ":/data")).isEmpty();
        assertThat(missing).isDirectory();
        Path other = missing.resolveSibling("other");
        Outcome outcome = outcome("true", "--mount", "type=bind,src=" + other + ",dst=/data");
        assertThat(outcome.status()).isEqualTo(125);
        assertThat(outcome.error()).contains(other.toString()).hasLineCount(1);
    }

    @Test
    void mountsMemory() {
        assertThat(inside("stat -f -c %T /scratch; df -k /scratch | tail -1 | awk '{print $2}'; stat -c %a /scratch", "--tmpfs", "/scratch:size=4m,mode=700"))
                .isEqualTo("tmpfs\n4096\n700\n");
        assertThat(inside("stat -f -c %T /scratch", "--mount", "type=tmpfs,destination=/scratch,tmpfs-size=1m")).isEqualTo("tmpfs\n");
    }

    @Test
    void makesTheRootReadOnly() {
        Outcome outcome = outcome("touch /made", "--read-only");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.error()).contains("Read-only file system");
        assertThat(inside("touch /tmp/made && echo yes", "--read-only", "--tmpfs", "/tmp")).isEqualTo("yes\n");
    }

    @Test
    void limitsMemory() {
        String id = carafe.detached("-m", "64m", "--memory-reservation", "32m", "busybox", "sleep", "1000");
        assertThat(limit("memory", "memory.limit_in_bytes", "memory.max", id)).isEqualTo("67108864");
        assertThat(carafe.inspect(id).getAsJsonObject("HostConfig").get("Memory").getAsLong()).isEqualTo(67108864);
    }

    @Test
    void tellsThatMemoryRanOut() {
        Outcome outcome = carafe.call("run", "--name", "glutton", "-m", "8m", "--memory-swap", "8m", "busybox", "sh", "-c", "x=$(yes | head -c 60000000); echo survived");
        assertThat(outcome.out()).doesNotContain("survived");
        assertThat(outcome.status()).isEqualTo(137);
        assertThat(carafe.state("glutton").get("OOMKilled").getAsBoolean()).isTrue();
    }

    /** What a control file says, in whichever hierarchy has it. */
    private static String limit(String controller, String v1, String v2, String id) {
        Path old = Path.of("/sys/fs/cgroup", controller, carafe.group(), id, v1);
        for (Path unified : new Path[] {Path.of("/sys/fs/cgroup", carafe.group(), id, v2), Path.of("/sys/fs/cgroup/unified", carafe.group(), id, v2)}) {
            if (Files.exists(unified)) {
                return Tools.read(unified).trim();
            }
        }
        return Tools.read(old).trim();
    }

    @Test
    void limitsProcessorTime() {
        String id = carafe.detached("--cpus", "0.5", "--cpu-shares", "512", "busybox", "sleep", "1000");
        assertThat(limit("cpu", "cpu.cfs_quota_us", "cpu.max", id)).startsWith("50000");
        assertThat(limit("cpu", "cpu.shares", "cpu.weight", id)).isIn("512", "20", "59");
        assertThat(inside("grep Cpus_allowed_list /proc/self/status", "--cpuset-cpus", "0")).endsWith("\t0\n");
    }

    @Test
    void limitsTheNumberOfProcesses() {
        String id = carafe.detached("--pids-limit", "20", "busybox", "sleep", "1000");
        assertThat(limit("pids", "pids.max", "pids.max", id)).isEqualTo("20");
        Outcome outcome = carafe.call("exec", id, "sh", "-c", "for i in $(seq 30); do sleep 1 & done; wait");
        assertThat(outcome.error()).contains("can't fork");
    }

    @Test
    void givesTheUsualCapabilities() {
        assertThat(status("CapEff")).isEqualTo("00000000a80425fb");
        assertThat(status("CapBnd")).isEqualTo("00000000a80425fb");
        assertThat(status("CapInh")).isEqualTo("0000000000000000");
        assertThat(status("CapAmb")).isEqualTo("0000000000000000");
        assertThat(status("NoNewPrivs")).isEqualTo("0");
        assertThat(status("Seccomp")).isEqualTo("2");
    }

    @Test
    void addsAndDropsCapabilities() {
        assertThat(status("CapEff", "--cap-add", "NET_ADMIN")).isEqualTo("00000000a80435fb");
        assertThat(status("CapEff", "--cap-drop", "ALL")).isEqualTo("0000000000000000");
        assertThat(status("CapBnd", "--cap-drop", "all", "--cap-add", "chown")).isEqualTo("0000000000000001");
        assertThat(outcome("true", "--cap-add", "NET_WIZARD").error()).contains("NET_WIZARD").hasLineCount(1);
    }

    @Test
    void obeysSecurityOptions() {
        assertThat(status("NoNewPrivs", "--security-opt", "no-new-privileges")).isEqualTo("1");
        assertThat(status("Seccomp", "--security-opt", "seccomp=unconfined")).isEqualTo("0");
        assertThat(inside("mount -t tmpfs none /mnt 2>&1 || echo refused")).contains("refused");
        assertThat(inside("unshare -U true 2>&1 || echo refused")).contains("refused");
        Path profile = Tools.write(carafe.work().resolve("profile.json"),
                "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\",\"mkdirat\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":95}]}");
        assertThat(inside("mkdir /x 2>&1 || true", "--security-opt", "seccomp=" + profile)).contains("not supported");
    }

    @Test
    void givesAPrivilegedContainerEverything() {
        String every = Tools.check("sh", "-c", "sed -n 's/^CapBnd:[[:space:]]*//p' /proc/self/status").trim();
        assertThat(status("CapEff", "--privileged")).isEqualTo(every);
        assertThat(inside("mount -t tmpfs none /mnt && echo mounted", "--privileged")).isEqualTo("mounted\n");
        assertThat(inside("test -e /dev/loop-control -o -e /dev/kmsg && echo devices", "--privileged")).isEqualTo("devices\n");
    }

    @Test
    void refusesDevicesThatWereNotGiven() {
        assertThat(inside("mknod /disk b 8 0 2>&1; head -c 1 /disk 2>&1 || echo refused")).contains("refused");
        assertThat(inside("mknod /null2 c 1 3 && echo x > /null2 && echo allowed")).isEqualTo("allowed\n");
        assertThat(inside("ls /dev | tr '\\n' ' '")).contains("full null ptmx random tty urandom zero".split(" "));
    }

    @Test
    void givesADevice() {
        assumeThat(java.nio.file.Path.of("/dev/fuse")).as("a device that containers do not have by themselves").exists();
        assertThat(inside("mknod /fuse c 10 229; (: < /fuse) || echo refused")).contains("refused");
        assertThat(inside("stat -c '%t:%T' /dev/fuse; : < /dev/fuse && : >> /dev/fuse && echo open", "--device", "/dev/fuse")).isEqualTo("a:e5\nopen\n");
        assertThat(inside(": < /dev/mine && echo open; (: >> /dev/mine) || echo refused", "--device", "/dev/fuse:/dev/mine:r")).isEqualTo("open\nrefused\n");
    }

    @Test
    void setsResourceLimits() {
        assertThat(inside("ulimit -n; ulimit -Hn", "--ulimit", "nofile=100:200")).isEqualTo("100\n200\n");
        Outcome wrong = outcome("true", "--ulimit", "nofile=300:200");
        assertThat(wrong.status()).isEqualTo(125);
        assertThat(wrong.error()).contains("nofile");
    }

    @Test
    void setsKernelParametersOfItsNamespaces() {
        assertThat(inside("cat /proc/sys/kernel/msgmax", "--sysctl", "kernel.msgmax=12345")).isEqualTo("12345\n");
        Outcome foreign = outcome("true", "--sysctl", "kernel.panic=3");
        assertThat(foreign.status()).isEqualTo(125);
        assertThat(foreign.error()).contains("kernel.panic");
    }

    @Test
    void choosesTheNetwork() {
        assertThat(inside("ls /sys/class/net", "--network", "none")).isEqualTo("lo\n");
        assertThat(inside("readlink /proc/self/ns/net", "--network", "host").trim()).isEqualTo(Tools.check("readlink", "/proc/self/ns/net").trim());
        String first = carafe.detached("busybox", "sleep", "1000");
        String namespace = carafe.check("exec", first, "readlink", "/proc/self/ns/net");
        assertThat(inside("readlink /proc/self/ns/net", "--network", "container:" + first)).isEqualTo(namespace);
        assertThat(outcome("true", "--network", "container:nobody").error()).contains("nobody").hasLineCount(1);
    }

    @Test
    void bringsUpTheLoopback() {
        assertThat(inside("ping -c 1 -W 1 127.0.0.1 > /dev/null && echo up")).isEqualTo("up\n");
    }

    @Test
    void sharesNamespacesAsAsked() {
        for (String kind : new String[] {"pid", "ipc", "uts"}) {
            String host = Tools.check("readlink", "/proc/self/ns/" + kind).trim();
            assertThat(inside("readlink /proc/self/ns/" + kind).trim()).isNotEqualTo(host);
            assertThat(inside("readlink /proc/self/ns/" + kind, "--" + kind, "host").trim()).isEqualTo(host);
        }
        String first = carafe.detached("busybox", "sleep", "1000");
        assertThat(inside("ps", "--pid", "container:" + first)).contains("sleep 1000");
        assertThat(inside("readlink /proc/self/ns/cgroup").trim()).isNotEqualTo(Tools.check("readlink", "/proc/self/ns/cgroup").trim());
        assertThat(inside("readlink /proc/self/ns/cgroup", "--cgroupns", "host").trim()).isEqualTo(Tools.check("readlink", "/proc/self/ns/cgroup").trim());
    }

    @Test
    void sharesMemoryAndSemaphoresWithWhoeverWasMadeForIt() {
        carafe.detached("--name", "donor", "--ipc", "shareable", "busybox", "sh", "-c", "echo mine > /dev/shm/file; exec sleep 1000");
        String namespace = carafe.check("exec", "donor", "readlink", "/proc/1/ns/ipc");
        assertThat(inside("cat /dev/shm/file; echo yours > /dev/shm/answer; readlink /proc/self/ns/ipc", "--ipc", "container:donor"))
                .isEqualTo("mine\n" + namespace);
        assertThat(carafe.check("exec", "donor", "cat", "/dev/shm/answer")).isEqualTo("yours\n");
        assertThat(inside("ls /dev/shm")).isEmpty();
        carafe.check("create", "--name", "later", "--ipc", "container:donor", "busybox", "cat", "/dev/shm/file");
        carafe.check("stop", "-t", "0", "donor");
        assertThat(carafe.call("start", "-a", "later").error()).contains("donor").contains("does not run").hasLineCount(1);
        carafe.check("start", "donor");
        Tools.await(() -> carafe.call("exec", "donor", "cat", "/dev/shm/file").status() == 0);
        assertThat(carafe.check("start", "-a", "later")).isEqualTo("mine\n");
    }

    @Test
    void sharesNothingOfAContainerThatWasNotMadeForIt() {
        String closed = carafe.detached("busybox", "sleep", "1000");
        Outcome outcome = outcome("true", "--ipc", "container:" + closed);
        assertThat(outcome.status()).isEqualTo(125);
        assertThat(outcome.error()).contains("can't join IPC of container " + closed + ": non-shareable IPC").hasLineCount(1);
        assertThat(inside("test -d /dev/shm || echo none", "--ipc", "none")).isEqualTo("none\n");
    }

    @Test
    void setsScoreAndSharedMemory() {
        assertThat(inside("cat /proc/self/oom_score_adj", "--oom-score-adj", "123")).isEqualTo("123\n");
        assertThat(inside("df -k /dev/shm | tail -1 | awk '{print $2}'", "--shm-size", "2m")).isEqualTo("2048\n");
        assertThat(inside("df -k /dev/shm | tail -1 | awk '{print $2}'")).isEqualTo("65536\n");
    }

    @Test
    void hidesWhatIsNotTheContainersBusiness() {
        assertThat(inside("cat /proc/kcore | head -c 10 | wc -c; ls /proc/scsi /sys/firmware 2>/dev/null | grep -c . ; touch /proc/sys/kernel/x 2>&1 || true"))
                .startsWith("0\n");
        assertThat(inside("echo 1 > /proc/sys/kernel/panic || echo refused")).contains("refused");
        assertThat(inside("grep -c ' /sys ' /proc/mounts; grep ' /sys ' /proc/mounts | grep -c ' ro,'")).isEqualTo("1\n1\n");
    }

    @Test
    void showsTheContainerOnlyItsOwnProcessesAndMounts() {
        assertThat(inside("ps -o pid | wc -l; grep -c carafe-test /proc/self/mountinfo || true").lines().findFirst()).isPresent();
        assertThat(inside("cat /proc/1/comm").trim()).isEqualTo("cat");
        assertThat(inside("awk '{print $5}' /proc/self/mountinfo | grep -v '^/\\(proc\\|dev\\|sys\\|etc\\|$\\)' | grep -v '^/$' || echo none")).isEqualTo("none\n");
    }

    @Test
    void labelsCanBeFound() {
        carafe.check("create", "--name", "labelled", "--label", "colour=red", "-l", "plain", "busybox");
        assertThat(carafe.inspect("labelled").getAsJsonObject("Config").getAsJsonObject("Labels").get("colour").getAsString()).isEqualTo("red");
        assertThat(carafe.check("ps", "-a", "--filter", "label=colour=red", "--format", "{{.Names}}")).isEqualTo("labelled\n");
        assertThat(carafe.check("ps", "-a", "--filter", "label=plain", "--format", "{{.Names}}")).isEqualTo("labelled\n");
        assertThat(carafe.check("ps", "-aq", "--filter", "label=colour=blue")).isEmpty();
    }
}
