package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How output is kept: limits, packing, drivers and their options. */
class LogDriverTest extends CommandSuite {
    private static Path directory(String name) {
        return carafe.root().resolve("containers").resolve(carafe.inspect(name).get("Id").getAsString());
    }

    private static List<String> files(String name) {
        try (Stream<Path> entries = Files.list(directory(name))) {
            return entries.map(p -> p.getFileName().toString()).filter(n -> n.startsWith("log")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Numbered lines, of 8 characters each. */
    private static String lines(int count) {
        return "i=1000000; while [ $i -lt " + (1000000 + count) + " ]; do echo $i; i=$((i+1)); done";
    }

    @Test
    void keepsNoMoreThanWasAllowed() {
        carafe.detached("--name", "limited", "--log-opt", "max-size=16k", "--log-opt", "max-file=3", "busybox", "sh", "-c", lines(20000));
        carafe.check("wait", "limited");
        assertThat(files("limited")).containsExactly("log", "log.1", "log.2");
        for (String file : files("limited")) {
            // One piece more may have been taken in one go.
            assertThat(size(directory("limited").resolve(file))).isLessThan(16 * 1024 + 33 * 1024);
        }
        List<String> kept = carafe.check("logs", "limited").lines().toList();
        assertThat(kept).hasSizeGreaterThan(600).hasSizeLessThan(20000);
        // The newest, all of them, in order; the oldest file may begin within a line.
        for (int k = 1; k < kept.size(); k++) {
            assertThat(kept.get(kept.size() - k)).isEqualTo(Integer.toString(1000000 + 20000 - k));
        }
    }

    @Test
    void losesNothingWithinItsLimits() {
        carafe.detached("--name", "enough", "--log-opt", "max-size=30k", "--log-opt", "max-file=50", "busybox", "sh", "-c", lines(20000));
        carafe.check("wait", "enough");
        assertThat(files("enough").size()).isBetween(3, 30);
        assertThat(carafe.check("logs", "enough").lines().count()).isEqualTo(20000);
        assertThat(carafe.check("logs", "-n", "2", "enough")).isEqualTo("1019998\n1019999\n");
    }

    @Test
    void followsAcrossFiles() {
        try (Running follower = following()) {
            Outcome outcome = follower.await();
            assertThat(outcome.out().lines().count()).isEqualTo(5000);
            assertThat(outcome.out()).startsWith("1000000\n").endsWith("1004999\n");
        }
    }

    private static Running following() {
        carafe.detached("--name", "followed", "--log-opt", "max-size=20k", "--log-opt", "max-file=100", "busybox", "sh", "-c",
                "while [ ! -e /go ]; do sleep 0.05; done; " + lines(5000));
        Running follower = carafe.start("logs", "-f", "followed");
        carafe.check("exec", "followed", "touch", "/go");
        return follower;
    }

    @Test
    void packsWhatWasMovedAside() {
        carafe.detached("--name", "packed", "--log-driver", "local", "--log-opt", "max-size=20k", "--log-opt", "max-file=4", "busybox", "sh", "-c",
                lines(20000) + "; sleep 1000");
        Tools.await(() -> files("packed").stream().filter(name -> name.endsWith(".gz")).count() == 3 && files("packed").size() == 4);
        List<String> kept = carafe.check("logs", "packed").lines().toList();
        assertThat(kept.getLast()).isEqualTo("1019999");
        for (int k = 1; k < kept.size(); k++) {
            assertThat(kept.get(kept.size() - k)).isEqualTo(Integer.toString(1000000 + 20000 - k));
        }
        assertThat(kept).hasSizeGreaterThan(600);
        assertThat(carafe.inspect("packed").getAsJsonObject("HostConfig").getAsJsonObject("LogConfig").toString())
                .isEqualTo("{\"Type\":\"local\",\"Config\":{\"max-file\":\"4\",\"max-size\":\"20k\"}}");
    }

    @Test
    void tellsLabelsAndVariablesOfEachLine() {
        carafe.detached("--name", "told", "--label", "app=w b", "--label", "other=x", "-e", "STAGE=prod", "-e", "NO=1", "--log-opt", "labels=app,none", "--log-opt",
                "env-regex=^ST", "--log-opt", "tag={{.Name}}", "busybox", "echo", "hi");
        carafe.check("wait", "told");
        assertThat(carafe.check("logs", "--details", "told")).isEqualTo("STAGE=prod,app=w+b,tag=told hi\n");
        assertThat(carafe.check("logs", "told")).isEqualTo("hi\n");
    }

    @Test
    void takesBothModes() {
        for (String[] options : new String[][] {{"--log-opt", "mode=blocking"}, {"--log-opt", "mode=non-blocking", "--log-opt", "max-buffer-size=1m"}}) {
            var words = new java.util.ArrayList<>(List.of("run", "--name", "modal"));
            words.addAll(List.of(options));
            words.addAll(List.of("busybox", "sh", "-c", lines(3000)));
            assertThat(carafe.check(words.toArray(String[]::new)).lines().count()).isEqualTo(3000);
            assertThat(carafe.check("logs", "modal").lines().count()).isEqualTo(3000);
            carafe.check("rm", "modal");
        }
    }

    private static Path copy(String name) {
        return Path.of(carafe.inspect(name).get("LogPath").getAsString());
    }

    @Test
    void writesDockersFileForThoseWhoReadIt() {
        carafe.detached("--name", "json", "--log-driver", "json-file", "--label", "app=web", "--log-opt", "labels=app", "busybox", "sh", "-c",
                "printf 'a \"<b>\"\\n\\001part'; sleep 0.3; echo ' rest'; echo wrong >&2; sleep 1000");
        String id = carafe.inspect("json").get("Id").getAsString();
        assertThat(copy("json")).isEqualTo(directory("json").resolve(id + "-json.log"));
        Tools.await(() -> Tools.read(copy("json")).contains("wrong"));
        List<String> lines = Tools.read(copy("json")).lines().toList();
        String rest = ",\"stream\":\"stdout\",\"attrs\":{\"app\":\"web\"},\"time\":\"";
        assertThat(lines.get(0)).startsWith("{\"log\":\"a \\\"\\u003cb\\u003e\\\"\\n\"" + rest).matches(".*\"time\":\"\\d{4}-\\d\\d-\\d\\dT[0-9:]{8}\\.\\d{9}Z\"}");
        assertThat(lines.get(1)).startsWith("{\"log\":\"\\u0001part\"" + rest);
        assertThat(lines.get(2)).startsWith("{\"log\":\" rest\\n\"" + rest);
        assertThat(lines.get(3)).startsWith("{\"log\":\"wrong\\n\",\"stream\":\"stderr\"");
        assertThat(carafe.check("logs", "json")).isEqualTo("a \"<b>\"\n\u0001part rest\n");
    }

    @Test
    void goesOnWithTheFileAfterAKill() {
        carafe.detached("--name", "json", "--log-driver", "json-file", "busybox", "sh", "-c", "i=0; while [ $i -lt 400 ]; do echo $i; i=$((i+1)); sleep 0.01; done");
        Tools.await(() -> Tools.read(copy("json")).contains("\"20\\n\""));
        carafe.killEngine();
        carafe.check("wait", "json");
        Tools.await(() -> Tools.read(copy("json")).contains("\"399\\n\""));
        List<String> lines = Tools.read(copy("json")).lines().toList();
        assertThat(lines).hasSize(400);
        for (int k = 0; k < 400; k++) {
            assertThat(lines.get(k)).startsWith("{\"log\":\"" + k + "\\n\"");
        }
    }

    @Test
    void boundsAndPacksTheFileAsDockerDoes() {
        carafe.detached("--name", "json", "--log-driver", "json-file", "--log-opt", "max-size=10k", "--log-opt", "max-file=3", "--log-opt", "compress=true", "busybox",
                "sh", "-c", lines(5000) + "; echo the end");
        carafe.check("wait", "json");
        Path file = copy("json");
        // Files are renamed while the keeper still writes.
        Tools.await(() -> Tools.read(file).contains("the end") || Tools.run("zcat", file + ".1.gz").out().contains("the end"));
        Tools.await(() -> Files.exists(Path.of(file + ".1.gz")) && Files.exists(Path.of(file + ".2.gz")));
        assertThat(Files.exists(Path.of(file + ".3.gz"))).isFalse();
        assertThat(Tools.check("sh", "-c", "zcat " + file + ".2.gz").lines()).isNotEmpty().allMatch(line -> line.startsWith("{\"log\":\"1") && line.endsWith("Z\"}"));
    }

    @Test
    void writesKubernetesLines() {
        carafe.detached("--name", "k8s", "--log-driver", "k8s-file", "busybox", "sh", "-c", "echo whole; printf part; sleep 0.2; echo wrong >&2");
        carafe.check("wait", "k8s");
        Tools.await(() -> Tools.read(copy("k8s")).contains("wrong"));
        assertThat(copy("k8s").getFileName().toString()).isEqualTo("ctr.log");
        assertThat(Tools.read(copy("k8s"))).containsPattern("(?m)^\\d{4}-\\d\\d-\\d\\dT[0-9:.]{18}\\+00:00 stdout F whole$").containsPattern("(?m) stdout P part$")
                .containsPattern("(?m) stderr F wrong$");
    }

    @Test
    void refusesWhatADriverDoesNotTake() {
        String[][] refusals = {
            {"--log-driver=syslog", "the drivers are carafe, local"},
            {"--log-opt=foo=1", "unknown log opt 'foo' for carafe log driver"},
            {"--log-opt=max-size=-1", "not a size"},
            {"--log-opt=max-size=0", "max-size must be a positive number"},
            {"--log-opt=max-file=0", "max-file cannot be less than 1"},
            {"--log-opt=compress=true", "compress cannot be true when max-file is less than 2 or max-size is not set"},
            {"--log-opt=mode=sideways", "logger: invalid logging mode: sideways"},
            {"--log-opt=max-buffer-size=1m", "max-buffer-size option is only supported with 'mode=non-blocking'"},
            {"--log-opt=env-regex=(", "is no regular expression"},
        };
        for (String[] refusal : refusals) {
            Outcome outcome = carafe.call("run", "--rm", refusal[0], "busybox", "true");
            assertThat(outcome.status()).as(refusal[0]).isEqualTo(125);
            assertThat(outcome.error()).contains(refusal[1]).hasLineCount(1);
        }
    }

    @Test
    void aFollowerWhoseReaderIsGoneEnds() {
        carafe.detached("--name", "silent", "busybox", "sleep", "1000");
        Running follower = carafe.start("logs", "-f", "silent");
        Tools.await(() -> Tools.read(Path.of("/proc/" + follower.pid() + "/cmdline")).contains("logs"));
        Tools.run("kill", "-KILL", Long.toString(follower.pid()));
        // Its engine has nobody to follow for: what it had open is closed again.
        carafe.check("rm", "-f", "silent");
        Tools.await(() -> carafe.residue().engines().stream().noneMatch(pid -> openFiles(pid).anyMatch(name -> name.contains("/log"))));
    }

    private static Stream<String> openFiles(long pid) {
        try (Stream<Path> entries = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return entries.map(path -> {
                try {
                    return Files.readSymbolicLink(path).toString();
                } catch (IOException closed) {
                    return "";
                }
            }).toList().stream();
        } catch (IOException gone) {
            return Stream.empty();
        }
    }
}
