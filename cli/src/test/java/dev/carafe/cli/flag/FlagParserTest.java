package dev.carafe.cli.flag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.base.Fault;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlagParserTest {
    private static final Option[] ROWS = {
        Option.of(Type.SWITCH, 'i', "interactive", "keep standard input open"),
        Option.of(Type.SWITCH, 't', "tty", "allocate a terminal"),
        Option.of(Type.SWITCH, "rm", "remove it when it ends"),
        Option.of(Type.SWITCH, "sig-proxy", "pass signals on").initially("true"),
        Option.of(Type.LIST, 'e', "env", "set a variable"),
        Option.of(Type.TEXT, "name", "give it a name"),
        Option.of(Type.TEXT, "network", "join a network").alias("net"),
        Option.of(Type.TEXT, "network", "join a network"),
        Option.of(Type.BYTES, 'm', "memory", "limit its memory"),
        Option.of(Type.BYTES_OR_UNLIMITED, "memory-swap", "limit memory and swap"),
        Option.of(Type.UINT16, "blkio-weight", "weigh its block I/O"),
        Option.of(Type.INT, "pids-limit", "limit its processes"),
        Option.of(Type.DECIMAL, "cpus", "limit its processors"),
        Option.of(Type.FILTER, 'f', "filter", "show only some"),
    };
    private static final CommandSpec RUN = CommandSpec.builder("carafe run", "Start a container")
            .operands("[OPTIONS] IMAGE [COMMAND] [ARG...]", 1, CommandSpec.ANY).options(ROWS).stopsAtOperand().build();
    private static final CommandSpec LIST = CommandSpec.builder("carafe ps", "List containers")
            .operands("[OPTIONS]", 0, CommandSpec.ANY).options(ROWS).build();

    /** Options as {@code name=value} in order, then a bar, then the operands. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '"', nullValues = "-none-", value = {
        "alpine;| alpine",
        "-it alpine sh;interactive=true tty=true | alpine sh",
        "-i -t alpine;interactive=true tty=true | alpine",
        "-itePATH alpine;interactive=true tty=true env=PATH | alpine",
        "-ite A=1 alpine -x;interactive=true tty=true env=A=1 | alpine -x",
        "-e=A=1 alpine;env=A=1 | alpine",
        "-e= alpine;env== | alpine",
        "-e=x -e y alpine;env=x env=y | alpine",
        "-t=false alpine;tty=false | alpine",
        "--rm=false alpine;rm=false | alpine",
        "--rm=T alpine;rm=T | alpine",
        "--rm false;rm=true | false",
        "--name=web alpine;name=web | alpine",
        "--name web alpine;name=web | alpine",
        "--name --rm alpine;name=--rm | alpine",
        "--name= alpine;name= | alpine",
        "--name=a=b alpine;name=a=b | alpine",
        "--net host alpine;network=host | alpine",
        "--rm -- alpine --rm;rm=true | alpine --rm",
        "-- --rm;| --rm",
        "- --rm;| - --rm",
        "alpine --help;| alpine --help",
        "alpine -- x;| alpine -- x",
        "-m 1g alpine;memory=1g | alpine",
        "--memory-swap -1 alpine;memory-swap=-1 | alpine",
        "--pids-limit -1 alpine;pids-limit=-1 | alpine",
        "--pids-limit 0x10 alpine;pids-limit=0x10 | alpine",
        "--cpus .5 alpine;cpus=.5 | alpine",
        "--help=false alpine;| alpine",
    })
    void optionsEndAtTheFirstOperand(String line, String expected) {
        assertThat(read(RUN, line)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', value = {
        "x --rm y -e A;rm=true env=A | x y",
        "x -- --rm;| x --rm",
        "--filter a=b -f c=d;filter=a=b filter=c=d | ",
    })
    void optionsMayStandBetweenOperands(String line, String expected) {
        assertThat(read(LIST, line).strip()).isEqualTo(expected.strip());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "--foo;unknown flag: --foo",
        "--foo=bar;unknown flag: --foo",
        "--mem 1;unknown flag: --mem",
        "-xyz;unknown shorthand flag: 'x' in -xyz",
        "-itx alpine;unknown shorthand flag: 'x' in -x",
        "-tzero alpine;unknown shorthand flag: 'z' in -zero",
        "-=x;unknown shorthand flag: '=' in -=x",
        "---x;bad flag syntax: ---x",
        "--=x;bad flag syntax: --=x",
        "--name;flag needs an argument: --name",
        "-e;flag needs an argument: 'e' in -e",
        "-ite;flag needs an argument: 'e' in -e",
        "--memory=x a;invalid argument \"x\" for \"-m, --memory\" flag: invalid size: 'x'",
        "--memory=-1 a;invalid argument \"-1\" for \"-m, --memory\" flag: invalid size: '-1'",
        "--memory=1q a;invalid argument \"1q\" for \"-m, --memory\" flag: invalid suffix: 'q'",
        "--rm=maybe a;invalid argument \"maybe\" for \"--rm\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax",
        "--pids-limit=1x a;invalid argument \"1x\" for \"--pids-limit\" flag: strconv.ParseInt: parsing \"1x\": invalid syntax",
        "--pids-limit=9223372036854775808 a;invalid argument \"9223372036854775808\" for \"--pids-limit\" flag: strconv.ParseInt: parsing \"9223372036854775808\": value out of range",
        "--blkio-weight=70000 a;invalid argument \"70000\" for \"--blkio-weight\" flag: strconv.ParseUint: parsing \"70000\": value out of range",
        "--blkio-weight=-1 a;invalid argument \"-1\" for \"--blkio-weight\" flag: strconv.ParseUint: parsing \"-1\": invalid syntax",
        "--cpus=a b;invalid argument \"a\" for \"--cpus\" flag: failed to parse a as a rational number",
        "--cpus=0.0000000001 b;invalid argument \"0.0000000001\" for \"--cpus\" flag: value is too precise",
        "-f nope a;invalid argument \"nope\" for \"-f, --filter\" flag: bad format of filter (expected name=value)",
        "--help --foo;unknown flag: --foo",
        "--memory=x --foo;invalid argument \"x\" for \"-m, --memory\" flag: invalid size: 'x'",
    })
    void theFirstOffenceIsToldInThePhrasesOfDocker(String line, String expected) {
        assertThat(FlagParser.parse(RUN, words(line)))
                .isEqualTo(new Outcome.Refused(expected + "\nSee 'carafe run --help'.", 125));
    }

    @ParameterizedTest(name = "{0} to {1} operands, given {2}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "0;0;1;accepts no arguments",
        "1;1;0;requires exactly 1 argument",
        "2;2;1;requires exactly 2 arguments",
        "1;999;0;requires at least 1 argument",
        "2;999;1;requires at least 2 arguments",
        "0;1;2;requires at most 1 argument",
        "1;2;3;requires at least 1 and at most 2 arguments",
    })
    void aWrongNumberOfOperandsShowsTheUsage(int least, int most, int given, String expected) {
        var command = CommandSpec.builder("carafe x", "Do it").operands("A B", least, most == 999 ? CommandSpec.ANY : most).build();
        var arguments = new ArrayList<String>();
        for (int i = 0; i < given; i++) {
            arguments.add("a");
        }
        assertThat(FlagParser.parse(command, arguments)).isEqualTo(new Outcome.Refused(
                "\"carafe x\" " + expected + ".\nSee 'carafe x --help'.\n\nUsage:  carafe x A B\n\nDo it", 1));
    }

    @Test
    void helpWinsOverMissingOperands() {
        assertThat(FlagParser.parse(RUN, List.of("--help"))).isEqualTo(new Outcome.HelpAsked(RUN));
        assertThat(FlagParser.parse(RUN, List.of("--rm", "-h"))).isEqualTo(new Outcome.HelpAsked(RUN));
    }

    @Test
    void theLetterHIsTheCommandsWhereItsTableUsesIt() {
        var command = CommandSpec.builder("carafe run", "").options(Option.of(Type.TEXT, 'h', "hostname", "x")).build();
        var accepted = (Outcome.Accepted) FlagParser.parse(command, List.of("-hbox"));
        assertThat(accepted.values().text("hostname")).isEqualTo("box");
    }

    @Test
    void aSetterRefusesWithTheReasonOfItsFault() {
        Setter refusing = (option, value) -> {
            throw Fault.invalid("parse ulimit", value, "invalid ulimit argument: " + value);
        };
        assertThat(FlagParser.parse(RUN, List.of("--name", "x", "a"), refusing)).isEqualTo(new Outcome.Refused(
                "invalid argument \"x\" for \"--name\" flag: invalid ulimit argument: x\nSee 'carafe run --help'.", 125));
    }

    @Test
    void valuesAnswerWithWhatHoldsWhenNothingIsGiven() {
        Values none = ((Outcome.Accepted) FlagParser.parse(RUN, List.of("a"))).values();
        assertThat(none.on("sig-proxy")).isTrue();
        assertThat(none.on("rm")).isFalse();
        assertThat(none.text("name")).isEmpty();
        assertThat(none.textIfGiven("name")).isEmpty();
        assertThat(none.number("pids-limit")).isZero();
        assertThat(none.list("env")).isEmpty();
        assertThat(none.given("env")).isFalse();
        Values some = ((Outcome.Accepted) FlagParser.parse(RUN, List.of("--sig-proxy=0", "--name=a", "--name=b", "-eA", "-eB", "a"))).values();
        assertThat(some.on("sig-proxy")).isFalse();
        assertThat(some.text("name")).isEqualTo("b");
        assertThat(some.list("env")).containsExactly("A", "B");
        assertThat(some.given("env")).isTrue();
    }

    private static String read(CommandSpec command, String line) {
        var seen = new StringBuilder();
        var outcome = FlagParser.parse(command, words(line),
                (option, value) -> seen.append(option.target()).append('=').append(value).append(' '));
        assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
        return seen + "| " + String.join(" ", ((Outcome.Accepted) outcome).operands());
    }

    private static List<String> words(String line) {
        return List.of(line.split(" "));
    }
}
