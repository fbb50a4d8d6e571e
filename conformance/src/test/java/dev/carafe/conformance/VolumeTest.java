package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Named and nameless volumes: made, filled, shared, mounted, kept and removed. */
class VolumeTest extends CommandSuite {
    private static final int FILES = 1500;

    private Path data(String name) {
        return carafe.root().resolve("volumes").resolve(name).resolve("_data");
    }

    @Test
    void makesListsShowsAndRemoves() {
        assertThat(carafe.check("volume", "create", "one")).isEqualTo("one\n");
        assertThat(carafe.check("volume", "create", "one")).isEqualTo("one\n");
        assertThat(carafe.check("volume", "create", "--label", "a=b", "two")).isEqualTo("two\n");
        String nameless = carafe.check("volume", "create").trim();
        assertThat(nameless).matches("[0-9a-f]{64}");
        assertThat(carafe.check("volume", "ls")).startsWith("DRIVER    VOLUME NAME\n").contains("local     one\n");
        assertThat(carafe.check("volume", "ls", "-q", "--filter", "label=a=b")).isEqualTo("two\n");
        assertThat(carafe.check("volume", "ls", "-q", "--filter", "name=on")).isEqualTo("one\n");
        JsonObject shown = JsonParser.parseString(carafe.check("volume", "inspect", "two")).getAsJsonArray().get(0).getAsJsonObject();
        assertThat(shown.keySet()).containsExactly("CreatedAt", "Driver", "Labels", "Mountpoint", "Name", "Options", "Scope");
        assertThat(shown.get("Mountpoint").getAsString()).isEqualTo(data("two").toString());
        assertThat(carafe.call("volume", "exists", "two").status()).isZero();
        assertThat(carafe.check("volume", "prune", "-f")).startsWith("Deleted Volumes:\n" + nameless + "\n\nTotal reclaimed space: ");
        assertThat(carafe.check("volume", "prune", "-f", "-a", "--filter", "label!=a")).startsWith("Deleted Volumes:\none\n");
        assertThat(carafe.check("volume", "rm", "two")).isEqualTo("two\n");
        assertThat(carafe.call("volume", "rm", "two").status()).isEqualTo(1);
        assertThat(carafe.check("volume", "rm", "-f", "two")).isEqualTo("two\n");
        assertThat(carafe.call("volume", "exists", "two").status()).isEqualTo(1);
    }

    @Test
    void refusesWhatNoDriverCan() {
        assertThat(carafe.call("volume", "create", "-o", "foo=bar", "bad").error()).isEqualTo("carafe: create volume \"bad\": invalid option: \"foo\"\n");
        assertThat(carafe.call("volume", "create", "-o", "type=tmpfs", "bad").error()).contains("missing required option: \"device\"");
        assertThat(carafe.call("volume", "create", "-d", "nope", "bad").error()).contains("there is no volume driver \"nope\"");
        assertThat(carafe.call("volume", "create", "../bad").status()).isEqualTo(1);
    }

    @Test
    void keepsWhatContainersWriteAndSharesIt() {
        carafe.check("run", "--rm", "-v", "kept:/data", "busybox", "sh", "-c", "echo stays > /data/file");
        assertThat(carafe.check("run", "--rm", "-v", "kept:/elsewhere:ro", "busybox", "cat", "/elsewhere/file")).isEqualTo("stays\n");
        assertThat(carafe.call("run", "--rm", "-v", "kept:/data:ro", "busybox", "touch", "/data/x").status()).isEqualTo(1);
        carafe.detached("--name", "user", "-v", "kept:/data", "busybox", "sleep", "1000");
        Outcome refused = carafe.call("volume", "rm", "kept");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.error()).contains("volume is in use by container ");
        assertThat(carafe.check("volume", "prune", "-af")).doesNotContain("kept");
        JsonObject mount = carafe.inspect("user").getAsJsonArray("Mounts").get(0).getAsJsonObject();
        assertThat(mount.get("Type").getAsString()).isEqualTo("volume");
        assertThat(mount.get("Name").getAsString()).isEqualTo("kept");
        assertThat(mount.get("Source").getAsString()).isEqualTo(data("kept").toString());
    }

    @Test
    void namelessVolumesGoWithTheirContainerWhenThatIsAsked() {
        carafe.check("run", "--rm", "-v", "/data", "busybox", "touch", "/data/x");
        Tools.await(() -> carafe.check("volume", "ls", "-q").isEmpty());
        carafe.check("create", "--name", "ab", "-v", "/data", "-v", "named:/named", "busybox");
        carafe.check("rm", "-v", "ab");
        assertThat(carafe.check("volume", "ls", "-q")).isEqualTo("named\n");
        carafe.check("create", "--name", "ab", "-v", "/data", "busybox");
        carafe.check("rm", "ab");
        assertThat(carafe.check("volume", "ls", "-q").lines()).hasSize(2);
    }

    @Test
    void removalOfNamelessVolumesIsFinishedAfterACrash() throws IOException {
        carafe.check("create", "--name", "ab", "-v", "/data", "busybox");
        String id = carafe.inspect("ab").get("Id").getAsString();
        Path container = carafe.root().resolve("containers").resolve(id);
        // What a process leaves that is killed just after the container has vanished.
        Files.writeString(container.resolve("with-volumes"), "");
        Files.move(container, container.resolveSibling(".gone-" + id));
        Files.delete(carafe.root().resolve("names/ab"));
        carafe.check("ps");
        assertThat(carafe.check("volume", "ls", "-q")).isEmpty();
    }

    @Test
    void aNewVolumeStartsWithWhatTheImageHas() {
        assertThat(carafe.check("run", "--rm", "-v", "etc:/etc", "busybox", "ls", "/etc")).contains("passwd");
        assertThat(data("etc").resolve("passwd")).exists();
        carafe.check("volume", "create", "later");
        assertThat(carafe.check("run", "--rm", "--mount", "type=volume,source=later,target=/etc", "busybox", "ls", "/etc")).contains("passwd");
        assertThat(carafe.check("run", "--rm", "--mount", "type=volume,source=none,target=/etc,volume-nocopy", "busybox", "ls", "/etc")).doesNotContain("passwd");
        carafe.check("run", "--rm", "-v", "etc:/etc", "busybox", "rm", "/etc/passwd");
        assertThat(carafe.check("run", "--rm", "-v", "etc:/etc", "busybox", "ls", "/etc")).doesNotContain("passwd");
        assertThat(carafe.check("run", "--rm", "-v", "owned:/tmp", "busybox", "stat", "-c", "%a", "/tmp"))
                .isEqualTo(carafe.check("run", "--rm", "busybox", "stat", "-c", "%a", "/tmp"));
    }

    @Test
    void manyAtOnceSeeTheWholeContent() {
        var all = new ArrayList<Running>();
        for (int k = 0; k < 6; k++) {
            all.add(carafe.start("run", "--rm", "-v", "rush:/etc", "busybox", "ls", "/etc/passwd"));
        }
        for (Running one : all) {
            assertThat(one.await().out()).isEqualTo("/etc/passwd\n");
        }
    }

    @Test
    void whoIsKilledLeavesNoHalfFilledVolume() throws IOException {
        Path tree = Files.createDirectories(carafe.work().resolve("tree/many"));
        for (int k = 0; k < FILES; k++) {
            Files.writeString(tree.resolve("f" + k), "x");
        }
        Path tar = carafe.work().resolve("many.tar");
        Tools.check("tar", "-C", tree.getParent().toString(), "-cf", tar.toString(), ".");
        carafe.check("import", "--change", "CMD true", tar.toString(), "many");
        try {
            for (int delay : new int[] {5, 20, 40, 60, 80, 120, 160}) {
                Running creating = carafe.start("create", "--name", "cut" + delay, "-v", "cut:/many", "many");
                Tools.pause(delay);
                Tools.run("kill", "-KILL", Long.toString(creating.pid()));
                carafe.killEngine();
                killed(creating);
                carafe.call("rm", "-f", "cut" + delay);
                carafe.check("create", "--name", "whole" + delay, "-v", "cut:/many", "many");
                assertThat(data("cut").toFile().list()).as("after %d ms", delay).hasSize(FILES);
                carafe.check("rm", "whole" + delay);
                carafe.removeContainers();
                carafe.check("volume", "rm", "cut");
            }
        } finally {
            carafe.removeContainers();
            carafe.call("rmi", "many");
            Tools.deleteTree(carafe.work().resolve("tree"));
        }
    }

    private static void killed(Running command) {
        Tools.await(() -> !command.isAlive());
        command.close();
        // In a process of its own, Java is a child that sees the end of its parent a moment later.
        Tools.await(() -> carafe.residue().processes().isEmpty());
    }

    @Test
    void imagesAskForVolumes() throws IOException {
        Path tree = Files.createDirectories(carafe.work().resolve("tree/data"));
        Files.writeString(tree.resolve("seed"), "seed");
        Path tar = carafe.work().resolve("asking.tar");
        Tools.check("tar", "-C", tree.getParent().toString(), "-cf", tar.toString(), ".");
        carafe.check("import", "--change", "VOLUME /data", "--change", "CMD true", tar.toString(), "asking");
        try {
            carafe.check("create", "--name", "asker", "asking");
            JsonArray mounts = carafe.inspect("asker").getAsJsonArray("Mounts");
            assertThat(mounts).hasSize(1);
            assertThat(data(mounts.get(0).getAsJsonObject().get("Name").getAsString()).resolve("seed")).exists();
            carafe.check("create", "--name", "own", "-v", "mine:/data", "asking");
            assertThat(carafe.inspect("own").getAsJsonArray("Mounts")).hasSize(1);
            carafe.check("rm", "-v", "asker", "own");
            assertThat(carafe.check("volume", "ls", "-q")).isEqualTo("mine\n");
        } finally {
            carafe.removeContainers();
            carafe.call("rmi", "asking");
            Tools.deleteTree(carafe.work().resolve("tree"));
        }
    }

    @Test
    void takesTheMountsOfOthers() {
        carafe.detached("--name", "giver", "-v", "shared:/data", "-v", "/nameless", "-v", carafe.work() + ":/host", "busybox", "sleep", "1000");
        assertThat(carafe.check("run", "--rm", "--volumes-from", "giver", "busybox", "sh", "-c", "touch /data/x /nameless/y; ls -d /host")).isEqualTo("/host\n");
        assertThat(carafe.check("exec", "giver", "sh", "-c", "ls /data /nameless")).contains("x").contains("y");
        assertThat(carafe.call("run", "--rm", "--volumes-from", "giver:ro", "busybox", "touch", "/data/z").status()).isEqualTo(1);
        assertThat(carafe.call("run", "--rm", "--volumes-from", "nobody", "busybox", "true").status()).isEqualTo(125);
        assertThat(carafe.call("run", "--rm", "--volumes-from", "giver:odd", "busybox", "true").error()).contains("invalid mode: odd");
        carafe.check("create", "--name", "heir", "--volumes-from", "giver", "busybox");
        assertThat(carafe.inspect("heir").getAsJsonArray("Mounts")).hasSize(3);
        assertThat(carafe.inspect("heir").getAsJsonObject("HostConfig").getAsJsonArray("VolumesFrom").get(0).getAsString()).isEqualTo("giver");
        carafe.check("rm", "-v", "heir");
        assertThat(carafe.check("volume", "ls", "-q").lines()).hasSize(2);
    }

    @Test
    void mountsAPartOfAVolumeAndNothingBeyond() throws IOException {
        carafe.check("volume", "create", "whole");
        Files.createDirectories(data("whole").resolve("part/inner"));
        Files.createSymbolicLink(data("whole").resolve("away"), Path.of("/"));
        Files.createSymbolicLink(data("whole").resolve("climb"), Path.of("../../../.."));
        String[] run = {"run", "--rm", "--mount", "", "busybox", "ls", "/x"};
        run[3] = "type=volume,source=whole,target=/x,volume-subpath=part";
        assertThat(carafe.check(run)).isEqualTo("inner\n");
        for (String hostile : List.of("away", "climb")) {
            run[3] = "type=volume,source=whole,target=/x,volume-subpath=" + hostile;
            assertThat(carafe.check(run)).isEqualTo("away\nclimb\npart\n");
        }
        run[3] = "type=volume,source=whole,target=/x,volume-subpath=missing";
        assertThat(carafe.call(run).error()).contains("no such file or directory (ENOENT)");
    }

    @Test
    void mountsFileSystemsWhileTheyAreUsed() {
        carafe.check("volume", "create", "-o", "type=tmpfs", "-o", "device=tmpfs", "-o", "o=size=1m,mode=750", "memory");
        carafe.detached("--name", "one", "-v", "memory:/m", "busybox", "sleep", "1000");
        carafe.check("exec", "one", "touch", "/m/file");
        assertThat(carafe.check("run", "--rm", "-v", "memory:/m", "busybox", "ls", "/m")).isEqualTo("file\n");
        assertThat(carafe.check("exec", "one", "df", "-k", "/m")).contains("1024");
        carafe.check("kill", "one");
        carafe.check("wait", "one");
        carafe.check("ps");
        carafe.check("rm", "one");
        Tools.await(() -> carafe.residue().mounts().isEmpty());
        assertThat(carafe.residue().mounts()).isEmpty();
        Path host = carafe.work();
        carafe.check("volume", "create", "-o", "type=none", "-o", "o=bind,ro", "-o", "device=" + host, "bound");
        assertThat(carafe.call("run", "--rm", "-v", "bound:/b", "busybox", "touch", "/b/x").status()).isEqualTo(1);
        Tools.await(() -> carafe.residue().mounts().isEmpty());
        assertThat(carafe.residue().mounts()).isEmpty();
    }

    @Test
    void aKilledEngineLeavesNoMountOfAVolume() {
        carafe.check("volume", "create", "-o", "type=tmpfs", "-o", "device=tmpfs", "memory");
        carafe.detached("--name", "one", "-v", "memory:/m", "busybox", "sleep", "1000");
        carafe.killEngine();
        int pid = carafe.pid("one");
        carafe.killEngine();
        Tools.run("kill", "-KILL", Integer.toString(pid));
        Tools.await(() -> !Files.exists(Path.of("/proc/" + pid)));
        carafe.check("ps");
        Tools.await(() -> carafe.residue().mounts().isEmpty());
        assertThat(carafe.residue().mounts()).isEmpty();
    }
}
