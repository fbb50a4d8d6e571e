package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Secrets: kept by the engine, given to containers, told to nobody else. */
class SecretTest extends CommandSuite {
    @AfterEach
    void forget() {
        carafe.removeContainers();
        carafe.check("secret", "rm", "--all");
        Tools.deleteTree(carafe.root().resolve("secrets"));
        Tools.deleteTree(carafe.work());
    }

    private static String made(String name, String text) {
        return carafe.check("secret", "create", name, Tools.write(carafe.work().resolve(name), text).toString()).trim();
    }

    @Test
    void areMadeFromFilesFromInputAndFromVariables() {
        assertThat(made("file", "one")).matches("[0-9a-f]{25}");
        try (Running running = carafe.start("secret", "create", "--label", "a=b", "input", "-")) {
            try (OutputStream in = running.in()) {
                in.write("two".getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            assertThat(running.await().status()).isZero();
        }
        ProcessBuilder variable = carafe.builder("secret", "create", "--env", "variable", "THREE");
        variable.environment().put("THREE", "three");
        try (Running running = new Running(variable)) {
            assertThat(running.await().status()).isZero();
        }
        assertThat(carafe.check("secret", "ls", "--format", "{{.Name}} {{.Driver}}")).isEqualTo("file file\ninput file\nvariable file\n");
        assertThat(carafe.check("secret", "ls")).startsWith("ID ").contains("NAME").contains("UPDATED");
        assertThat(carafe.check("secret", "ls", "--noheading", "-f", "name=inp")).contains("input").hasLineCount(1);
        assertThat(carafe.check("secret", "inspect", "-f", "{{.Spec.Name}} {{.Spec.Labels.a}} {{.Spec.Driver.Name}}", "input")).isEqualTo("input b file\n");
        assertThat(carafe.check("secret", "inspect", "file", "input", "variable")).doesNotContain("one").doesNotContain("two").doesNotContain("three");
        assertThat(carafe.check("run", "--rm", "--secret", "file", "--secret", "input", "--secret", "variable", "busybox", "sh", "-c", "cat /run/secrets/*"))
                .isEqualTo("onetwothree");
        assertThat(carafe.call("secret", "exists", "file").status()).isZero();
        assertThat(carafe.call("secret", "exists", "nope").status()).isEqualTo(1);
    }

    @Test
    void comeAsFilesAndVariablesWithOwnerAndMode() {
        made("key", "geheim");
        String id = carafe.detached("--name", "has", "--user", "7", "--secret", "key", "--secret", "key,target=/etc/app/key,uid=7,gid=8,mode=0400", "--secret", "key,type=env,target=KEY",
                "busybox", "sleep", "1000");
        assertThat(carafe.check("exec", "has", "sh", "-c", "stat -c '%a %u %g' /run/secrets/key /etc/app/key; cat /etc/app/key; echo; echo $KEY"))
                .isEqualTo("444 0 0\n400 7 8\ngeheim\ngeheim\n");
        assertThat(carafe.call("exec", "-u", "0", "has", "sh", "-c", "echo x > /run/secrets/key").error()).contains("Read-only");
        assertThat(carafe.check("inspect", "has")).doesNotContain("geheim").contains("\"Mode\": 256");
        // What the container has is a copy.
        carafe.check("secret", "rm", "key");
        carafe.check("restart", "-t", "0", "has");
        assertThat(carafe.check("exec", "has", "cat", "/run/secrets/key")).isEqualTo("geheim");
        carafe.check("commit", "has", "leaky");
        assertThat(carafe.check("run", "--rm", "leaky", "sh", "-c", "cat /run/secrets/key /etc/app/key 2>/dev/null; echo $KEY")).isEqualTo("\n");
        carafe.check("rm", "-f", "has");
        carafe.check("rmi", "leaky");
        assertThat(Files.exists(carafe.root().resolve("containers").resolve(id))).isFalse();
    }

    @Test
    void areReadableByTheSuperuserAlone() {
        String id = made("key", "geheim");
        Path directory = carafe.root().resolve("secrets");
        assertThat(Tools.check("stat", "-c", "%a %u", directory.toString(), directory.resolve(id).toString(), directory.resolve(id).resolve("data").toString()))
                .isEqualTo("700 0\n700 0\n600 0\n");
    }

    @Test
    void areRefusedWithPodmansReasons() {
        made("key", "geheim");
        String file = carafe.work().resolve("key").toString();
        String[][] refusals = {
            {"secret create key " + file, "secret name in use"},
            {"secret create -x " + file, ""},
            {"secret create a/b " + file, "start and end character must be"},
            {"secret create more /nope", "no such file"},
            {"secret create more /dev/null", "secret data must be larger than 0 and less than 512000 bytes"},
            {"secret create --env more NOPE_NOT_SET", "environment variable NOPE_NOT_SET is not set"},
            {"secret create -d pass more " + file, "there is no secret driver"},
            {"secret inspect nope", "no such secret"},
            {"secret rm nope", "no such secret"},
            {"run --secret nope busybox true", "no such secret"},
            {"run --secret key,type=foo busybox true", "type foo is invalid"},
            {"run --secret key,foo=1 busybox true", "option foo=1 invalid"},
            {"run --secret key,mode=9 busybox true", "mode 9 invalid"},
            {"run --secret key,type=env,uid=3 busybox true", "UID, GID, Mode options cannot be set with secret type env"},
            {"run --secret key --secret key busybox true", "Duplicate mount point: /run/secrets/key"},
        };
        for (String[] refusal : refusals) {
            Outcome outcome = carafe.call(List.of(refusal[0].split(" ")).toArray(String[]::new));
            assertThat(outcome.status()).as(refusal[0]).isNotZero();
            assertThat(outcome.error()).as(refusal[0]).contains(refusal[1]).doesNotContain("geheim");
        }
        assertThat(carafe.check("ps", "-aq")).isEmpty();
    }
}
