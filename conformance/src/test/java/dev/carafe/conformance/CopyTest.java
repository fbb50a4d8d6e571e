package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files that go in and out, what changed, and images and archives made of it. */
class CopyTest extends CommandSuite {
    private Path local;

    @BeforeEach
    void makeFiles() throws IOException {
        local = Files.createTempDirectory(carafe.work(), "local");
        Files.createDirectories(local.resolve("dir/sub"));
        Files.writeString(local.resolve("dir/a"), "one\n");
        Files.writeString(local.resolve("dir/sub/b"), "two\n");
        Files.writeString(local.resolve("file"), "file\n");
        Files.createSymbolicLink(local.resolve("link"), Path.of("file"));
        Tools.check("chown", "1000:1001", local.resolve("file").toString());
        Tools.check("chmod", "640", local.resolve("file").toString());
    }

    @AfterEach
    void removeFiles() {
        Tools.deleteTree(local);
    }

    private Outcome copy(String from, String to) {
        return carafe.call("cp", from.contains(":") ? from : local + "/" + from, to.contains(":") ? to : local + "/" + to);
    }

    private static String in(String script) {
        return carafe.check("exec", "box", "sh", "-c", script);
    }

    @Test
    void copiesInByDockersRules() {
        carafe.detached("--name", "box", "--user", "55:66", "busybox", "sleep", "1000");
        for (String[] pair : new String[][] {{"file", "box:/tmp"}, {"file", "box:/tmp/other"}, {"dir", "box:/tmp"}, {"dir/.", "box:/tmp/content"},
                {"dir", "box:/tmp/fresh"}, {"dir", "box:/tmp/fresh"}, {"link", "box:/tmp"}, {"file", "box:relative"}}) {
            assertThat(copy(pair[0], pair[1])).as("%s to %s", pair[0], pair[1]).extracting(Outcome::status, Outcome::error).containsExactly(0, "");
        }
        assertThat(in("cd /tmp; find . -mindepth 1 -not -type d | sort")).isEqualTo("""
                ./content/a
                ./content/sub/b
                ./dir/a
                ./dir/sub/b
                ./file
                ./fresh/a
                ./fresh/dir/a
                ./fresh/dir/sub/b
                ./fresh/sub/b
                ./link
                ./other
                """);
        assertThat(in("stat -c '%u:%g %a' /tmp/file; readlink /tmp/link; ls /relative")).isEqualTo("1000:1001 640\nfile\n/relative\n");
        carafe.check("cp", "-a", local + "/file", "box:/tmp/own");
        carafe.check("cp", "-L", local + "/link", "box:/tmp/followed");
        assertThat(in("stat -c %u:%g /tmp/own; cat /tmp/followed 2>&1 || ls -l /tmp/followed")).contains("55:66\n");
    }

    @Test
    void refusesAsDockerDoes() {
        carafe.detached("--name", "box", "busybox", "sh", "-c", "echo x > /tmp/file; exec sleep 1000");
        Tools.await(() -> carafe.call("exec", "box", "test", "-s", "/tmp/file").status() == 0);
        assertThat(copy("dir", "box:/tmp/file").error()).contains("cannot copy directory");
        assertThat(copy("file", "box:/nowhere/x").error()).contains("no such file or directory");
        assertThat(copy("file", "box:/nowhere/").error()).contains("no such directory");
        assertThat(copy("missing", "box:/tmp").error()).contains("no such file or directory");
        assertThat(copy("file/", "box:/tmp").error()).contains("not a directory");
        assertThat(copy("file", "nobody:/tmp").status()).isEqualTo(1);
        assertThat(copy("file", "copy").error()).contains("must specify at least one container source");
        assertThat(copy("box:/a", "box:/b").error()).contains("copying between containers is not supported");
        assertThat(copy("box:/missing", "x").error()).contains("no such file or directory");
        assertThat(copy("box:/tmp/file", "nowhere/x").error()).contains("invalid output path");
        assertThat(copy("box:/proc/version", "x").status()).isEqualTo(1);
    }

    @Test
    void copiesOut() throws IOException {
        carafe.detached("--name", "box", "busybox", "sh", "-c", "mkdir -p /d/s; echo 1 > /d/a; echo 2 > /d/s/b; chown -R 7:8 /d; ln -s a /d/l; touch /ready; exec sleep 1000");
        Tools.await(() -> carafe.call("exec", "box", "test", "-e", "/ready").status() == 0);
        carafe.check("cp", "box:/d", local + "/new");
        carafe.check("cp", "box:/d", local.toString());
        carafe.check("cp", "box:/d/.", local + "/content");
        carafe.check("cp", "-a", "box:/d/a", local + "/kept");
        carafe.check("cp", "-L", "box:/d/l", local + "/followed");
        assertThat(Files.readString(local.resolve("new/s/b"))).isEqualTo("2\n");
        assertThat(Files.readString(local.resolve("d/a"))).isEqualTo("1\n");
        assertThat(Files.readString(local.resolve("content/a"))).isEqualTo("1\n");
        assertThat(Files.readString(local.resolve("followed"))).isEqualTo("1\n");
        assertThat(Files.readSymbolicLink(local.resolve("d/l"))).isEqualTo(Path.of("a"));
        assertThat(Files.getAttribute(local.resolve("d/a"), "unix:uid")).isEqualTo(0);
        assertThat(Files.getAttribute(local.resolve("kept"), "unix:uid")).isEqualTo(7);
    }

    @Test
    void archivesGoThroughStandardStreams() throws IOException {
        carafe.detached("--name", "box", "busybox", "sleep", "1000");
        Path tar = local.resolve("x.tar");
        Tools.check("tar", "-C", local.toString(), "-cf", tar.toString(), "dir");
        Process in = carafe.builder("cp", "-", "box:/tmp").redirectInput(tar.toFile()).start();
        assertThat(await(in)).isZero();
        assertThat(in("cat /tmp/dir/a")).isEqualTo("one\n");
        Process out = carafe.builder("cp", "box:/tmp/dir", "-").redirectOutput(local.resolve("back.tar").toFile()).start();
        assertThat(await(out)).isZero();
        assertThat(Tools.check("tar", "-tf", local.resolve("back.tar").toString())).isEqualTo("dir/\ndir/a\ndir/sub/\ndir/sub/b\n");
    }

    private static int await(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void noLinkOfAContainerLeadsOut() throws IOException {
        Path victim = Files.createDirectory(local.resolve("victim"));
        Files.writeString(victim.resolve("secret"), "secret\n");
        String climb = "../".repeat(20) + victim.toString().substring(1);
        carafe.detached("--name", "box", "busybox", "sh", "-c", "ln -s " + climb + " /climb; ln -s " + victim + " /away; ln -s " + victim
                + "/secret /file; mkdir /real; ln -s /etc /real/inside; touch /ready; exec sleep 1000");
        Tools.await(() -> carafe.call("exec", "box", "test", "-e", "/ready").status() == 0);
        for (boolean running : new boolean[] {true, false}) {
            for (String link : new String[] {"climb", "away"}) {
                assertThat(copy("file", "box:/" + link + "/x").status()).isEqualTo(1);
                assertThat(copy("file", "box:/" + link).status()).isEqualTo(1);
                assertThat(carafe.call("cp", "-L", "box:/" + link, local + "/got").status()).isEqualTo(1);
            }
            assertThat(carafe.call("cp", "-L", "box:/file", local + "/got").status()).isEqualTo(1);
            // A member whose way leads through a link stays within the container as well.
            Files.createDirectories(local.resolve("deep/inside"));
            Files.writeString(local.resolve("deep/inside/planted"), "x");
            carafe.call("cp", local + "/deep/inside/planted", "box:/real/inside/planted");
            assertThat(victim.toFile().list()).containsExactly("secret");
            assertThat(local.resolve("got")).doesNotExist();
            if (running) {
                assertThat(in("ls /etc/planted")).isEqualTo("/etc/planted\n");
                carafe.check("kill", "box");
                carafe.check("wait", "box");
            }
        }
        assertThat(Files.exists(Path.of("/etc/planted"), LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    @Test
    void copiesToAndFromWhatDoesNotRun() throws IOException {
        carafe.check("create", "--name", "box", "-v", "kept:/data", "-v", local + "/dir:/host", "busybox", "cat", "/root/file", "/data/file");
        assertThat(copy("file", "box:/root/file").status()).isZero();
        assertThat(copy("file", "box:/data/file").status()).isZero();
        assertThat(copy("file", "box:/host/copied").status()).isZero();
        assertThat(local.resolve("dir/copied")).exists();
        assertThat(carafe.root().resolve("volumes/kept/_data/file")).exists();
        assertThat(carafe.check("start", "-a", "box")).isEqualTo("file\nfile\n");
        carafe.check("cp", "box:/root/file", local + "/back");
        assertThat(Files.readString(local.resolve("back"))).isEqualTo("file\n");
    }

    @Test
    void showsWhatChanged() {
        carafe.check("run", "--name", "box", "busybox", "sh", "-c", "echo x >> /etc/passwd; rm /etc/group; mkdir -p /new/sub; touch /new/sub/f; rm -r /root; chmod 700 /tmp");
        assertThat(carafe.check("diff", "box")).isEqualTo("""
                C /etc
                D /etc/group
                C /etc/passwd
                A /new
                A /new/sub
                A /new/sub/f
                D /root
                C /tmp
                """);
        carafe.check("run", "--name", "quiet", "busybox", "true");
        assertThat(carafe.check("diff", "quiet")).isEmpty();
        assertThat(carafe.call("diff", "nobody").status()).isEqualTo(1);
    }

    @Test
    void makesImagesOfContainers() {
        try {
            carafe.check("run", "--name", "box", "-e", "COLOUR=red", "busybox", "sh", "-c", "echo kept > /made; rm /etc/group");
            String id = carafe.check("commit", "-a", "Ada", "-m", "first", "-c", "CMD [\"cat\",\"/made\"]", "-c", "ENV SIZE=9", "box", "shop/made:1").trim();
            assertThat(id).matches("sha256:[0-9a-f]{64}");
            assertThat(carafe.check("run", "--rm", "shop/made:1")).isEqualTo("kept\n");
            assertThat(carafe.check("run", "--rm", "shop/made:1", "sh", "-c", "echo $COLOUR $SIZE")).isEqualTo("red 9\n");
            assertThat(carafe.call("run", "--rm", "shop/made:1", "ls", "/etc/group").status()).isEqualTo(1);
            JsonObject image = carafe.inspect("shop/made:1");
            assertThat(image.get("Author").getAsString()).isEqualTo("Ada");
            assertThat(image.getAsJsonObject("RootFS").getAsJsonArray("Layers")).hasSize(2);
            assertThat(carafe.check("diff", "box")).doesNotContain("hosts");
        } finally {
            carafe.removeContainers();
            carafe.call("rmi", "-f", "shop/made:1");
        }
    }

    @Test
    void aContainerGoesOnAfterACommit() {
        try {
            carafe.detached("--name", "box", "busybox", "sleep", "1000");
            carafe.check("commit", "box", "shop/running");
            assertThat(carafe.state("box").get("Status").getAsString()).isEqualTo("running");
            carafe.check("pause", "box");
            carafe.check("commit", "box", "shop/running");
            assertThat(carafe.state("box").get("Status").getAsString()).isEqualTo("paused");
        } finally {
            carafe.removeContainers();
            for (String image : carafe.check("images", "--format", "{{.ID}} {{.Repository}}").lines().toList()) {
                if (!image.contains("busybox")) {
                    carafe.call("rmi", "-f", image.split(" ")[0]);
                }
            }
        }
    }

    @Test
    void exportsTheWholeFileSystem() {
        carafe.detached("--name", "box", "busybox", "sh", "-c", "echo x > /mark; rm /etc/group; touch /ready; exec sleep 1000");
        Tools.await(() -> carafe.call("exec", "box", "test", "-e", "/ready").status() == 0);
        for (String state : new String[] {"running", "ended"}) {
            Path tar = local.resolve(state + ".tar");
            carafe.check("export", "-o", tar.toString(), "box");
            assertThat(Tools.check("tar", "-tf", tar.toString()).lines().toList()).as(state).contains("mark", "bin/", "etc/passwd").doesNotContain("etc/group", "proc/1/");
            carafe.call("kill", "box");
            carafe.check("wait", "box");
        }
    }
}
