package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Images that come, go and are called. */
class ImagesTest extends CommandSuite {
    @AfterEach
    void onlyTheEmbeddedImageStays() {
        for (String name : carafe.check("images", "--format", "{{.Repository}}:{{.Tag}}").lines().toList()) {
            if (!name.contains("busybox")) {
                carafe.call("rmi", "-f", name);
            }
        }
    }

    private static boolean exists(String reference) {
        return carafe.call("inspect", reference).status() == 0;
    }

    @Test
    void areListedAsDockerDoes() {
        assertThat(carafe.check("images").lines().findFirst().orElseThrow()).matches("REPOSITORY +TAG +IMAGE ID +CREATED +SIZE");
        assertThat(carafe.check("images", "-q").trim()).matches("[0-9a-f]{12}");
        assertThat(carafe.check("images", "--format", "{{.Repository}} {{.Tag}}")).isEqualTo("localhost/busybox latest\n");
        assertThat(carafe.check("images", "-q", "--no-trunc").trim()).matches("sha256:[0-9a-f]{64}");
        JsonObject row = JsonParser.parseString(carafe.check("images", "--format", "json")).getAsJsonObject();
        assertThat(row.get("Tag").getAsString()).isEqualTo("latest");
        assertThat(carafe.check("images", "nosuch", "-q")).isEmpty();
    }

    @Test
    void areInspectedAsDockerDoes() {
        JsonObject image = carafe.inspect("busybox");
        assertThat(image.get("Os").getAsString()).isEqualTo("linux");
        assertThat(image.getAsJsonObject("Config").getAsJsonArray("Env").toString()).contains("PATH=");
        assertThat(image.getAsJsonObject("RootFS").getAsJsonArray("Layers")).hasSize(1);
    }

    @Test
    void haveASizeBeforeTheyAreUnpackedAndAfter() throws IOException {
        String archive = carafe.work().resolve("saved.tar").toString();
        carafe.check("create", "--name", "empty", "busybox");
        carafe.check("export", "-o", archive, "empty");
        carafe.check("rm", "empty");
        carafe.check("import", archive, "imported:1");
        assertThat(carafe.check("images", "--format", "{{.Size}}", "imported")).endsWith("MB\n");
        carafe.check("run", "--rm", "imported:1", "true");
        String size = carafe.check("images", "--format", "{{.Size}}", "imported");
        assertThat(size).endsWith("MB\n");
        assertThat(carafe.check("history", "--format", "{{.Size}}", "imported:1")).isEqualTo(size);
        assertThat(carafe.check("system", "df", "--format", "{{.Type}} {{.TotalCount}}")).contains("Images 2\n");
        carafe.check("rmi", "imported:1");
        Files.delete(Path.of(archive));
    }

    @Test
    void haveSeveralNamesAndGoWithTheLast() {
        carafe.check("tag", "busybox", "cellar/wine:1990");
        carafe.check("tag", "busybox", "cellar/wine:1991");
        assertThat(carafe.check("run", "--rm", "cellar/wine:1990", "echo", "poured")).isEqualTo("poured\n");
        assertThat(carafe.check("rmi", "cellar/wine:1990")).contains("Untagged: cellar/wine:1990");
        assertThat(exists("cellar/wine:1990")).isFalse();
        assertThat(exists("cellar/wine:1991")).isTrue();
        assertThat(exists("busybox")).isTrue();
        assertThat(carafe.call("tag", "nosuch", "x").status()).isEqualTo(1);
        assertThat(carafe.call("tag", "busybox", "UPPER CASE").status()).isEqualTo(1);
    }

    @Test
    void areSavedAndLoadedUnchanged() throws IOException {
        carafe.check("tag", "busybox", "kept:1");
        String id = carafe.check("images", "-q", "--no-trunc", "kept:1").trim();
        Path file = carafe.work().resolve("kept.tar");
        carafe.check("save", "-o", file.toString(), "kept:1");
        carafe.check("rmi", "kept:1");
        assertThat(exists("kept:1")).isFalse();
        assertThat(carafe.check("load", "-i", file.toString())).contains("Loaded image: kept:1");
        assertThat(carafe.check("images", "-q", "--no-trunc", "kept:1").trim()).isEqualTo(id);
        Outcome piped = carafe.call("save", "kept:1");
        assertThat(piped.output()).isEqualTo(Files.readAllBytes(file));
    }

    @Test
    void comeThroughAPipe() {
        carafe.check("tag", "busybox", "piped:1");
        Path file = carafe.work().resolve("piped.tar");
        carafe.check("save", "-o", file.toString(), "piped:1");
        carafe.check("rmi", "piped:1");
        ProcessBuilder builder = carafe.builder("load").redirectInput(file.toFile());
        assertThat(new Running(builder).await()).extracting(Outcome::status).isEqualTo(0);
        assertThat(exists("piped:1")).isTrue();
    }

    @Test
    void comeFromALayoutAndAnArchiveOfSkopeo() {
        assumeThat(Tools.has("skopeo")).as("skopeo is installed").isTrue();
        Path layout = Carafe.program().getParent().getParent().resolve("share/busybox");
        String source = "oci:" + layout;
        Path directory = carafe.work().resolve("layout");
        Tools.check("skopeo", "--insecure-policy", "copy", "-q", source, "oci:" + directory + ":from-layout:1");
        carafe.check("load", "-i", directory.toString());
        Path archive = carafe.work().resolve("docker.tar");
        Tools.check("skopeo", "--insecure-policy", "copy", "-q", source, "docker-archive:" + archive + ":from/archive:2");
        carafe.check("load", "-i", archive.toString());
        Path oci = carafe.work().resolve("oci.tar");
        Tools.check("skopeo", "--insecure-policy", "copy", "-q", source, "oci-archive:" + oci + ":from-oci:3");
        carafe.check("load", "-i", oci.toString());
        List<String> names = carafe.check("images", "--format", "{{.Repository}}:{{.Tag}}").lines().toList();
        assertThat(names).contains("from/archive:2").anyMatch(n -> n.endsWith("from-layout:1")).anyMatch(n -> n.endsWith("from-oci:3"));
        assertThat(carafe.check("run", "--rm", "from/archive:2", "echo", "runs")).isEqualTo("runs\n");
        Tools.deleteTree(directory);
        Path saved = carafe.work().resolve("saved.tar");
        carafe.check("save", "-o", saved.toString(), "from/archive:2");
        Tools.check("skopeo", "--insecure-policy", "copy", "-q", "docker-archive:" + saved, "oci:" + directory + ":back");
    }

    @Test
    void areImportedFromATree() throws IOException {
        Path tree = Files.createDirectories(carafe.work().resolve("tree/bin"));
        Tools.check("cp", "/bin/busybox", tree.resolve("busybox").toString());
        Tools.check("ln", "-sf", "busybox", tree.resolve("sh").toString());
        Path tar = carafe.work().resolve("tree.tar");
        Tools.check("tar", "-C", tree.getParent().toString(), "-cf", tar.toString(), ".");
        String id = carafe.check("import", "-c", "CMD [\"/bin/sh\", \"-c\", \"echo $GREETING\"]", "-c", "ENV GREETING=imported", tar.toString(), "made:here").trim();
        assertThat(id).matches("sha256:[0-9a-f]{64}");
        assertThat(carafe.check("run", "--rm", "made:here")).isEqualTo("imported\n");
        assertThat(new Running(carafe.builder("import", "-", "made:again").redirectInput(tar.toFile())).await().status()).isZero();
    }

    @Test
    void areNotRemovedWhileAContainerUsesThem() {
        carafe.check("tag", "busybox", "used:1");
        carafe.check("create", "--name", "user", "used:1");
        carafe.check("rmi", "used:1");
        Outcome last = carafe.call("rmi", "busybox");
        assertThat(last.status()).isEqualTo(1);
        assertThat(last.error()).contains("busybox").hasLineCount(1);
        assertThat(carafe.check("start", "-a", "user")).isEmpty();
    }

    @Test
    void theEmbeddedOneComesBack() {
        carafe.check("rmi", "-f", "busybox");
        assertThat(carafe.check("run", "--rm", "busybox", "echo", "back")).isEqualTo("back\n");
        carafe.mark();
    }

    @Test
    void whatIsNoImageIsRefused() {
        Path file = Tools.write(carafe.work().resolve("nonsense"), "this is no archive at all\n".repeat(100));
        Outcome outcome = carafe.call("load", "-i", file.toString());
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.error()).contains("not a tar archive").hasLineCount(1);
        Outcome missing = carafe.call("load", "-i", "/no/such/file");
        assertThat(missing.error()).contains("/no/such/file").hasLineCount(1);
    }
}
