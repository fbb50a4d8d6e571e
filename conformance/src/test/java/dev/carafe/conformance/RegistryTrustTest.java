package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Who registries are, who asks them, and along which way. */
class RegistryTrustTest extends RegistrySuite {
    @Test
    void passwordsAreCheckedKeptAndForgotten() {
        registry.close();
        // The password is lovelace, by bcrypt.
        Path users = Tools.write(carafe.work().resolve("htpasswd"), "ada:$2y$05$abcdefghijklmnopqrstuuugyJgZetmHGvxwCJ1rpgM8bgT8KJ8.i\n");
        registry = DebianRegistry.start(carafe.work(), "auth: {htpasswd: {realm: cellar, path: " + users + "}}\n");
        Path home = carafe.work().resolve("home-" + registry.domain().hashCode());
        String name = registry.name("app:1");
        carafe.check("tag", "busybox", name);
        Outcome refused = with(carafe.builder("push", name), "HOME", home.toString());
        assertThat(refused.error()).contains("asks for credentials").contains("carafe login " + registry.domain()).hasLineCount(1);
        Outcome wrong = login(home, "babbage");
        assertThat(wrong.status()).isEqualTo(1);
        assertThat(wrong.error()).contains("does not accept").hasLineCount(1);
        assertThat(home.resolve(".docker/config.json")).doesNotExist();
        assertThat(login(home, "lovelace").out()).isEqualTo("Login Succeeded\n");
        assertThat(with(carafe.builder("login", "--get-login", registry.domain()), "HOME", home.toString()).out()).isEqualTo("ada\n");
        assertThat(with(carafe.builder("push", name), "HOME", home.toString()).status()).isZero();
        carafe.check("rmi", name);
        assertThat(with(carafe.builder("pull", name), "HOME", home.toString()).status()).isZero();
        assertThat(carafe.call("pull", "--creds", "ada:lovelace", name).status()).isZero();
        assertThat(with(carafe.builder("logout", registry.domain()), "HOME", home.toString()).out()).contains("Removing login credentials for " + registry.domain());
        assertThat(with(carafe.builder("pull", name), "HOME", home.toString()).status()).isEqualTo(1);
    }

    private Outcome login(Path home, String password) {
        ProcessBuilder builder = carafe.builder("login", "-u", "ada", "--password-stdin", registry.domain());
        builder.redirectInput(Tools.write(carafe.work().resolve("password"), password + "\n").toFile());
        return with(builder, "HOME", home.toString());
    }

    @Test
    void certificatesAreCheckedAgainstWhatIsTrusted() {
        assumeThat(Tools.has("openssl")).as("openssl is installed: the certificate is made with it").isTrue();
        registry.close();
        Path key = carafe.work().resolve("server.key");
        Path certificate = carafe.work().resolve("server.crt");
        Tools.check("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key.toString(), "-out", certificate.toString(), "-days", "2", "-subj", "/CN=127.0.0.1",
                "-addext", "subjectAltName=IP:127.0.0.1");
        registry = DebianRegistry.start(carafe.work(), "  tls: {certificate: " + certificate + ", key: " + key + "}\n");
        String name = registry.name("app:1");
        carafe.check("tag", "busybox", name);
        assertThat(carafe.call("push", name).error()).contains("TLS").contains("--tls-verify=false").hasLineCount(1);
        carafe.check("push", "--tls-verify=false", name);
        Path home = carafe.work().resolve("trusting");
        Path directory = home.resolve(".config/containers/certs.d/" + registry.domain());
        assertThat(directory.toFile().mkdirs()).isTrue();
        Tools.check("cp", certificate.toString(), directory.resolve("ca.crt").toString());
        assertThat(with(carafe.builder("pull", name), "HOME", home.toString()).status()).isZero();
        assertThat(with(carafe.builder("pull", "--tls-verify=true", name), "HOME", home.toString()).status()).isZero();
        Tools.deleteTree(home);
    }
}
