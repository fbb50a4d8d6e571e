package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The runtime beneath a containerd of the test's own: its client {@code ctr}, and the interface that Kubernetes speaks; skipped where it is not installed. */
@Timeout(400)
class RuntimeBelowContainerdTest extends CommandSuite {
    private static final String IMAGE = "localhost/box:1";
    private PeerHost host;

    @BeforeEach
    void startDaemon() {
        assumeThat(Tools.has("containerd") && Tools.has("ctr") && Tools.has("containerd-shim-runc-v2") && Tools.has("nsenter")).as("containerd is installed").isTrue();
        host = new PeerHost(carafe);
        String place = host.place().toString();
        String configuration = host.file("containerd.toml", """
                version = 2
                root = "PLACE/root"
                state = "PLACE/state"
                [grpc]
                  address = "PLACE/sock"
                [ttrpc]
                  address = "PLACE/ttrpc"
                [plugins."io.containerd.grpc.v1.cri"]
                  restrict_oom_score_adj = true
                  disable_apparmor = true
                  sandbox_image = "IMAGE"
                  disable_tcp_service = true
                  [plugins."io.containerd.grpc.v1.cri".containerd]
                    default_runtime_name = "carafe"
                    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.carafe]
                      runtime_type = "io.containerd.runc.v2"
                      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.carafe.options]
                        BinaryName = "RUNTIME"
                  [plugins."io.containerd.grpc.v1.cri".cni]
                    conf_dir = "PLACE/cni"
                """.replace("PLACE", place).replace("IMAGE", IMAGE).replace("RUNTIME", host.runtime().toString())).toString();
        host.daemon("containerd", "containerd", "--config", configuration);
        boolean up = Tools.await(() -> ctr("version").status() == 0) || Tools.await(() -> ctr("version").status() == 0);
        assumeThat(up).as("containerd works here: " + host.log("containerd")).isTrue();
        host.mark();
        for (String namespace : List.of("default", "k8s.io")) {
            check("-n", namespace, "images", "import", host.image(IMAGE, "sleep", "1000").toString());
        }
    }

    @AfterEach
    void stopDaemon() {
        if (host != null) {
            host.close();
        }
    }

    private Outcome ctr(String... words) {
        var all = new ArrayList<String>(List.of("ctr", "--address", host.place() + "/sock"));
        all.addAll(Arrays.asList(words));
        return host.call(all.toArray(String[]::new));
    }

    private String check(String... words) {
        Outcome outcome = ctr(words);
        assertThat(outcome.status()).as("%s: %s\n%s", List.of(words), outcome, host.log("containerd")).isZero();
        return outcome.out().strip();
    }

    /** What runs a container of that name in a group of the test's. */
    private String[] run(String name, String option, String... words) {
        var all = new ArrayList<String>(List.of("run", option, "--runc-binary", host.runtime().toString(), "--cgroup", host.group() + "/" + name));
        all.addAll(Arrays.asList(words));
        return all.toArray(String[]::new);
    }

    @Test
    void ctrRunsEntersPausesAndEndsContainers() {
        Outcome seven = ctr(run("one", "--rm", IMAGE, "one", "sh", "-c", "echo out; exit 7"));
        assertThat(seven.out()).as(seven.toString()).isEqualTo("out\n");
        assertThat(seven.status()).isEqualTo(7);
        assertThat(ctr(run("two", "--rm", IMAGE, "two", "nonexistent")).error()).contains("executable file not found in $PATH");
        check(run("web", "-d", "--memory-limit", "67108864", IMAGE, "web", "sh", "-c", "trap 'exit 9' TERM; while :; do sleep 0.1; done"));
        assertThat(check("tasks", "list")).containsPattern("web +[0-9]+ +RUNNING");
        assertThat(ctr("tasks", "exec", "--exec-id", "e1", "web", "sh", "-c", "exit 3").status()).isEqualTo(3);
        assertThat(check("tasks", "exec", "--exec-id", "e2", "web", "cat", "/proc/1/comm")).isEqualTo("sh");
        check("tasks", "pause", "web");
        assertThat(check("tasks", "list")).containsPattern("web +[0-9]+ +PAUSED");
        check("tasks", "resume", "web");
        assertThat(check("tasks", "ps", "web")).contains("PID");
        assertThat(check("tasks", "metrics", "web")).contains("memory");
        check("tasks", "kill", "-s", "SIGTERM", "web");
        assertThat(Tools.await(() -> check("tasks", "list").contains("STOPPED"))).as("it ended").isTrue();
        assertThat(ctr("tasks", "delete", "web").error()).contains("9");
        check("containers", "delete", "web");
        host.assertNothingLeft();
    }

    @Test
    void aPodOfKubernetesHoldsContainers() {
        assumeThat(Tools.has("curl")).as("curl is installed").isTrue();
        var cri = new CriClient(host, host.place().resolve("sock"));
        var onNode = new CriClient.Message().with(1, new CriClient.Message().with(1, 2));
        var pod = new CriClient.Message().with(1, new CriClient.Message().with(1, "pod").with(2, "uid1").with(3, "test"))
                .with(3, host.place() + "/logs").with(8, new CriClient.Message().with(1, host.group()).with(2, onNode));
        String sandbox = cri.call("RunPodSandbox", new CriClient.Message().with(1, pod)).text(1);
        var limits = new CriClient.Message().with(1, new CriClient.Message().with(4, 67_108_864));
        var container = new CriClient.Message().with(1, new CriClient.Message().with(1, "web")).with(2, new CriClient.Message().with(1, IMAGE))
                .with(3, "sh").with(3, "-c").with(3, "trap 'exit 9' TERM; echo started; while :; do sleep 0.1; done").with(11, "web.log").with(15, limits);
        String id = cri.call("CreateContainer", new CriClient.Message().with(1, sandbox).with(2, container).with(3, pod)).text(1);
        var named = new CriClient.Message().with(1, id);
        assertThat(cri.call("ContainerStatus", named).message(1).number(3)).as("it is created").isZero();
        cri.call("StartContainer", named);
        assertThat(cri.call("ContainerStatus", named).message(1).number(3)).as("it runs").isEqualTo(1);

        CriClient.Message executed = cri.call("ExecSync", new CriClient.Message().with(1, id).with(2, "sh").with(2, "-c").with(2, "readlink /proc/self/ns/ipc; exit 3").with(3, 30));
        assertThat(executed.number(3)).isEqualTo(3);
        assertThat(executed.text(1)).startsWith("ipc:");
        assertThat(Tools.await(() -> Tools.read(host.place().resolve("logs/web.log")).contains("stdout F started"))).as("its output is logged").isTrue();

        cri.call("StopContainer", new CriClient.Message().with(1, id).with(2, 20));
        CriClient.Message status = cri.call("ContainerStatus", named).message(1);
        assertThat(status.number(3)).as("it has ended").isEqualTo(2);
        assertThat(status.number(7)).isEqualTo(9);
        cri.call("RemoveContainer", named);
        cri.call("StopPodSandbox", new CriClient.Message().with(1, sandbox));
        cri.call("RemovePodSandbox", new CriClient.Message().with(1, sandbox));
        host.assertNothingLeft();
    }
}
