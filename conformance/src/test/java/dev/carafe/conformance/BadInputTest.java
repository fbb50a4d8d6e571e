package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What cannot be: the message names the object, the status is docker's, nothing is left. */
class BadInputTest extends CommandSuite {
    private static void refused(int status, String named, String... words) {
        Outcome outcome = carafe.call(words);
        assertThat(outcome.status()).as("%s: %s", List.of(words), outcome).isEqualTo(status);
        assertThat(outcome.error()).as("%s", List.of(words)).contains(named).doesNotContain("Exception").doesNotContain("\tat ");
        assertThat(outcome.error().lines().count()).as(outcome.error()).isBetween(1L, 2L);
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void unknownImages() {
        refused(125, "nosuch:1", "run", "--rm", "nosuch:1");
        refused(1, "nosuch", "rmi", "nosuch");
        refused(125, "BAD NAME", "run", "--rm", "BAD NAME");
    }

    @Test
    void aRegistryThatIsNotThere() {
        Outcome outcome = carafe.call("run", "--rm", "127.0.0.1:1/app");
        assertThat(outcome.status()).isEqualTo(125);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.error().lines().toList()).last().asString().startsWith("carafe: ").contains("127.0.0.1:1", "refused");
    }

    @Test
    void commandsThatCannotBeExecuted() {
        refused(127, "nosuch", "run", "--rm", "busybox", "nosuch");
        refused(127, "/no/such", "run", "--rm", "busybox", "/no/such");
        refused(126, "/etc/passwd", "run", "--rm", "busybox", "/etc/passwd");
        refused(126, "/etc", "run", "--rm", "busybox", "/etc");
        Path script = Tools.write(carafe.work().resolve("script"), "no interpreter line\n");
        script.toFile().setExecutable(true, false);
        assertThat(carafe.call("run", "--rm", "-v", script + ":/script", "busybox", "/script").status()).isIn(126, 127);
    }

    @Test
    void directoriesAndUsersThatCannotBeUsed() {
        refused(125, "/etc/passwd", "run", "--rm", "-w", "/etc/passwd", "busybox", "true");
        refused(125, "relative", "run", "--rm", "-w", "relative", "busybox", "true");
        refused(125, "nosuchuser", "run", "--rm", "-u", "nosuchuser", "busybox", "true");
        refused(125, "nosuchgroup", "run", "--rm", "-u", "root:nosuchgroup", "busybox", "true");
    }

    @Test
    void malformedOptions() {
        refused(125, "--bogus", "run", "--bogus", "busybox");
        refused(125, "-m", "run", "-m", "lots", "busybox");
        refused(125, "cpus", "run", "--cpus", "many", "busybox");
        refused(125, "a:b:c:d", "run", "-v", "a:b:c:d", "busybox");
        refused(125, "banana", "run", "--mount", "type=banana,target=/x", "busybox");
        refused(125, "bad name", "run", "--name", "bad name", "busybox");
        refused(125, "nowhere", "run", "--rm", "--network", "nowhere", "busybox", "true");
        refused(125, "/no/such/file", "run", "--env-file", "/no/such/file", "busybox");
        refused(125, "/no/device", "run", "--rm", "--device", "/no/device", "busybox", "true");
        refused(125, "SIGBOGUS", "run", "--rm", "--stop-signal", "SIGBOGUS", "busybox", "true");
        refused(1, "'nonsense'", "nonsense");
        refused(125, "--bogus", "ps", "--bogus");
        refused(125, "--bogus", "--bogus");
        refused(125, "port publishing", "run", "-p", "80:80", "busybox");
        refused(125, "CPUs", "run", "--rm", "--cpus", "9000", "busybox");
        refused(125, "cpuset cpus", "run", "--rm", "--cpuset-cpus", "9000-x", "busybox");
    }

    @Test
    void containersThatDoNotExist() {
        for (String command : List.of("start", "stop", "kill", "rm", "logs", "inspect", "wait", "attach", "explain")) {
            Outcome outcome = carafe.call(command, "nobody");
            assertThat(outcome.status()).as(command).isEqualTo(1);
            assertThat(outcome.error()).as(command).contains("nobody").hasLineCount(1);
        }
    }

    @Test
    void aFaultInOneOfSeveralDoesNotSpareTheOthers() {
        carafe.check("create", "--name", "first", "busybox");
        carafe.check("create", "--name", "last", "busybox");
        Outcome outcome = carafe.call("rm", "first", "nobody", "last");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.out()).isEqualTo("first\nlast\n");
        assertThat(carafe.containers()).isEmpty();
    }

    @Test
    void aFullDisk() throws IOException {
        Path disk = Files.createDirectories(carafe.work().resolve("full-disk"));
        Tools.check("mount", "-t", "tmpfs", "-o", "size=8m", "full-disk", disk.toString());
        try {
            fillAndTry(disk);
        } finally {
            for (Long pid : carafe.residue().engines()) {
                if (Tools.read(Path.of("/proc/" + pid + "/environ")).contains("full-disk")) {
                    Tools.run("kill", "-KILL", pid.toString());
                }
            }
            Tools.await(() -> Tools.run("umount", disk.toString()).status() == 0);
        }
    }

    private static Outcome onDisk(Path disk, String... words) {
        ProcessBuilder builder = carafe.builder(words);
        builder.environment().put("CARAFE_ROOT", disk.resolve("root").toString());
        builder.environment().put("CARAFE_RUN_ROOT", disk.resolveSibling("full-disk-run").toString());
        return new Running(builder).await();
    }

    private static void fillAndTry(Path disk) throws IOException {
        assertThat(onDisk(disk, "run", "--rm", "busybox", "echo", "fits").out()).isEqualTo("fits\n");
        assertThat(onDisk(disk, "run", "--name", "filler", "busybox", "sh", "-c", "cat /dev/zero > /file").status()).as("the status is the program's own, though the record of it does not fit").isEqualTo(1);
        Outcome outcome = onDisk(disk, "run", "--rm", "busybox", "true");
        assertThat(outcome.status()).isEqualTo(125);
        assertThat(outcome.error()).contains("no space left").hasLineCount(1);
        try (Stream<Path> containers = Files.list(disk.resolve("root/containers"))) {
            assertThat(containers).as("only the one that filled it").hasSize(1);
        }
        assertThat(onDisk(disk, "rm", "filler").status()).as("what fills a disk can be removed").isZero();
        assertThat(onDisk(disk, "run", "--rm", "busybox", "echo", "again").out()).isEqualTo("again\n");
    }

    @Test
    void aCorruptBlob() throws IOException {
        Path file = carafe.work().resolve("layout");
        Tools.check("cp", "-r", Carafe.program().getParent().getParent().resolve("share/busybox").toString(), file.toString());
        Path blob;
        try (Stream<Path> blobs = Files.list(file.resolve("blobs/sha256"))) {
            blob = blobs.max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length())).orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(blob);
        bytes[bytes.length / 2] ^= 1;
        Files.write(blob, bytes);
        carafe.removeContainers();
        carafe.check("rmi", "-f", "busybox");
        carafe.mark();
        Outcome outcome = carafe.call("load", "-i", file.toString());
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.error()).contains(blob.getFileName().toString().substring(0, 12)).hasLineCount(1);
        assertThat(carafe.check("run", "--rm", "busybox", "echo", "sound")).isEqualTo("sound\n");
        carafe.mark();
    }

    @Test
    void aBlobThatRottedInTheStore() throws IOException {
        carafe.check("tag", "busybox", "rotten:1");
        String id = carafe.check("images", "-q", "--no-trunc", "rotten:1").trim().substring("sha256:".length());
        Path blob = carafe.root().resolve("content/blobs/sha256").resolve(id);
        byte[] sound = Files.readAllBytes(blob);
        byte[] bytes = sound.clone();
        bytes[bytes.length / 2] ^= 1;
        carafe.killEngine();
        Files.delete(blob);
        Files.write(blob, bytes);
        try {
            Outcome outcome = carafe.call("run", "--rm", "rotten:1", "true");
            assertThat(outcome.status()).as(outcome.toString()).isEqualTo(125);
            assertThat(outcome.error()).contains(id.substring(0, 12)).hasLineCount(1);
        } finally {
            Files.write(blob, sound);
            carafe.killEngine();
            carafe.check("rmi", "rotten:1");
        }
    }
}
