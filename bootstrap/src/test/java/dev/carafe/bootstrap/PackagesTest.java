package dev.carafe.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.carafe.archive.ArchiveLimits;
import dev.carafe.archive.TarReader;
import dev.carafe.base.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackagesTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"1.0, 1.0, 0", "1.0, 1.1, -1", "1.10, 1.9, 1", "1:0.1, 9, 1", "1.0~rc1, 1.0, -1", "1.0-1, 1.0-2, -1", "1.0-1, 1.0-1+b1, -1", "1.0a, 1.0+, -1", "1.0, 1.0a, -1", "2.36-9+deb12u10, 2.36-9+deb12u9, 1", "1.0-0, 1.0, 0",
        "0:1, 1, 0"})
    void versionsAreInTheOrderOfDpkg(String one, String other, int order) {
        assertThat(Integer.signum(new DebVersion(one).compareTo(new DebVersion(other)))).isEqualTo(order);
        assertThat(Integer.signum(new DebVersion(other).compareTo(new DebVersion(one)))).isEqualTo(-order);
    }

    private static DebPackage debian(String name, String version, String depends, String provides) {
        return DebPackage.of(Map.of("package", name, "version", version, "depends", depends, "provides", provides), URI.create("file:/"));
    }

    @Test
    void whatIsNeededIsFound() {
        var resolver = new Resolver(List.of(debian("a", "1", "b (>= 2) | c, mail, d:any", ""), debian("b", "1", "", ""), debian("c", "1", "", ""), debian("exim", "4", "", "mail"), debian("d", "1", "", ""),
                debian("d", "2", "e (= 1:3)", ""), debian("f", "1", "", "e (= 1:3)")));
        assertThat(resolver.closure(List.of("a")).keySet()).containsExactly("a", "c", "d", "exim", "f");
        assertThat(resolver.closure(List.of("d")).get("d").version().text()).isEqualTo("2");
        assertThatThrownBy(() -> resolver.closure(List.of("nosuch"))).isInstanceOf(Fault.class).hasMessageContaining("\"nosuch\"");
        assertThatThrownBy(() -> new Resolver(List.of(debian("a", "1", "b (>> 1)", ""), debian("b", "1", "", ""))).closure(List.of("a"))).isInstanceOf(Fault.class).hasMessageContaining("suits a");
    }

    @Test
    void bothFormsOfSourcesAreRead() throws IOException {
        Files.writeString(directory.resolve("sources.list"), "# one\ndeb [arch=amd64 signed-by=/keys.gpg] http://one.example/debian bookworm main contrib\ndeb-src http://one.example/debian bookworm main\ndeb ftp://x/y z main\n");
        Files.createDirectory(directory.resolve("sources.list.d"));
        Files.writeString(directory.resolve("sources.list.d/two.sources"), "Types: deb deb-src\nURIs: https://two.example/debian/\nSuites: trixie trixie-updates\nComponents: main\nSigned-By: /two.gpg\n\nTypes: deb\nEnabled: no\nURIs: http://x/\nSuites: y\n");
        List<AptSource> sources = AptSource.configured(directory);
        assertThat(sources).extracting(AptSource::suite).containsExactly("bookworm", "trixie", "trixie-updates");
        assertThat(sources.getFirst()).isEqualTo(new AptSource(URI.create("http://one.example/debian/"), "bookworm", List.of("main", "contrib"), Optional.of(Path.of("/keys.gpg"))));
        assertThat(sources.get(2).signedBy()).contains(Path.of("/two.gpg"));
    }

    private String run(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(List.of(words) + ": " + out).isZero();
        return out;
    }

    @Test
    void aSignedTextIsBelievedOnlyWhenItIsTheSignedText() throws Exception {
        assumeThat(Path.of("/usr/bin/gpg")).as("gpg, which signs").exists();
        String home = Files.createDirectory(directory.resolve("home")).toString();
        run("chmod", "700", home);
        Path text = Files.writeString(directory.resolve("text"), "Suite: test  \n- dash\n\nlast line\n");
        for (String algorithm : List.of("rsa2048", "ed25519")) {
            String user = algorithm + "@example";
            run("gpg", "--homedir", home, "--batch", "--passphrase", "", "--quick-generate-key", user, algorithm, "sign", "1d");
            Path keys = directory.resolve(algorithm + ".gpg");
            run("gpg", "--homedir", home, "--batch", "--output", keys.toString(), "--export", user);
            String armoured = run("gpg", "--homedir", home, "--batch", "--armor", "--export", user);
            String signed = run("gpg", "--homedir", home, "--batch", "--quiet", "--passphrase", "", "--local-user", user, "--digest-algo", "SHA512", "--clearsign", "--output", "-", text.toString());
            assertThat(new OpenPgp(List.of(keys)).verified(signed, "text")).isEqualTo("Suite: test\n- dash\n\nlast line\n");
            Path asc = Files.writeString(directory.resolve(algorithm + ".asc"), armoured);
            assertThat(new OpenPgp(List.of(asc)).verified(signed, "text")).startsWith("Suite");
            assertThatThrownBy(() -> new OpenPgp(List.of(keys)).verified(signed.replace("last", "lost"), "text")).isInstanceOf(Fault.class).hasMessageContaining("no good signature");
            assertThatThrownBy(() -> new OpenPgp(List.of()).verified(signed, "text")).isInstanceOf(Fault.class).hasMessageContaining("no good signature");
            assertThatThrownBy(() -> new OpenPgp(List.of(keys)).verified("Suite: test\n", "text")).isInstanceOf(Fault.class).hasMessageContaining("no signed text");
        }
        run("gpgconf", "--homedir", home, "--kill", "all");
    }

    @Test
    void whatAPackageInstallsIsReadInEveryCompression() throws Exception {
        assumeThat(Path.of("/usr/bin/dpkg-deb")).as("dpkg-deb, which makes packages").exists();
        Path tree = Files.createDirectories(directory.resolve("tree"));
        Files.createDirectories(tree.resolve("DEBIAN"));
        Files.createDirectories(tree.resolve("bin"));
        Files.writeString(tree.resolve("DEBIAN/control"), "Package: small\nVersion: 1\nArchitecture: all\nMaintainer: ada\nDescription: small\n");
        Files.writeString(tree.resolve("bin/small"), "#!/bin/sh\n");
        for (String compression : List.of("xz", "zstd", "gzip", "none")) {
            Path deb = directory.resolve(compression + ".deb");
            run("dpkg-deb", "-Z" + compression, "--build", tree.toString(), deb.toString());
            try (InputStream data = DebFile.data(deb)) {
                var reader = new TarReader(data, ArchiveLimits.DEFAULT);
                boolean found = false;
                for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
                    found |= entry.get().path().endsWith("bin/small") && new String(reader.content().readAllBytes(), StandardCharsets.UTF_8).equals("#!/bin/sh\n");
                }
                assertThat(found).as(compression).isTrue();
            }
        }
        assertThatThrownBy(() -> DebFile.data(Files.writeString(directory.resolve("not.deb"), "no"))).isInstanceOf(Fault.class).hasMessageContaining("no ar archive");
    }
}
