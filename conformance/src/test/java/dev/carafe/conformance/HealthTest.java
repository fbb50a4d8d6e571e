package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Containers that are asked from time to time whether they are well, without a daemon. */
class HealthTest extends CommandSuite {
    private static JsonObject health(String name) {
        return carafe.state(name).getAsJsonObject("Health");
    }

    private static String status(String name) {
        return health(name).get("Status").getAsString();
    }

    private static JsonObject last(String name) {
        JsonArray log = health(name).getAsJsonArray("Log");
        return log.get(log.size() - 1).getAsJsonObject();
    }

    private static String shown(String name) {
        return carafe.check("ps", "-a", "--filter", "name=" + name, "--format", "{{.Status}}").trim();
    }

    @Test
    void goesFromStartingToHealthyToUnhealthyAndTellsEach() {
        String id = carafe.detached("--name", "web", "--health-cmd", "echo well; cat /tmp/well", "--health-interval", "300ms", "--health-retries", "2", "busybox",
                "sh", "-c", "sleep 2; touch /tmp/well; sleep 1000");
        Tools.await(() -> status("web").equals("unhealthy"));
        Tools.await(() -> status("web").equals("healthy"));
        assertThat(shown("web")).matches("Up .* \\(healthy\\)");
        assertThat(health("web").get("FailingStreak").getAsInt()).isZero();
        assertThat(last("web").get("Output").getAsString()).isEqualTo("well\n");
        assertThat(last("web").get("ExitCode").getAsInt()).isZero();
        carafe.check("exec", "web", "rm", "/tmp/well");
        assertThat(carafe.check("wait", "--condition", "unhealthy", "web")).isEqualTo("-1\n");
        assertThat(shown("web")).matches("Up .* \\(unhealthy\\)");
        Tools.await(() -> health("web").get("FailingStreak").getAsInt() > 6);
        assertThat(health("web").getAsJsonArray("Log")).hasSize(5);
        assertThat(last("web").get("ExitCode").getAsInt()).isEqualTo(1);
        assertThat(last("web").get("Output").getAsString()).startsWith("well\ncat: can't open '/tmp/well'");
        assertThat(carafe.check("ps", "-q", "--no-trunc", "--filter", "health=unhealthy")).isEqualTo(id + "\n");
        assertThat(carafe.check("ps", "-q", "--filter", "health=healthy")).isEmpty();
        assertThat(carafe.check("ps", "-q", "--filter", "health=none")).isEmpty();
        String events = carafe.check("events", "--since", "1h", "--until", "0s", "--filter", "container=web", "--filter", "event=health_status",
                "--format", "{{.Action}}");
        assertThat(events.lines()).startsWith("health_status: unhealthy", "health_status: healthy", "health_status: unhealthy");
        carafe.check("stop", "-t", "0", "web");
        assertThat(status("web")).isEqualTo("unhealthy");
        assertThat(shown("web")).startsWith("Exited (137) ").doesNotContain("health");
        assertThat(carafe.check("why-exited", "web")).contains("health checks had failed, with \"well");
    }

    @Test
    void aCheckThatTakesTooLongIsKilledAndCounts() {
        carafe.detached("--name", "slow", "--health-cmd", "echo so far; exec sleep 987", "--health-interval", "100ms", "--health-timeout", "500ms",
                "--health-retries", "1", "busybox", "sleep", "1000");
        assertThat(carafe.check("wait", "--condition", "unhealthy", "slow")).isEqualTo("-1\n");
        assertThat(last("slow").get("ExitCode").getAsInt()).isEqualTo(-1);
        assertThat(last("slow").get("Output").getAsString()).isEqualTo("Health check exceeded timeout (500ms): so far\n");
        Tools.await(() -> !carafe.check("top", "slow").contains("sleep 987"));
    }

    @Test
    void failuresOfTheStartPeriodDoNotCount() {
        carafe.detached("--name", "early", "--health-cmd", "false", "--health-interval", "1h", "--health-start-period", "1h", "--health-start-interval", "100ms",
                "--health-retries", "1", "busybox", "sleep", "1000");
        Tools.await(() -> health("early").getAsJsonArray("Log").size() == 5);
        assertThat(status("early")).isEqualTo("starting");
        assertThat(health("early").get("FailingStreak").getAsInt()).isZero();
    }

    @Test
    void theImagesCheckIsMadeUnlessItIsForbidden() {
        carafe.check("create", "--name", "base", "busybox", "sleep", "1000");
        carafe.check("commit", "-c", "HEALTHCHECK --interval=100ms --retries=7 CMD test -e /tmp/no", "base", "checked:1");
        carafe.detached("--name", "asked", "checked:1");
        Tools.await(() -> health("asked").get("FailingStreak").getAsInt() >= 1);
        carafe.detached("--name", "own", "--health-cmd", "true", "checked:1");
        assertThat(carafe.check("inspect", "-f", "{{json .Config.Healthcheck}}", "own"))
                .isEqualTo("{\"Test\":[\"CMD-SHELL\",\"true\"],\"Interval\":100000000,\"Retries\":7}\n");
        carafe.detached("--name", "unasked", "--no-healthcheck", "checked:1");
        assertThat(carafe.state("unasked").has("Health")).isFalse();
        assertThat(carafe.check("inspect", "-f", "{{json .Config.Healthcheck}}", "unasked")).isEqualTo("{\"Test\":[\"NONE\"]}\n");
        carafe.removeContainers();
        carafe.check("rmi", "checked:1");
    }

    @Test
    void runsByHandWithPodmansStatuses() {
        carafe.detached("--name", "hand", "--health-cmd", "test -e /tmp/well", "--health-interval", "1h", "busybox", "sleep", "1000");
        assertThat(shown("hand")).matches("Up .* \\(health: starting\\)");
        Outcome ill = carafe.call("healthcheck", "run", "hand");
        assertThat(ill.status()).isEqualTo(1);
        assertThat(ill.out()).isEqualTo("unhealthy\n");
        assertThat(status("hand")).isEqualTo("starting");
        carafe.check("exec", "hand", "touch", "/tmp/well");
        assertThat(carafe.check("healthcheck", "run", "hand")).isEmpty();
        assertThat(status("hand")).isEqualTo("healthy");
        carafe.detached("--name", "plain", "busybox", "sleep", "1000");
        Outcome none = carafe.call("healthcheck", "run", "plain");
        assertThat(none.status()).isEqualTo(125);
        assertThat(none.error()).contains("has no defined healthcheck");
        carafe.check("stop", "-t", "0", "hand");
        assertThat(carafe.call("healthcheck", "run", "hand").status()).isEqualTo(125);
    }

    @Test
    void goesOnWhenTheEngineIsKilled() {
        carafe.detached("--name", "guarded", "--health-cmd", "date +%s%N", "--health-interval", "200ms", "busybox", "sleep", "1000");
        Tools.await(() -> status("guarded").equals("healthy"));
        carafe.killEngine();
        String before = last("guarded").get("Output").getAsString();
        Tools.await(() -> !last("guarded").get("Output").getAsString().equals(before));
        assertThat(status("guarded")).isEqualTo("healthy");
    }

    @Test
    void doesWithAnUnhealthyContainerWhatWasAskedFor() {
        for (String action : List.of("kill", "stop", "restart")) {
            carafe.detached("--name", action, "--health-cmd", "test ! -e /tmp/ill", "--health-interval", "100ms", "--health-retries", "1", "--health-on-failure",
                    action, "--stop-timeout", "0", "busybox", "sh", "-c", "rm -f /tmp/ill; sleep 1000");
            Tools.await(() -> status(action).equals("healthy"));
            int first = carafe.pid(action);
            carafe.check("exec", action, "touch", "/tmp/ill");
            if (action.equals("restart")) {
                Tools.await(() -> carafe.isRunning(action) && carafe.pid(action) != first && status(action).equals("healthy"));
            } else {
                assertThat(carafe.check("wait", action)).isEqualTo("137\n");
            }
        }
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThat(carafe.call("run", "--no-healthcheck", "--health-cmd", "true", "busybox").error()).contains("--no-healthcheck: it conflicts with --health-* options");
        assertThat(carafe.call("run", "--health-interval", "100us", "busybox").error()).contains("Interval in Healthcheck cannot be less than 1ms");
        assertThat(carafe.call("run", "--health-interval=-1s", "busybox").error()).contains("--health-interval: it cannot be negative");
        assertThat(carafe.call("run", "--health-timeout", "x", "busybox").error()).startsWith("invalid argument \"x\" for \"--health-timeout\" flag: time: invalid duration \"x\"");
        assertThat(carafe.call("run", "--health-on-failure", "sing", "busybox").error()).contains("must be one of");
    }

    @Test
    void tellsOfImages() {
        String before = carafe.check("events", "--since", "1h", "--until", "0s", "--filter", "type=image");
        carafe.check("tag", "busybox", "told:1");
        String archive = carafe.work().resolve("told.tar").toString();
        carafe.check("save", "-o", archive, "told:1");
        carafe.check("load", "-i", archive);
        carafe.check("rmi", "told:1");
        Tools.check("rm", archive);
        String id = carafe.check("image", "inspect", "-f", "{{.Id}}", "busybox").trim();
        String now = carafe.check("events", "--since", "1h", "--until", "0s", "--filter", "type=image").substring(before.length());
        assertThat(now.lines().map(line -> line.substring(line.indexOf(' ') + 1))).containsExactly("image tag " + id + " (name=told:1)", "image save " + id + " (name=" + id + ")",
                "image load " + id + " (name=" + id + ")", "image untag " + id + " (name=" + id + ")");
        assertThat(carafe.check("events", "--since", "1h", "--until", "0s", "--filter", "image=told:1")).contains(" image tag ");
    }

    @Test
    void tellsOfFurtherProcesses() {
        carafe.detached("--name", "told", "busybox", "sleep", "1000");
        carafe.call("exec", "told", "sh", "-c", "exit 4");
        String events = carafe.check("events", "--since", "1h", "--until", "0s", "--filter", "container=told", "--format", "{{.Action}} {{.Actor.Attributes.exitCode}}");
        assertThat(events.lines()).contains("exec_create: sh -c exit 4 <no value>", "exec_start: sh -c exit 4 <no value>", "exec_die 4");
    }
}
