package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Docker's own client against {@code carafe serve}. */
class DockerClientTest extends DockerSuite {
    private static String sleeper(String name) {
        return docker.check("run", "-d", "--name", name, "busybox", "sh", "-c", "trap 'exit 0' TERM; echo out; echo err >&2; while :; do sleep 0.1; done").trim();
    }

    @Test
    void runsWithStreamsApartAndTheExitCode() {
        Outcome outcome = docker.call("run", "--rm", "busybox", "sh", "-c", "echo out; echo err >&2; exit 3");
        assertThat(outcome.out()).isEqualTo("out\n");
        assertThat(outcome.error()).isEqualTo("err\n");
        assertThat(outcome.status()).isEqualTo(3);
    }

    @Test
    void handsInputOnToItsEnd() throws Exception {
        try (Running cat = docker.begin("run", "-i", "--rm", "busybox", "sh", "-c", "cat; echo done")) {
            cat.type("one\n");
            cat.awaitOutput("one\n");
            cat.type("two\n");
            cat.in().close();
            assertThat(cat.await()).extracting(Outcome::out, Outcome::status).containsExactly("one\ntwo\ndone\n", 0);
        }
    }

    @Test
    void carriesMuchOutput() {
        assertThat(docker.check("run", "--rm", "busybox", "seq", "1", "300000").lines().count()).isEqualTo(300000);
    }

    @Test
    void saysWhyAProgramDoesNotStart() {
        Outcome missing = docker.call("run", "--rm", "busybox", "nosuch");
        assertThat(missing.error()).contains("\"nosuch\": executable file not found in $PATH");
        assertThat(missing.status()).isEqualTo(127);
        assertThat(docker.call("run", "--rm", "busybox", "/etc/passwd").status()).isEqualTo(126);
        assertThat(docker.check("ps", "-aq")).isEmpty();
    }

    @Test
    void executesFurtherProcesses() throws Exception {
        sleeper("host");
        assertThat(docker.check("exec", "-e", "A=b", "-w", "/tmp", "host", "sh", "-c", "echo $A $PWD")).isEqualTo("b /tmp\n");
        assertThat(docker.call("exec", "host", "sh", "-c", "exit 7").status()).isEqualTo(7);
        assertThat(docker.call("exec", "host", "nosuch").status()).isEqualTo(127);
        try (Running cat = docker.begin("exec", "-i", "host", "cat")) {
            cat.type("typed\n");
            cat.awaitOutput("typed\n");
            cat.in().close();
            assertThat(cat.await().status()).isZero();
        }
        docker.check("exec", "-d", "host", "touch", "/tmp/detached");
        assertThat(Tools.await(() -> docker.call("exec", "host", "test", "-e", "/tmp/detached").status() == 0)).isTrue();
    }

    @Test
    void listsAndInspects() {
        String id = docker.check("run", "-d", "--name", "listed", "--label", "colour=blue", "busybox", "sleep", "100").trim();
        assertThat(docker.check("ps", "--no-trunc", "--format", "{{.ID}} {{.Names}} {{.Image}} {{.State}} {{.Command}}")).isEqualTo(id + " listed busybox running \"sleep 100\"\n");
        assertThat(docker.check("ps", "-q", "--filter", "label=colour=blue")).isEqualTo(id.substring(0, 12) + "\n");
        assertThat(docker.check("ps", "-q", "--filter", "label=colour=red")).isEmpty();
        assertThat(docker.check("ps", "-q", "--filter", "name=^liste")).isNotEmpty();
        assertThat(docker.check("inspect", "listed", "--format", "{{.Name}} {{.State.Running}} {{.Config.Labels.colour}}")).isEqualTo("/listed true blue\n");
        assertThat(docker.check("top", "listed")).contains("sleep 100");
        assertThat(docker.check("stats", "--no-stream", "--format", "{{.Name}} {{.PIDs}}", "listed")).isEqualTo("listed 1\n");
    }

    @Test
    void goesThroughTheWholeLife() {
        String id = docker.check("create", "--name", "first", "busybox", "sh", "-c", "trap 'exit 5' TERM; while :; do sleep 0.1; done").trim();
        docker.check("start", "first");
        docker.check("pause", "first");
        assertThat(docker.check("ps", "--format", "{{.Status}}")).endsWith("(Paused)\n");
        docker.check("unpause", "first");
        docker.check("rename", "first", "second");
        docker.check("update", "--memory", "64m", "--memory-swap", "128m", "second");
        assertThat(docker.check("inspect", "second", "--format", "{{.HostConfig.Memory}}")).isEqualTo("67108864\n");
        docker.check("restart", "-t", "5", "second");
        docker.check("stop", "-t", "5", "second");
        assertThat(docker.check("wait", "second")).isEqualTo("5\n");
        docker.check("start", "second");
        docker.check("kill", "second");
        assertThat(docker.check("inspect", "second", "--format", "{{.State.ExitCode}}")).isEqualTo("137\n");
        assertThat(docker.check("rm", id)).isEqualTo(id + "\n");
        Outcome gone = docker.call("rm", "second");
        assertThat(gone.error()).contains("No such container: second");
    }

    @Test
    void waitsForTheNextEndOfOneThatEndedBefore() {
        docker.check("create", "--name", "again", "busybox", "sh", "-c", "[ -e /tmp/x ] && exit 9; touch /tmp/x; exit 4");
        assertThat(docker.call("start", "-a", "again").status()).isEqualTo(4);
        assertThat(docker.call("start", "-a", "again").status()).isEqualTo(9);
    }

    @Test
    void refusesWhatRunsToBeRemoved() {
        sleeper("busy");
        assertThat(docker.call("rm", "busy").error()).contains("container is running: stop the container before removing or force remove");
        assertThat(docker.call("run", "--name", "busy", "busybox").error()).contains("Conflict. The container name \"/busy\" is already in use by container");
        docker.check("rm", "-f", "busy");
    }

    @Test
    void printsAndFollowsLogs() {
        docker.check("run", "-d", "--name", "talker", "busybox", "sh", "-c", "for i in 1 2 3; do echo $i; sleep 0.2; done; echo err >&2");
        Outcome followed = docker.call("logs", "-f", "talker");
        assertThat(followed.out()).isEqualTo("1\n2\n3\n");
        assertThat(followed.error()).isEqualTo("err\n");
        assertThat(docker.call("logs", "--tail", "2", "talker").out()).isEqualTo("3\n");
        assertThat(docker.check("logs", "-t", "talker").lines().toList()).allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z \\d"));
    }

    @Test
    void attachesAndLetsGo() {
        sleeper("shown");
        try (Running attached = docker.begin("attach", "--no-stdin", "shown")) {
            Tools.await(() -> docker.request("GET", "/events?since=1&until=" + (1 + System.currentTimeMillis() / 1000) + "&filters=%7B%22event%22:%5B%22attach%22%5D%7D", "")
                    .contains("attach"));
            docker.check("kill", "-s", "TERM", "shown");
            assertThat(attached.await().status()).isZero();
        }
    }

    @Test
    void copiesBothWays() {
        sleeper("files");
        Path file = Tools.write(docker.carafe().work().resolve("given"), "content\n");
        docker.check("cp", file.toString(), "files:/tmp/taken");
        assertThat(docker.check("exec", "files", "cat", "/tmp/taken")).isEqualTo("content\n");
        docker.check("cp", "files:/tmp", docker.carafe().work().resolve("back").toString());
        assertThat(docker.carafe().work().resolve("back/taken")).hasContent("content\n");
        assertThat(docker.call("cp", "files:/nowhere", ".").error()).contains("No such container:path: files:/nowhere");
        assertThat(docker.check("diff", "files")).contains("A /tmp/taken");
    }

    @Test
    void keepsImages() throws Exception {
        docker.check("run", "--name", "base", "busybox", "sh", "-c", "echo made > /made");
        docker.check("commit", "-m", "why", "base", "made:one");
        assertThat(docker.check("history", "--format", "{{.Comment}}", "made:one")).startsWith("why\n");
        docker.check("tag", "made:one", "made:two");
        assertThat(docker.check("images", "--format", "{{.Repository}}:{{.Tag}}").lines()).contains("made:one", "made:two");
        Path archive = docker.carafe().work().resolve("made.tar");
        docker.check("save", "-o", archive.toString(), "made:one");
        assertThat(docker.check("rmi", "made:one", "made:two")).contains("Untagged: made:one", "Deleted: sha256:");
        assertThat(docker.check("load", "-i", archive.toString())).isEqualTo("Loaded image: made:one\n");
        assertThat(docker.check("run", "--rm", "made:one", "cat", "/made")).isEqualTo("made\n");
        Path root = docker.carafe().work().resolve("root.tar");
        docker.check("export", "-o", root.toString(), "base");
        assertThat(docker.check("import", "-c", "CMD cat /made", root.toString(), "imported")).startsWith("sha256:");
        assertThat(docker.check("run", "--rm", "imported")).isEqualTo("made\n");
        docker.check("rm", "base");
        docker.check("rmi", "made:one", "imported");
        Files.delete(archive);
        Files.delete(root);
        assertThat(docker.call("run", "--rm", "nosuch/image").error()).contains("Unable to find image 'nosuch/image:latest' locally");
    }

    @Test
    void keepsVolumes() {
        docker.check("volume", "create", "--label", "a=b", "kept");
        docker.check("run", "--rm", "-v", "kept:/data", "busybox", "sh", "-c", "echo kept > /data/file");
        assertThat(docker.check("run", "--rm", "--mount", "type=volume,src=kept,dst=/data,readonly", "busybox", "cat", "/data/file")).isEqualTo("kept\n");
        assertThat(docker.check("volume", "ls", "-q", "--filter", "label=a=b")).isEqualTo("kept\n");
        docker.check("create", "--name", "user", "-v", "kept:/data", "busybox");
        assertThat(docker.call("volume", "rm", "kept").error()).contains("volume is in use");
        docker.check("rm", "user");
        docker.check("volume", "rm", "kept");
        assertThat(docker.call("volume", "inspect", "kept").error()).contains("No such volume: kept");
    }

    @Test
    void connectsWithNetworks() {
        docker.check("network", "create", "--subnet", "172.31.7.0/24", "blue");
        docker.check("run", "-d", "--name", "web", "--network", "blue", "--network-alias", "shop", "-p", "18080:80", "busybox", "sh", "-c",
                "mkdir -p /w; echo served > /w/index.html; exec httpd -f -p 80 -h /w");
        assertThat(docker.check("run", "--rm", "--network", "blue", "busybox", "ping", "-c", "1", "-W", "5", "shop")).contains("1 packets received");
        assertThat(docker.check("port", "web")).isEqualTo("80/tcp -> 0.0.0.0:18080\n");
        assertThat(docker.check("network", "inspect", "blue", "--format", "{{range .Containers}}{{.Name}}{{end}}")).isEqualTo("web\n");
        assertThat(docker.call("network", "rm", "blue").error()).contains("has active endpoints");
        docker.check("network", "disconnect", "blue", "web");
        docker.check("network", "connect", "--ip", "172.31.7.9", "blue", "web");
        assertThat(docker.check("inspect", "web", "--format", "{{.NetworkSettings.Networks.blue.IPAddress}}")).isEqualTo("172.31.7.9\n");
        docker.check("rm", "-f", "web");
        docker.check("network", "rm", "blue");
        assertThat(docker.check("network", "ls", "--format", "{{.Name}}").lines()).containsExactly("bridge", "host", "none");
    }

    @Test
    void tellsOfItselfAndOfWhatHappened() {
        docker.check("run", "--rm", "--name", "event", "busybox", "true");
        String events = docker.check("events", "--since", "5m", "--until", "-1s", "--filter", "container=event", "--format", "{{.Action}}");
        assertThat(events.lines()).containsSubsequence("create", "start", "die", "destroy");
        assertThat(docker.check("version", "--format", "{{.Server.APIVersion}}")).isEqualTo("1.51\n");
        assertThat(docker.check("info", "--format", "{{.Swarm.LocalNodeState}}")).isEqualTo("inactive\n");
        assertThat(docker.check("system", "df", "--format", "{{.Type}}").lines()).contains("Images", "Containers", "Local Volumes");
        assertThat(docker.check("plugin", "ls", "-q")).isEmpty();
        assertThat(docker.call("service", "ls").error()).contains("This node is not a swarm manager.");
    }

    @Test
    void losesNothingWhenTheServerIsKilled() throws Exception {
        for (int k = 0; k < 5; k++) {
            docker.check("run", "-d", "--name", "survivor" + k, "busybox", "sh", "-c", "echo before; while [ ! -e /tmp/end ]; do sleep 0.1; done; echo after; exit 4");
        }
        docker.killAndStartAgain();
        assertThat(docker.check("ps", "-q").lines()).hasSize(5);
        for (int k = 0; k < 5; k++) {
            docker.check("exec", "survivor" + k, "touch", "/tmp/end");
            assertThat(docker.check("wait", "survivor" + k)).isEqualTo("4\n");
            assertThat(docker.check("logs", "survivor" + k)).isEqualTo("before\nafter\n");
        }
    }

    @Test
    void answersInDockersForm() {
        assertThat(docker.request("GET", "/v1.99/info", "")).isEqualTo("400 {\"message\":\"client version 1.99 is too new. Maximum supported API version is 1.51\"}");
        assertThat(docker.request("GET", "/v1.12/info", "")).startsWith("400 {\"message\":\"client version 1.12 is too old.");
        assertThat(docker.request("GET", "/nowhere", "")).isEqualTo("404 {\"message\":\"page not found\"}");
        assertThat(docker.request("GET", "/containers/nobody/json", "")).isEqualTo("404 {\"message\":\"No such container: nobody\"}");
        assertThat(docker.request("POST", "/containers/create", "{\"Image\":\"nobody\"}")).isEqualTo("404 {\"message\":\"No such image: nobody:latest\"}");
        assertThat(docker.request("POST", "/containers/create", "{}")).startsWith("400 ");
        for (String bad : List.of("{", "[]", "{\"Image\":3}", "{\"Image\":\"busybox\",\"HostConfig\":[]}", "{\"Image\":\"busybox\",\"HostConfig\":{\"Memory\":\"1\"}}",
                "{\"Image\":\"busybox\",\"Env\":[1]}", "{\"Image\":\"busybox\",\"Image\":\"busybox\"}", "\u0000", "{\"a\":".repeat(5000))) {
            assertThat(docker.request("POST", "/containers/create", bad)).startsWith("400 {\"message\":");
        }
        assertThat(docker.request("GET", "/containers/json?filters=x", "")).isEqualTo("400 {\"message\":\"invalid filter\"}");
        assertThat(docker.request("GET", "/containers/json?filters=%7B%22colour%22:%5B%22x%22%5D%7D", "")).isEqualTo("400 {\"message\":\"invalid filter 'colour'\"}");
        assertThat(docker.request("POST", "/containers/create", "{\"Image\":\"busybox\",\"HostConfig\":{\"StorageOpt\":{\"size\":\"1G\"}}}")).startsWith("501 ");
        assertThat(docker.request("GET", "/containers/%00/json", "")).startsWith("400 ");
        assertThat(new String(docker.request("GET", "/_ping", "").getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)).isEqualTo("200 OK");
    }
}
