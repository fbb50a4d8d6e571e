package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The installed program on state directories of its own, which vanish with it. */
final class Carafe implements AutoCloseable {
    private final EngineMode mode;
    private final Path directory;
    private final String marker;
    private final List<String> prefix;
    private Residue residue;

    private Carafe(EngineMode mode, Path directory, List<String> prefix) {
        this.mode = mode;
        this.prefix = prefix;
        this.directory = directory;
        this.marker = directory.getFileName().toString();
        this.residue = new Residue(marker, List.of());
    }

    /** Skips the test where it cannot be: without root, or before the distribution has been built. */
    static Carafe open(EngineMode mode) {
        return open(mode, List.of());
    }

    /** On that host, with networks. */
    static Carafe open(EngineMode mode, TestHost host) {
        return open(mode, host.prefix());
    }

    private static Carafe open(EngineMode mode, List<String> prefix) {
        assumeThat(Tools.check("id", "-u").trim()).as("the user id: containers need root").isEqualTo("0");
        assumeThat(Files.isExecutable(program())).as(program() + " exists: build it with scripts/build").isTrue();
        try {
            var carafe = new Carafe(mode, Files.createTempDirectory("carafe-test-"), prefix);
            carafe.check("run", "--rm", "busybox", "true");
            carafe.mark();
            return carafe;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code build/dist/bin/carafe} of this source tree. */
    static Path program() {
        Path here = Path.of("").toAbsolutePath();
        Path top = Files.exists(here.resolve("conformance")) ? here : here.getParent();
        return top.resolve("build/dist/bin/carafe");
    }

    EngineMode mode() {
        return mode;
    }

    Path root() {
        return directory.resolve("root");
    }

    Path run() {
        return directory.resolve("run");
    }

    /** A directory for a test's own files. */
    Path work() {
        try {
            return Files.createDirectories(directory.resolve("work"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The control group above its containers' own. */
    String group() {
        return "/" + marker;
    }

    Residue residue() {
        return residue;
    }

    /** What is there now may stay. */
    void mark() {
        residue = new Residue(marker, List.of(root(), run()));
    }

    /** The command, not yet started; containers that it makes come below the group of this installation. */
    ProcessBuilder builder(String... words) {
        var all = new ArrayList<String>(prefix);
        all.add(program().toString());
        all.addAll(Arrays.asList(words));
        if (words.length > 0 && (words[0].equals("run") || words[0].equals("create") || words[0].equals("build"))) {
            all.add(prefix.size() + 2, "--cgroup-parent=" + group());
            // What is not about networks leaves those of the machine alone.
            if (prefix.isEmpty() && Arrays.stream(words).noneMatch(word -> word.startsWith("--net"))) {
                all.add(2, "--network=none");
            }
        }
        var builder = new ProcessBuilder(all).redirectInput(new File("/dev/null")).directory(work().toFile());
        builder.environment().put("CARAFE_ENGINE", mode.value());
        builder.environment().put("CARAFE_ENGINE_IDLE", "120");
        builder.environment().put("CARAFE_ROOT", root().toString());
        builder.environment().put("CARAFE_RUN_ROOT", run().toString());
        return builder;
    }

    Outcome call(String... words) {
        return new Running(builder(words)).await();
    }

    /** Its output; it must succeed. */
    String check(String... words) {
        Outcome outcome = call(words);
        assertThat(outcome.status()).as("%s: %s", List.of(words), outcome).isZero();
        return outcome.out();
    }

    /** One whose input is a pipe and that goes on. */
    Running start(String... words) {
        return new Running(builder(words).redirectInput(ProcessBuilder.Redirect.PIPE));
    }

    /** Starts a container in the background; its id. */
    String detached(String... words) {
        var all = new ArrayList<String>(List.of("run", "-d"));
        all.addAll(Arrays.asList(words));
        return check(all.toArray(String[]::new)).trim();
    }

    JsonObject inspect(String name) {
        JsonArray array = JsonParser.parseString(check("inspect", name)).getAsJsonArray();
        assertThat(array).hasSize(1);
        return array.get(0).getAsJsonObject();
    }

    JsonObject state(String name) {
        return inspect(name).getAsJsonObject("State");
    }

    int pid(String name) {
        return state(name).get("Pid").getAsInt();
    }

    boolean isRunning(String name) {
        return state(name).get("Running").getAsBoolean();
    }

    /** The ids of containers on disk, without asking anybody. */
    List<String> containers() {
        String[] names = root().resolve("containers").toFile().list();
        return names == null ? List.of() : Arrays.stream(names).filter(n -> !n.startsWith(".")).toList();
    }

    void removeContainers() {
        List<String> ids = containers();
        if (!ids.isEmpty()) {
            var words = new ArrayList<String>(List.of("rm", "-f"));
            words.addAll(ids);
            call(words.toArray(String[]::new));
        }
    }

    void removeVolumes() {
        String[] names = root().resolve("volumes").toFile().list((directory, name) -> !name.startsWith("."));
        if (names != null && names.length > 0) {
            var words = new ArrayList<String>(List.of("volume", "rm"));
            words.addAll(Arrays.asList(names));
            call(words.toArray(String[]::new));
        }
    }

    /** Kills the engine, if one runs; its containers go on. */
    void killEngine() {
        List<Long> engines = residue.engines();
        for (Long pid : engines) {
            if (Tools.read(Path.of("/proc/" + pid + "/cmdline")).contains("--engine")) {
                Tools.run("kill", "-KILL", pid.toString());
            }
        }
        // A process that ends gives its memory back first and its sockets later.
        Tools.await(() -> engines.stream().noneMatch(pid -> Files.exists(Path.of("/proc/" + pid))));
    }

    @Override
    public void close() {
        try (Residue last = residue) {
            removeContainers();
            killEngine();
            last.assertNone("after all");
        } finally {
            Tools.deleteTree(directory);
        }
    }
}
