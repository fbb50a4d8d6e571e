package dev.carafe.bench;

import dev.carafe.base.Fault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What to compare, and how often.
 *
 * @param rounds samples of each peer in the scenarios of single commands
 * @param peers by name; empty: all that are installed
 * @param out where the report goes as well
 * @param docker the socket of a daemon that runs already
 * @param carafe the native client
 * @param reference the peer that the ratios relate to
 * @param pauseMillis after each command; below 150 the cost of control groups hides
 * @param starts how many containers a storm starts
 * @param atOnce how many of them at a time
 * @param storms how many storms of each peer
 * @param idle how many idle containers memory is measured with
 */
public record Options(int rounds, List<String> peers, Optional<Path> out, Optional<Path> docker, Optional<Path> carafe,
        String reference, int pauseMillis, int starts, int atOnce, int storms, int idle) {
    /** The options and what they are by default. */
    public static final String USAGE = """
            usage: bench/run [options]
              --rounds N        samples of each peer for run and exec (15)
              --peers LIST      of carafe, carafe-cold, crun, carafe-runtime, runc, podman-crun, podman-carafe, podman-runc,
                                ctr-crun, ctr-carafe, docker (all that are there; podman-runc only where crun is not)
              --out FILE        write the tables to a file, too
              --carafe PATH     the native client (build/dist/bin/carafe)
              --docker SOCKET   a docker daemon that runs already
              --reference PEER  what ratios relate to (crun, or the first)
              --pause MS        after each command (200)
              --starts N        starts in a storm (50)
              --parallel N      of them at a time (8)
              --storms N        storms of each peer (3)
              --idle N          idle containers for memory (20)
            A number of 0 leaves the scenario out.
            """;

    public Options {
        peers = List.copyOf(peers);
    }

    /** Reads a command line. */
    public static Options parse(List<String> arguments) {
        var builder = new Builder();
        for (int k = 0; k < arguments.size(); k += 2) {
            String name = arguments.get(k);
            if (k + 1 == arguments.size()) {
                throw Fault.invalid("read option", "\"" + name + "\"", "no value follows").hint("bench/run --help lists the options");
            }
            builder.set(name, arguments.get(k + 1));
        }
        return builder.build();
    }

    private static final class Builder {
        private int rounds = 15;
        private List<String> peers = List.of();
        private Optional<Path> out = Optional.empty();
        private Optional<Path> docker = Optional.empty();
        private Optional<Path> carafe = Optional.empty();
        private String reference = "crun";
        private int pauseMillis = 200;
        private int starts = 50;
        private int atOnce = 8;
        private int storms = 3;
        private int idle = 20;

        private void set(String name, String value) {
            switch (name) {
                case "--rounds" -> rounds = number(name, value);
                case "--peers" -> peers = List.of(value.split(","));
                case "--out" -> out = Optional.of(Path.of(value));
                case "--docker" -> docker = Optional.of(Path.of(value.startsWith("unix://") ? value.substring(7) : value));
                case "--carafe" -> carafe = Optional.of(Path.of(value).toAbsolutePath());
                case "--reference" -> reference = value;
                case "--pause" -> pauseMillis = number(name, value);
                case "--starts" -> starts = number(name, value);
                case "--parallel" -> atOnce = number(name, value);
                case "--storms" -> storms = number(name, value);
                case "--idle" -> idle = number(name, value);
                default -> throw Fault.invalid("read option", "\"" + name + "\"", "unknown").hint("bench/run --help lists the options");
            }
        }

        private static int number(String name, String value) {
            try {
                return Integer.parseUnsignedInt(value);
            } catch (NumberFormatException e) {
                throw Fault.invalid("read option", name, "expected a number, found \"" + value + "\"").cause(e);
            }
        }

        private Options build() {
            return new Options(rounds, peers, out, docker, carafe, reference, pauseMillis, starts, atOnce, storms, idle);
        }
    }
}
