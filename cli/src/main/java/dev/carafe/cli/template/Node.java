package dev.carafe.cli.template;

import dev.carafe.cli.text.Quote;
import java.util.List;
import java.util.Optional;

/** The parts of a parsed template. Each prints as Go prints it in messages. */
sealed interface Node {
    /** Where it starts in the template. */
    int start();

    // what stands at the top of an action or between actions

    record Plain(String text, int start) implements Node {}

    record Action(Pipeline pipeline, int start) implements Node {}

    record If(Pipeline pipeline, List<Node> then, List<Node> otherwise, int start) implements Node {}

    record With(Pipeline pipeline, List<Node> then, List<Node> otherwise, int start) implements Node {}

    record Range(Pipeline pipeline, List<Node> body, List<Node> otherwise, int start) implements Node {}

    record Break(int start) implements Node {}

    record Continue(int start) implements Node {}

    record Call(String name, Optional<Pipeline> pipeline, int start) implements Node {
        @Override
        public String toString() {
            return "{{template " + Quote.of(name) + (pipeline.isPresent() ? " " + pipeline.get() : "") + "}}";
        }
    }

    // what stands within an action

    /** Commands joined by bars; the value goes to the variables, if there are any. */
    record Pipeline(List<Variable> variables, boolean assigns, List<Command> commands, int start) implements Node {
        @Override
        public String toString() {
            var out = new StringBuilder();
            for (int i = 0; i < variables.size(); i++) {
                out.append(i > 0 ? ", " : "").append(variables.get(i));
            }
            if (!variables.isEmpty()) {
                out.append(assigns ? " = " : " := ");
            }
            for (int i = 0; i < commands.size(); i++) {
                out.append(i > 0 ? " | " : "").append(commands.get(i));
            }
            return out.toString();
        }
    }

    /** An operand, or a function or method with its arguments. */
    record Command(List<Node> words, int start) implements Node {
        @Override
        public String toString() {
            var out = new StringBuilder();
            for (Node word : words) {
                out.append(out.isEmpty() ? "" : " ").append(word instanceof Pipeline ? "(" + word + ")" : word.toString());
            }
            return out.toString();
        }
    }

    record Function(String name, int start) implements Node {
        @Override
        public String toString() {
            return name;
        }
    }

    /** {@code .a.b} from dot. */
    record Field(List<String> names, int start) implements Node {
        @Override
        public String toString() {
            return dotted(names);
        }
    }

    /** {@code $x} or {@code $x.a.b}. */
    record Variable(String name, List<String> fields, int start) implements Node {
        @Override
        public String toString() {
            return name + dotted(fields);
        }
    }

    /** {@code (pipeline).a.b}. */
    record Chain(Node base, List<String> fields, int start) implements Node {
        @Override
        public String toString() {
            return (base instanceof Pipeline ? "(" + base + ")" : base.toString()) + dotted(fields);
        }
    }

    record Dot(int start) implements Node {
        @Override
        public String toString() {
            return ".";
        }
    }

    record Nil(int start) implements Node {
        @Override
        public String toString() {
            return "nil";
        }
    }

    /** A literal; {@code written} is how it stands in the template. */
    record Literal(Value value, String written, int start) implements Node {
        @Override
        public String toString() {
            return written;
        }
    }

    private static String dotted(List<String> names) {
        var out = new StringBuilder();
        for (String name : names) {
            out.append('.').append(name);
        }
        return out.toString();
    }
}
