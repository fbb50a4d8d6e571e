package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** A bundle with busybox for a root, and the runtime with a state root of its own beside it. */
final class RuntimeBundle {
    private final Carafe carafe;
    private final Path directory;

    RuntimeBundle(Carafe carafe) {
        this.carafe = carafe;
        try {
            directory = Files.createTempDirectory(carafe.work(), "bundle-");
            Path bin = Files.createDirectories(directory.resolve("rootfs/bin"));
            for (String name : List.of("proc", "sys", "dev", "etc", "tmp")) {
                Files.createDirectories(directory.resolve("rootfs").resolve(name));
            }
            Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"), StandardCopyOption.COPY_ATTRIBUTES);
            for (String name : List.of("sh", "sleep", "cat", "echo", "true", "id", "env", "pwd", "tty", "kill", "dd", "grep", "ls", "readlink", "mkdir", "chmod")) {
                Files.createSymbolicLink(bin.resolve(name), Path.of("busybox"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        check("spec", "--bundle", directory.toString());
        edit(config -> {
            config.getAsJsonObject("process").addProperty("terminal", false);
            config.getAsJsonObject("root").addProperty("readonly", false);
            config.getAsJsonObject("linux").addProperty("cgroupsPath", carafe.group() + "/" + directory.getFileName());
        });
    }

    static Path program() {
        return Carafe.program().resolveSibling("carafe-runtime");
    }

    Path directory() {
        return directory;
    }

    Path state() {
        return directory.resolve("state");
    }

    JsonObject config() {
        return JsonParser.parseString(Tools.read(directory.resolve("config.json"))).getAsJsonObject();
    }

    RuntimeBundle edit(Consumer<JsonObject> change) {
        JsonObject config = config();
        change.accept(config);
        Tools.write(directory.resolve("config.json"), config.toString());
        return this;
    }

    /** What its process runs. */
    RuntimeBundle runs(String... words) {
        return edit(config -> {
            var args = new JsonArray();
            Arrays.stream(words).forEach(args::add);
            config.getAsJsonObject("process").add("args", args);
        });
    }

    ProcessBuilder builder(String... words) {
        var all = new ArrayList<String>(List.of(program().toString(), "--root", state().toString()));
        all.addAll(Arrays.asList(words));
        return prepare(new ProcessBuilder(all));
    }

    /** A command that calls the runtime itself: {@code $RUNTIME} stands for it and its state root. */
    Outcome shell(String script) {
        var builder = prepare(new ProcessBuilder("sh", "-c", script));
        builder.environment().put("RUNTIME", program() + " --root " + state());
        return new Running(builder).await();
    }

    private ProcessBuilder prepare(ProcessBuilder builder) {
        ProcessBuilder prototype = carafe.builder("version");
        builder.environment().putAll(prototype.environment());
        return builder.redirectInput(prototype.redirectInput()).directory(directory.toFile());
    }

    /** What leaves a container or process behind leaves it the output too, so that is a file then. */
    Outcome call(String... words) {
        List<String> all = List.of(words);
        if (!all.contains("create") && !all.contains("-d")) {
            return new Running(builder(words)).await();
        }
        try {
            Path out = directory.resolve("out");
            Path error = directory.resolve("error");
            Process process = builder(words).redirectOutput(out.toFile()).redirectError(error.toFile()).start();
            return new Outcome(process.onExit().join().exitValue(), Files.readAllBytes(out), Files.readString(error));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String check(String... words) {
        Outcome outcome = call(words);
        assertThat(outcome.status()).as("%s: %s", List.of(words), outcome).isZero();
        return outcome.out();
    }

    JsonObject stateOf(String id) {
        return JsonParser.parseString(check("state", id)).getAsJsonObject();
    }

    String status(String id) {
        return stateOf(id).get("status").getAsString();
    }

    boolean becomes(String id, String status) {
        return Tools.await(() -> status(id).equals(status));
    }

    /** The container's directory in that hierarchy. */
    Path group(String hierarchy) {
        return Path.of("/sys/fs/cgroup", hierarchy, carafe.group(), directory.getFileName().toString());
    }

    /** Ends and removes all containers, and the bundle. */
    void close() {
        Outcome list = call("list", "-q");
        list.out().lines().forEach(id -> call("delete", "--force", id));
        Tools.deleteTree(directory);
    }
}
