package dev.carafe.cli.flag;

import java.util.ArrayList;
import java.util.List;

/**
 * The grammar of one command: everything that reading its arguments and printing its help page need.
 *
 * @param path how it is called, with the program's name: {@code carafe image ls}
 * @param operands the rest of the usage line: {@code [OPTIONS] IMAGE [COMMAND] [ARG...]}
 * @param summary what it does, in one line
 * @param aliases other whole spellings of {@code path}
 * @param options the rows of its table, in any order
 * @param atLeast how many operands it needs
 * @param atMost how many operands it takes; {@link #ANY} for no bound
 * @param stopsAtOperand whether the first operand ends the options, as in {@code run}, whose later words belong to the container
 */
public record CommandSpec(String path, String operands, String summary, List<String> aliases, List<Option> options, int atLeast, int atMost,
        boolean stopsAtOperand) {
    public static final int ANY = Integer.MAX_VALUE;

    public CommandSpec {
        aliases = List.copyOf(aliases);
        options = List.copyOf(options);
    }

    /** A command without options and operands; refine it. */
    public static Builder builder(String path, String summary) {
        return new Builder(path, summary);
    }

    /** The line that opens help pages and closes refusals. */
    String usage() {
        return operands.isEmpty() ? "Usage:  " + path : "Usage:  " + path + " " + operands;
    }

    /** Collects the parts of a {@link CommandSpec}. */
    public static final class Builder {
        private final String path;
        private final String summary;
        private String operands = "";
        private List<String> aliases = List.of();
        private final List<Option> options = new ArrayList<>();
        private int atLeast;
        private int atMost;
        private boolean stopsAtOperand;

        private Builder(String path, String summary) {
            this.path = path;
            this.summary = summary;
        }

        /** The rest of the usage line and how many operands there may be. */
        public Builder operands(String line, int least, int most) {
            operands = line;
            atLeast = least;
            atMost = most;
            return this;
        }

        public Builder aliases(String... others) {
            aliases = List.of(others);
            return this;
        }

        public Builder options(Option... rows) {
            options.addAll(List.of(rows));
            return this;
        }

        public Builder options(List<Option> rows) {
            options.addAll(rows);
            return this;
        }

        /** The first operand ends the options. */
        public Builder stopsAtOperand() {
            stopsAtOperand = true;
            return this;
        }

        public CommandSpec build() {
            return new CommandSpec(path, operands, summary, aliases, options, atLeast, atMost, stopsAtOperand);
        }
    }
}
