package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A machine with cgroup version 2 alone and AppArmor, under emulation: {@code conformance/guest/run}. To boot it takes seconds, so that the parts of a class of
 * tests are gathered and run in one boot, in their order.
 */
final class Guest {
    private static final int SECONDS = 280;
    private static final int UNAVAILABLE = 69;
    private static final String MARK = "\u0001";

    private final List<Part> parts = new ArrayList<>();
    private final List<String> options;

    /** @param options for {@code run} */
    Guest(String... options) {
        this.options = List.of(options);
    }

    /** A script of busybox' shell; {@code $C} is Carafe, of which an engine is running. */
    static final class Part {
        private final String script;
        private Outcome outcome;

        private Part(String script) {
            this.script = script;
        }

        Outcome outcome() {
            assertThat(outcome).as("the guest came to this part: %s", script).isNotNull();
            return outcome;
        }

        /** Its output; it must succeed. */
        String out() {
            assertThat(outcome().status()).as("%s: %s", script, outcome).isZero();
            return outcome.out();
        }
    }

    Part part(String script) {
        var part = new Part(script);
        parts.add(part);
        return part;
    }

    /** Boots the guest and runs all parts; skips the tests where it cannot be had. */
    void run() {
        assumeThat(Tools.check("id", "-u").trim()).as("the user id: the guest's disk needs root").isEqualTo("0");
        Path program = Carafe.program();
        assumeThat(Files.isExecutable(program)).as(program + " exists: build it with scripts/build").isTrue();
        Path tree = program.getParent().getParent().getParent().getParent();
        try {
            Path work = Files.createTempDirectory("carafe-guest-");
            Path script = Files.writeString(work.resolve("script"), script(program));
            var command = new ArrayList<>(List.of(tree.resolve("conformance/guest/run").toString(), "-t", Integer.toString(SECONDS)));
            command.addAll(options);
            command.add(script.toString());
            Process process = new ProcessBuilder(command)
                    .redirectOutput(work.resolve("out").toFile()).redirectError(work.resolve("err").toFile()).start();
            if (!process.waitFor(SECONDS + 120, TimeUnit.SECONDS)) {
                process.destroy();
            }
            String output = Files.readString(work.resolve("out"), StandardCharsets.UTF_8);
            String error = Files.readString(work.resolve("err"), StandardCharsets.UTF_8);
            Tools.deleteTree(work);
            assumeThat(process.waitFor()).as("the guest can be had: " + error).isNotEqualTo(UNAVAILABLE);
            assertThat(process.exitValue()).as("%s%s", output, error).isZero();
            read(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private String script(Path program) {
        var text = new StringBuilder("cd /root\nexport C=" + program + " CARAFE_ROOT=/var/lib/carafe CARAFE_RUN_ROOT=/run/carafe\n$C run --rm busybox true\n");
        for (int number = 0; number < parts.size(); number++) {
            text.append("cat >/root/part <<'").append(MARK).append("'\n").append(parts.get(number).script).append('\n').append(MARK).append('\n')
                    .append("timeout -k 5 60 sh /root/part >/root/out 2>/root/err </dev/null\nstatus=$?\nprintf '").append(MARK).append(number).append(" %s\\n' $status\ncat /root/out; printf '")
                    .append(MARK).append("'; cat /root/err\n");
        }
        return text.append("exit 0\n").toString();
    }

    /** For each part: a mark, its number and status, a line's end, its output, a mark, its errors. */
    private void read(String output) {
        String[] pieces = output.split(MARK, -1);
        for (int piece = 1; piece + 1 < pieces.length; piece += 2) {
            String[] head = pieces[piece].split("\n", 2);
            String[] words = head[0].split(" ");
            parts.get(Integer.parseInt(words[0])).outcome = new Outcome(Integer.parseInt(words[1]), head[1].getBytes(StandardCharsets.UTF_8), pieces[piece + 1]);
        }
    }
}
