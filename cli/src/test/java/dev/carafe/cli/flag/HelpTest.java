package dev.carafe.cli.flag;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HelpTest {
    private static final CommandSpec LIST = CommandSpec.builder("carafe ps", "List containers")
            .operands("[OPTIONS]", 0, 0)
            .aliases("carafe container ls", "carafe ps")
            .options(
                    Option.of(Type.SWITCH, 'q', "quiet", "Print ids only"),
                    Option.of(Type.FILTER, 'f', "filter", "Show the containers for which this holds, and leave out all of the others"),
                    Option.of(Type.INT, 'n', "last", "Show so many, newest first").initially("-1"),
                    Option.of(Type.TEXT, "pull", "When to pull").initially("missing"),
                    Option.of(Type.TEXT, "format", "Shape of the output").placeholder("template"),
                    Option.of(Type.TEXT, "format", "Shape of the output").alias("fmt"))
            .build();

    @Test
    void aPageIsGeneratedFromTheTable() {
        assertThat(Help.page(LIST, 80)).isEqualTo("""
                Usage:  carafe ps [OPTIONS]

                List containers

                Aliases:
                  carafe container ls, carafe ps

                Options:
                  -f, --filter filter     Show the containers for which this holds, and
                                          leave out all of the others
                      --format template   Shape of the output
                  -n, --last int          Show so many, newest first (default -1)
                      --pull string       When to pull (default "missing")
                  -q, --quiet             Print ids only
                """);
    }

    @Test
    void aNarrowTerminalGetsUnwrappedLines() {
        assertThat(Help.page(LIST, 30)).contains("  -f, --filter filter     Show the containers for which this holds, and leave out all of the others\n");
    }

    @Test
    void aCommandWithoutOptionsHasNoOptionsSection() {
        assertThat(Help.page(CommandSpec.builder("carafe version", "Print versions").build(), 80))
                .isEqualTo("Usage:  carafe version\n\nPrint versions\n");
    }

    @Test
    void commandsAreListedByGroup() {
        var top = CommandSpec.builder("carafe", "A container engine").operands("[OPTIONS] COMMAND", 0, CommandSpec.ANY)
                .options(Option.of(Type.TEXT, "root", "Directory of the state")).stopsAtOperand().build();
        var groups = List.of(new Help.Group("Common Commands", List.of(new Help.Entry("run", "Start a container"))),
                new Help.Group("Management Commands", List.of(new Help.Entry("containerized", "Long"), new Help.Entry("image", "Images"))));
        assertThat(Help.page(top, groups, 80)).isEqualTo("""
                Usage:  carafe [OPTIONS] COMMAND

                A container engine

                Common Commands:
                  run           Start a container

                Management Commands:
                  containerized Long
                  image         Images

                Global Options:
                      --root string   Directory of the state

                Run 'carafe COMMAND --help' for more information on a command.
                """);
    }
}
