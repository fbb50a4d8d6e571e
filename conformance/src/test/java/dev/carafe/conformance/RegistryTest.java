package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Images to and from a real registry, and what other engines make of them. */
class RegistryTest extends RegistrySuite {
    @Test
    void anImageGoesThereAndComesBackTheSame() {
        String id = carafe.check("images", "-q", "--no-trunc", "busybox").trim();
        String name = registry.name("team/app:1");
        carafe.check("tag", "busybox", name);
        String push = carafe.check("push", name);
        assertThat(push).contains("The push refers to repository [" + registry.name("team/app") + "]").containsPattern("[0-9a-f]{12}: Pushed\n").containsPattern("1: digest: sha256:[0-9a-f]{64} size: \\d+\n");
        assertThat(carafe.check("push", name)).contains("Layer already exists");
        carafe.check("rmi", "-f", id);
        String pull = carafe.check("pull", name);
        assertThat(pull.lines().toList()).startsWith("1: Pulling from " + registry.name("team/app")).endsWith("Status: Downloaded newer image for " + name, name).anyMatch(line -> line.matches("[0-9a-f]{12}: Pull complete"))
                .anyMatch(line -> line.matches("Digest: sha256:[0-9a-f]{64}"));
        assertThat(carafe.check("images", "-q", "--no-trunc", name).trim()).isEqualTo(id);
        assertThat(carafe.check("run", "--rm", name, "echo", "there and back")).isEqualTo("there and back\n");
        assertThat(carafe.check("pull", name)).contains("Status: Image is up to date for " + name);
        assertThat(carafe.check("pull", "-q", name)).isEqualTo(name + "\n");
        carafe.check("run", "--rm", "busybox", "true");
        carafe.mark();
    }

    @Test
    void runFetchesByItsPolicy() {
        String name = pushed("app:1");
        assertThat(carafe.call("run", "--rm", "--pull", "never", name, "true").error()).contains("no such image").hasLineCount(1);
        Outcome missing = carafe.call("run", "--rm", name, "echo", "ran");
        assertThat(missing.out()).isEqualTo("ran\n");
        assertThat(missing.error()).contains("Unable to find image '" + name + "' locally").contains("Status: Downloaded newer image for " + name);
        assertThat(carafe.call("run", "--rm", name, "true").error()).isEmpty();
        Outcome always = carafe.call("run", "--rm", "--pull", "always", name, "echo", "again");
        assertThat(always.out()).isEqualTo("again\n");
        assertThat(always.error()).contains("Image is up to date");
        registry.close();
        assertThat(carafe.call("run", "--rm", name, "true").status()).isZero();
        assertThat(carafe.call("run", "--rm", "--pull", "always", name, "true").status()).isEqualTo(125);
    }

    @Test
    void aNameWithoutARegistryIsAskedOfNobody() {
        Outcome outcome = carafe.call("run", "--rm", "nosuchimage", "true");
        assertThat(outcome.status()).isEqualTo(125);
        assertThat(outcome.error()).contains("the name tells no registry");
        assertThat(carafe.call("pull", "nosuchimage").error()).contains("docker.io/library/nosuchimage").hasLineCount(1);
        assertThat(carafe.call("push", "busybox").error()).contains("the name tells no registry").hasLineCount(1);
        Outcome searched = with(carafe.builder("pull", "app"), "CONTAINERS_REGISTRIES_CONF",
                Tools.write(carafe.work().resolve("registries.conf"), "unqualified-search-registries = [\"" + registry.domain() + "\"]\n").toString());
        assertThat(searched.error()).contains(registry.domain() + "/app:latest").contains("not found");
    }

    @Test
    void allTagsComeAtOnceAndOneByDigest() {
        pushed("app:1");
        String second = pushed("app:2");
        assertThat(carafe.check("pull", "-a", registry.name("app"))).contains("1: Pulling", "2: Pulling");
        assertThat(carafe.check("images", "--format", "{{.Tag}}", registry.name("app")).lines()).containsExactlyInAnyOrder("1", "2");
        String digest = carafe.inspect(second).getAsJsonArray("RepoDigests").asList().stream().map(e -> e.getAsString()).filter(d -> d.startsWith(registry.domain())).findFirst().orElseThrow();
        carafe.check("rmi", registry.name("app:1"), second);
        assertThat(carafe.check("pull", digest)).contains(digest);
        assertThat(carafe.check("run", "--rm", digest, "echo", "by digest")).isEqualTo("by digest\n");
        assertThat(carafe.check("images", "--digests", "--format", "{{.Repository}} {{.Tag}} {{.Digest}}")).contains(registry.name("app") + " <none> " + digest.substring(digest.indexOf('@') + 1));
        carafe.check("rmi", digest);
        assertThat(carafe.call("inspect", digest).status()).isEqualTo(1);
    }

    @Test
    void aBlobThatAnotherRepositoryHasIsMounted() {
        String first = registry.name("one/app:1");
        String second = registry.name("two/app:1");
        carafe.check("tag", "busybox", first);
        carafe.check("push", first);
        carafe.check("tag", "busybox", second);
        assertThat(carafe.check("push", second)).contains("Mounted from");
    }

    @Test
    void othersReadWhatIsPushedAndPushWhatIsRead() throws IOException {
        assumeThat(Tools.has("skopeo")).as("skopeo is installed").isTrue();
        String name = pushed("app:1");
        JsonObject seen = JsonParser.parseString(Tools.check("skopeo", "inspect", "--tls-verify=false", "docker://" + name)).getAsJsonObject();
        assertThat(seen.get("Os").getAsString()).isEqualTo("linux");
        for (String format : List.of("oci", "v2s2")) {
            String again = registry.name("by-skopeo/" + format + ":1");
            Tools.check("skopeo", "--insecure-policy", "copy", "-q", "--src-tls-verify=false", "--dest-tls-verify=false", "-f", format, "docker://" + name, "docker://" + again);
            carafe.check("pull", again);
            assertThat(carafe.check("run", "--rm", again, "echo", format)).isEqualTo(format + "\n");
        }
        Path layout = carafe.work().resolve("umoci");
        if (Tools.has("umoci")) {
            Tools.check("skopeo", "--insecure-policy", "copy", "-q", "--src-tls-verify=false", "docker://" + name, "oci:" + layout + ":1");
            Tools.check("umoci", "unpack", "--image", layout + ":1", carafe.work().resolve("umoci-bundle").toString());
            assertThat(Files.exists(carafe.work().resolve("umoci-bundle/rootfs/bin/busybox"))).isTrue();
            Tools.deleteTree(layout);
            Tools.check("rm", "-rf", carafe.work().resolve("umoci-bundle").toString());
        }
    }
}
