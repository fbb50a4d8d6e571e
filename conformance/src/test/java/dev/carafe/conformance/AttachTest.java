package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Sessions with containers: attaching, signals, terminals. */
class AttachTest extends CommandSuite {
    /** By these lines a test knows that somebody is attached. */
    private static final String TICKS = "while ! test -e /quiet; do echo tick; sleep 0.05; done";

    private static void quiet(String container, Running... attached) {
        for (Running each : attached) {
            each.awaitOutput("tick\n");
        }
        carafe.check("exec", container, "touch", "/quiet");
    }

    private static String said(Outcome outcome) {
        return outcome.out().replace("tick\n", "");
    }

    @Test
    void twoSeeTheSameOutput() {
        carafe.detached("--name", "speaker", "busybox", "sh", "-c", TICKS + "; echo said; exit 3");
        try (Running first = carafe.start("attach", "speaker");
                Running second = carafe.start("attach", "speaker")) {
            quiet("speaker", first, second);
            for (Running each : List.of(first, second)) {
                Outcome outcome = each.await();
                assertThat(said(outcome)).isEqualTo("said\n");
                assertThat(outcome.status()).isEqualTo(3);
            }
        }
    }

    @Test
    void passesInput() {
        carafe.detached("-i", "--name", "echo", "busybox", "sh", "-c", TICKS + "; read a; echo \"<$a>\"; read b; echo \"<$b>\"");
        try (Running first = carafe.start("attach", "echo");
                Running second = carafe.start("attach", "echo")) {
            quiet("echo", first, second);
            first.type("one\n");
            second.awaitOutput("<one>");
            second.type("two\n");
            assertThat(said(first.await())).isEqualTo("<one>\n<two>\n");
            assertThat(said(second.await())).isEqualTo("<one>\n<two>\n");
        }
    }

    @Test
    void refusesWhatDoesNotRun() {
        carafe.check("create", "--name", "still", "busybox");
        Outcome outcome = carafe.call("attach", "still");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.error()).contains("\"still\"").hasLineCount(1);
    }

    /** As docker's client, which SIGPIPE kills. */
    @Test
    void endsWithTheReaderOfItsOutputWhileTheContainerGoesOn() throws IOException, InterruptedException {
        Process command = carafe.builder("run", "--name", "speaker", "busybox", "sh", "-c", "while :; do echo more; sleep 0.02; done").start();
        try (InputStream out = command.getInputStream()) {
            assertThat(out.readNBytes(5)).isEqualTo("more\n".getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(command.waitFor(60, TimeUnit.SECONDS)).as("it ended").isTrue();
        assertThat(command.exitValue()).isEqualTo(128 + 13);
        assertThat(carafe.isRunning("speaker")).isTrue();
    }

    @Test
    void passesSignalsOn() {
        for (String signal : List.of("TERM", "INT", "USR1", "HUP")) {
            try (Running command = carafe.start("run", "--rm", "busybox", "sh", "-c", "trap 'echo got; exit 42' " + signal + "; echo ready; while :; do sleep 0.02; done")) {
                command.awaitOutput("ready");
                command.signal(signal);
                assertThat(command.await()).as(signal).extracting(Outcome::out, Outcome::status).containsExactly("ready\ngot\n", 42);
            }
        }
    }

    @Test
    void keepsSignalsToItselfWhenTold() {
        try (Running command = carafe.start("run", "--sig-proxy=false", "--name", "apart", "busybox", "sh", "-c", "trap 'exit 42' TERM; echo ready; while :; do sleep 0.02; done")) {
            command.awaitOutput("ready");
            command.signal("TERM");
            assertThat(command.await().status()).isEqualTo(143);
            assertThat(carafe.isRunning("apart")).isTrue();
        }
    }

    @Test
    void leavesTheContainerWhenTheClientIsKilled() {
        try (Running command = carafe.start("run", "--name", "orphan", "busybox", "sh", "-c", "echo ready; sleep 1; echo after")) {
            command.awaitOutput("ready");
            command.signal("KILL");
            assertThat(carafe.isRunning("orphan")).isTrue();
            assertThat(carafe.check("wait", "orphan")).isEqualTo("0\n");
            assertThat(carafe.check("logs", "orphan")).isEqualTo("ready\nafter\n");
        }
    }

    @Test
    void givesAProgramATerminal() {
        try (Terminal terminal = new Terminal(carafe.builder("run", "--rm", "-it", "busybox", "sh", "-c", "tty; stty size; exit 5"), 33, 101)) {
            assertThat(terminal.await()).isEqualTo(5);
            assertThat(terminal.screen()).isEqualTo("/dev/pts/0\r\n33 101\r\n");
        }
    }

    @Test
    void givesEachKeyAwayAndSetsTheTerminalBack() {
        try (Terminal terminal = new Terminal(carafe.builder("run", "--rm", "-it", "busybox", "sh"), 24, 80)) {
            terminal.awaitScreen("# ");
            assertThat(terminal.settings()).contains(" -icanon", " -echo ");
            terminal.type("echo $((6*7))\r");
            terminal.awaitScreen("42\r\n");
            terminal.type("sleep 100\r");
            Tools.pause(300);
            terminal.type("\u0003");
            terminal.type("echo status $?\r");
            terminal.awaitScreen("status 130");
            terminal.type("exit 9\r");
            assertThat(terminal.await()).isEqualTo(9);
            assertThat(terminal.settings()).contains(" icanon", " echo ");
        }
    }

    @Test
    void followsTheWindow() {
        String script = "trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.02; done";
        try (Terminal terminal = new Terminal(carafe.builder("run", "--rm", "-it", "busybox", "sh", "-c", script), 24, 80)) {
            terminal.awaitScreen("ready");
            terminal.resize(40, 120);
            terminal.awaitScreen("40 120");
            terminal.await();
        }
    }

    @Test
    void letsGoOnTheDetachKeys() {
        try (Terminal terminal = new Terminal(carafe.builder("run", "-it", "--name", "left", "busybox", "sh"), 24, 80)) {
            terminal.awaitScreen("# ");
            terminal.type("\u0010");
            Tools.pause(100);
            terminal.type("\u0011");
            assertThat(terminal.await()).isZero();
        }
        assertThat(carafe.isRunning("left")).isTrue();
        try (Terminal terminal = new Terminal(carafe.builder("attach", "--detach-keys", "ctrl-x,q", "left"), 24, 80)) {
            Tools.pause(300);
            terminal.type("echo $((1+1))2\r");
            terminal.awaitScreen("22\r\n");
            terminal.type("\u0018q");
            assertThat(terminal.await()).isEqualTo(1);
            assertThat(terminal.screen()).endsWith("read escape sequence\r\n");
        }
        assertThat(carafe.isRunning("left")).isTrue();
        try (Terminal terminal = new Terminal(carafe.builder("exec", "-it", "left", "sh"), 24, 80)) {
            terminal.awaitScreen("# ");
            terminal.type("\u0010");
            Tools.pause(100);
            terminal.type("\u0011");
            assertThat(terminal.await()).isEqualTo(1);
            assertThat(terminal.screen()).endsWith("read escape sequence\r\n");
        }
    }

    @Test
    void givesATerminalWithoutInput() {
        assertThat(carafe.check("run", "--rm", "-t", "busybox", "sh", "-c", "test -t 1 && echo terminal")).isEqualTo("terminal\r\n");
    }

    @Test
    void refusesATerminalWithInputThatIsNone() {
        Outcome outcome = carafe.call("run", "--rm", "-it", "busybox", "true");
        assertThat(outcome.status()).isNotZero();
        assertThat(outcome.error()).contains("not a TTY").hasLineCount(1);
    }

    @Test
    void givesATerminalToAnExec() {
        carafe.detached("--name", "box", "busybox", "sleep", "1000");
        try (Terminal terminal = new Terminal(carafe.builder("exec", "-it", "box", "sh", "-c", "tty; stty size; exit 4"), 20, 70)) {
            assertThat(terminal.await()).isEqualTo(4);
            assertThat(terminal.screen()).contains("/dev/pts/0\r\n20 70\r\n");
        }
    }
}
