package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
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

    @Test
    void aRegistryIsReachedThroughAProxyThatWantsAPassword() throws IOException {
        assumeThat(Tools.has("openssl")).as("openssl is installed: the certificate is made with it").isTrue();
        try (var proxy = new ForwardProxy(registry.port(), "ada:love lace")) {
            String name = "registry.example:5000/app:1";
            carafe.check("tag", "busybox", name);
            assertThat(through(proxy, "ada:wrong", "push", "--tls-verify=false", name).error()).contains("407").hasLineCount(1);
            assertThat(proxy.requests).isEmpty();
            assertThat(through(proxy, "ada:love%20lace", "push", "-q", "--tls-verify=false", name).error()).isEmpty();
            assertThat(proxy.requests).anyMatch(line -> line.startsWith("PUT http://registry.example:5000/v2/app/manifests/1"));
            int before = proxy.requests.size();
            ProcessBuilder excepted = carafe.builder("pull", "--retry=0", "--tls-verify=false", name);
            excepted.environment().put("NO_PROXY", "other.example,.example:5000");
            excepted.environment().put("HTTP_PROXY", "http://127.0.0.1:" + proxy.port());
            assertThat(new Running(excepted).await().error()).contains("no address for that host");
            assertThat(proxy.requests).hasSize(before);
            carafe.check("rmi", name);
        }
        secure("");
        try (var proxy = new ForwardProxy(registry.port(), "ada:lovelace")) {
            String name = "registry.example:5000/app:2";
            carafe.check("tag", "busybox", name);
            String certificates = carafe.work().resolve("certificates").toString();
            assertThat(through(proxy, "ada:wrong", "push", "--retry=0", "--cert-dir", certificates, name).status()).isEqualTo(1);
            assertThat(through(proxy, "ada:lovelace", "push", "-q", "--cert-dir", certificates, name).error()).isEmpty();
            assertThat(proxy.requests).isNotEmpty().allMatch(line -> line.startsWith("CONNECT registry.example:5000"));
            carafe.check("rmi", name);
        } finally {
            Tools.deleteTree(carafe.work().resolve("certificates"));
        }
    }

    private static Outcome through(ForwardProxy proxy, String user, String... words) {
        ProcessBuilder builder = carafe.builder(words);
        builder.environment().put("HTTP_PROXY", "http://" + user + "@127.0.0.1:" + proxy.port());
        builder.environment().put("HTTPS_PROXY", "http://" + user + "@127.0.0.1:" + proxy.port());
        return new Running(builder).await();
    }

    /** A registry with a certificate for 127.0.0.1 and registry.example, whose authority lies in the directory {@code certificates}. */
    private void secure(String more) {
        registry.close();
        Path directory = carafe.work().resolve("certificates");
        Tools.deleteTree(directory);
        assertThat(directory.toFile().mkdirs()).isTrue();
        Path key = carafe.work().resolve("secure.key");
        Tools.check("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key.toString(), "-out", directory.resolve("ca.crt").toString(), "-days", "2",
                "-subj", "/CN=registry.example", "-addext", "subjectAltName=IP:127.0.0.1,DNS:registry.example");
        registry = DebianRegistry.start(carafe.work(), "  tls: {certificate: " + directory.resolve("ca.crt") + ", key: " + key + more + "}\n");
    }

    @Test
    void aClientShowsItsCertificateAndSpeaksHttp2() {
        assumeThat(Tools.has("openssl")).as("openssl is installed: certificates are made with it").isTrue();
        Path client = carafe.work().resolve("client.crt");
        Path key = carafe.work().resolve("client.pem");
        Tools.check("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key.toString(), "-out", client.toString(), "-days", "2", "-subj", "/CN=ada");
        secure(", clientcas: [" + client + "]");
        String name = registry.name("app:1");
        carafe.check("tag", "busybox", name);
        Path directory = carafe.work().resolve("certificates");
        // A server may say why, or just hang up.
        assertThat(carafe.call("push", "--retry=0", "--cert-dir", directory.toString(), name).error()).containsAnyOf("TLS", "the connection broke").hasLineCount(1);
        Tools.check("cp", client.toString(), directory.resolve("ada.cert").toString());
        assertThat(carafe.call("push", "--retry=0", "--cert-dir", directory.toString(), name).error()).contains("ada.key", "missing").hasLineCount(1);
        Tools.check("cp", key.toString(), directory.resolve("ada.key").toString());
        carafe.check("push", "--cert-dir", directory.toString(), name);
        carafe.check("rmi", name);
        carafe.check("pull", "--cert-dir", directory.toString(), name);
        assertThat(registry.log()).contains("HTTP/2.0").doesNotContain("HTTP/1.1\" 20");
        Tools.deleteTree(directory);
    }
}
