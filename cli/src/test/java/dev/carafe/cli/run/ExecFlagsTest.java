package dev.carafe.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.cli.flag.Outcome;
import dev.carafe.engine.DetachKeys;
import dev.carafe.engine.ExecOptions;
import dev.carafe.engine.StreamOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecFlagsTest {
    private static final Caller CALLER = new Caller(Map.of("HOME", "/home/ada"), Path.of("/work"),
            path -> ("FROM=" + path).getBytes(StandardCharsets.UTF_8));

    @Test
    void optionsEndAtTheContainer() {
        assertThat(read("web ls -it --help")).isEqualTo(ready("web", ExecOptions.of(List.of("ls", "-it", "--help"))));
    }

    @Test
    void everyOptionIsHeld() {
        assertThat(read("-dit --detach-keys a -e A=1 -e HOME --env-file vars --privileged -u 5 -w /tmp web sh")).isEqualTo(ready("web",
                ExecOptions.of(List.of("sh")).user("5").workingDirectory("/tmp").privileged(true)
                        .environment(List.of("FROM=/work/vars", "A=1", "HOME=/home/ada"))
                        .streams(StreamOptions.NONE.detach(true).interactive(true).tty(true).detachKeys(new DetachKeys(List.of((byte) 'a'))))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "--foo;unknown flag: --foo",
        "-e =x web ls;invalid argument \"=x\" for \"-e, --env\" flag: invalid environment variable: =x",
        "-w rel web ls;carafe: the working directory 'rel': it needs to be an absolute path.",
        "--detach-keys foo web ls;carafe: invalid detach keys (foo): unknown character: 'foo'.",
    })
    void offencesExitAsDockersClientDoes(String line, String expected) {
        assertThat(read(line)).isEqualTo(new Reading.Stopped<>(new Outcome.Refused(expected + "\nSee 'carafe exec --help'.", expected.startsWith("carafe: ") ? 1 : 125)));
    }

    @Test
    void aContainerAndACommandAreNeeded() {
        assertThat(read("web")).isEqualTo(new Reading.Stopped<>(new Outcome.Refused("\"carafe exec\" requires at least 2 arguments.\n"
                + "See 'carafe exec --help'.\n\nUsage:  carafe exec [OPTIONS] CONTAINER COMMAND [ARG...]\n\nRun a command in a running container", 1)));
    }

    private static Reading<ExecFlags.Request> ready(String container, ExecOptions options) {
        return new Reading.Ready<>(new ExecFlags.Request(container, options));
    }

    private static Reading<ExecFlags.Request> read(String line) {
        return ExecFlags.read(List.of(line.split(" ")), CALLER);
    }
}
