package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The planner's table of bad configurations, each handed to the runtime as a bundle: one line, a failure, and nothing is left. */
class BadBundleTest {
    private static final Path TABLE = Path.of("../plan/src/test/resources/dev/carafe/plan");
    private static final Pattern STEP = Pattern.compile("\\[\"([^\"]*)\"]|\\[(\\d+)]|([^.\\[\\]]+)");

    /** Puts a value into a place, or takes the place out, as the table's own test does. */
    private static void put(JsonObject config, String place, String value) {
        List<MatchResult> steps = STEP.matcher(place).results().toList();
        JsonElement at = config;
        for (int k = 0; k < steps.size(); k++) {
            boolean last = k == steps.size() - 1;
            if (steps.get(k).group(2) != null) {
                JsonArray array = at.getAsJsonArray();
                int index = Integer.parseInt(steps.get(k).group(2));
                while (array.size() <= index) {
                    array.add(new JsonObject());
                }
                if (last) {
                    array.set(index, JsonParser.parseString(value));
                }
                at = array.get(index);
            } else {
                String key = steps.get(k).group(1) != null ? steps.get(k).group(1) : steps.get(k).group(3);
                JsonObject object = at.getAsJsonObject();
                if (last && value.equals("-")) {
                    object.remove(key);
                    return;
                }
                if (last) {
                    object.add(key, JsonParser.parseString(value));
                } else if (!object.has(key)) {
                    object.add(key, steps.get(k + 1).group(2) != null ? new JsonArray() : new JsonObject());
                }
                at = object.get(key);
            }
        }
    }

    @Test
    void eachOfTheTableFailsWithOneLineThatNamesItsFieldAndLeavesNothing() throws Exception {
        assumeThat(Tools.check("id", "-u").trim()).as("the user id: containers need root").isEqualTo("0");
        Path runtime = Carafe.program().resolveSibling("carafe-runtime");
        assumeThat(Files.isExecutable(runtime)).as(runtime + " exists: build it with scripts/build").isTrue();
        Path work = Files.createTempDirectory("carafe-bad-");
        try {
            Path bundle = work.resolve("bundle");
            Files.createDirectories(bundle.resolve("rootfs"));
            String base = Files.readString(TABLE.resolve("bad-configs-base.json"));
            int tried = 0;
            for (String line : Files.readAllLines(TABLE.resolve("bad-configs.txt"))) {
                // Without a path the runtime takes one of its own, where the planner alone has none.
                if (line.isBlank() || line.startsWith("#") || line.startsWith("linux.cgroupsPath = -")) {
                    continue;
                }
                JsonObject config = JsonParser.parseString(base).getAsJsonObject();
                // A terminal would want somebody to hold its near side, before anything about mounts is looked at.
                config.getAsJsonObject("process").addProperty("terminal", line.startsWith("process.consoleSize"));
                put(config, line.substring(0, line.indexOf(" = ")), line.substring(line.indexOf(" = ") + 3, line.indexOf(" | ")));
                Files.writeString(bundle.resolve("config.json"), config.toString());
                refused(runtime, work, line);
                tried++;
            }
            assertThat(tried).isGreaterThanOrEqualTo(150);
        } finally {
            List<Long> engines = new Residue(work.getFileName().toString(), List.of()).engines();
            engines.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            Tools.await(() -> engines.stream().noneMatch(pid -> Files.exists(Path.of("/proc/" + pid))));
            Tools.deleteTree(work);
        }
    }

    private static void refused(Path runtime, Path work, String line) throws IOException, InterruptedException {
        var command = new ProcessBuilder(runtime.toString(), "--root", work.resolve("root").toString(), "--log-format", "json", "create", "--bundle",
                work.resolve("bundle").toString(), "bad").redirectErrorStream(true);
        command.environment().put("CARAFE_RUN_ROOT", work.resolve("run").toString());
        Process process = command.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(line + "\n" + output).isEqualTo(1);
        assertThat(output.lines()).as(line).hasSize(1);
        String message = JsonParser.parseString(output).getAsJsonObject().get("msg").getAsString();
        String expected = line.substring(line.indexOf(" | ") + 3);
        // What a host lacks depends on the host: this one may have it, and be stopped by something else.
        if (!expected.contains("this host") && !expected.contains("kernels from")) {
            assertThat(message).as(line).contains(expected.substring(expected.indexOf(' ') + 1, expected.indexOf(": ", expected.indexOf(' '))));
        }
        assertThat(work.resolve("root/bad")).as(line).doesNotExist();
        for (String hierarchy : List.of("", "memory/", "pids/", "unified/")) {
            assertThat(Path.of("/sys/fs/cgroup/" + hierarchy + "carafe/one")).as(line).doesNotExist();
        }
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).as(line).doesNotContain(work.toString());
    }
}
