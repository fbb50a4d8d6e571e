package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lists of manifests, whole repositories, and what goes with an image in a registry. */
class ManifestListTest extends RegistrySuite {
    private JsonObject list(String name) {
        return JsonParser.parseString(carafe.check("manifest", "inspect", name)).getAsJsonObject();
    }

    @Test
    void aListIsMadeChangedPushedAndRun() {
        String one = pushed("app:1");
        assertThat(carafe.check("manifest", "create", "both", "busybox")).matches("[0-9a-f]{64}\n");
        assertThat(carafe.call("manifest", "create", "both").error()).contains("that name has an image").hasLineCount(1);
        carafe.check("manifest", "create", "--amend", "both");
        assertThat(carafe.call("manifest", "exists", "both").status()).isZero();
        assertThat(carafe.call("manifest", "exists", "busybox").status()).isEqualTo(1);
        assertThat(carafe.check("run", "--rm", "both", "echo", "one of them")).isEqualTo("one of them\n");
        JsonArray members = list("both").getAsJsonArray("manifests");
        assertThat(members).hasSize(1);
        String digest = members.get(0).getAsJsonObject().get("digest").getAsString();
        carafe.check("manifest", "annotate", "--os-version", "6.1", "--annotation", "who=ada", "both", digest);
        carafe.check("manifest", "annotate", "--index", "--annotation", "what=test", "both");
        JsonObject changed = list("both");
        assertThat(changed.getAsJsonObject("annotations").get("what").getAsString()).isEqualTo("test");
        assertThat(changed.getAsJsonArray("manifests").get(0).getAsJsonObject().getAsJsonObject("annotations").get("who").getAsString()).isEqualTo("ada");
        String there = registry.name("both:1");
        String told = carafe.check("manifest", "push", "-q", "both", there).trim();
        assertThat(told).matches("sha256:[0-9a-f]{64}");
        if (Tools.has("skopeo")) {
            assertThat(JsonParser.parseString(Tools.check("skopeo", "inspect", "--raw", "--tls-verify=false", "docker://" + there))).isEqualTo(changed);
        }
        assertThat(JsonParser.parseString(carafe.check("manifest", "inspect", there))).isEqualTo(changed);
        carafe.check("manifest", "remove", "both", digest);
        assertThat(list("both").getAsJsonArray("manifests")).isEmpty();
        assertThat(carafe.check("images", "both")).contains("localhost/both");
        assertThat(carafe.call("run", "--rm", "both", "true").error()).contains("no linux/").hasLineCount(1);
        carafe.check("manifest", "add", "--arch", "arm64", "--variant", "v8", "both", "docker://" + one);
        assertThat(list("both").getAsJsonArray("manifests").get(0).getAsJsonObject().getAsJsonObject("platform").get("variant").getAsString()).isEqualTo("v8");
        assertThat(carafe.check("system", "check")).contains("all whole");
        carafe.check("manifest", "rm", "both");
        assertThat(carafe.call("manifest", "rm", "busybox").error()).contains("not a list of manifests");
        assertThat(carafe.check("run", "--rm", "busybox", "echo", "still here")).isEqualTo("still here\n");
    }

    @Test
    void othersReadAListThatIsPushed() {
        assumeThat(Tools.has("skopeo")).as("skopeo is installed").isTrue();
        carafe.check("manifest", "create", "list", "busybox");
        carafe.check("manifest", "push", "-q", "list", "oci:" + carafe.work().resolve("layout") + ":1");
        Tools.check("skopeo", "--insecure-policy", "copy", "-q", "--all", "oci:" + carafe.work().resolve("layout") + ":1", "dir:" + carafe.work().resolve("dir"));
        carafe.check("manifest", "push", "--rm", "list", registry.name("list:1"));
        assertThat(carafe.call("manifest", "exists", "list").status()).isEqualTo(1);
        carafe.check("pull", registry.name("list:1"));
        Tools.deleteTree(carafe.work().resolve("layout"));
        Tools.deleteTree(carafe.work().resolve("dir"));
    }

    @Test
    void aRegistryTellsItsRepositoriesAndWhatRefersToAnImage() {
        String name = pushed("team/app:1");
        assertThat(carafe.check("registry", "catalog", registry.domain())).isEqualTo("team/app\n");
        assertThat(carafe.check("registry", "referrers", "-q", name)).isEmpty();
        String config = JsonParser.parseString(carafe.check("inspect", "--raw", "docker://" + name)).getAsJsonObject().getAsJsonObject("config").get("digest").getAsString();
        carafe.check("registry", "delete-blob", registry.name("team/app@" + config));
        assertThat(carafe.call("inspect", "docker://" + name).status()).isEqualTo(1);
    }

    @Test
    void whatAFileListsIsSynced() {
        for (String tag : List.of("1.0.0", "1.4.2", "2.0.0", "edge")) {
            pushed("tools/app:" + tag);
        }
        Path file = Tools.write(carafe.work().resolve("sync.yml"), registry.domain() + ":\n  images:\n    tools/app: [edge]\n  images-by-semver:\n    tools/app: ^1.2\n");
        String out = carafe.check("sync", "--src", "yaml", "--dest", "docker", file.toString(), registry.name("mirror/tools"));
        assertThat(out).endsWith("Synced 2 images from 1 sources\n");
        assertThat(carafe.check("list-tags", "docker://" + registry.name("mirror/tools/app"))).contains("edge", "1.4.2").doesNotContain("2.0.0");
    }

    @Test
    void progressComesAsJsonOnRequest() {
        String name = pushed("app:1");
        carafe.check("rmi", "-f", "busybox");
        List<JsonObject> told = carafe.check("pull", "--progress", "json", name).lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
        assertThat(told).anyMatch(line -> line.get("status").getAsString().equals("Downloading") && line.getAsJsonObject("progressDetail").get("total").getAsLong() > 0)
                .anyMatch(line -> line.get("status").getAsString().startsWith("Digest: sha256:"));
        carafe.check("rmi", name);
        carafe.check("run", "--rm", "busybox", "true");
        carafe.mark();
    }
}
