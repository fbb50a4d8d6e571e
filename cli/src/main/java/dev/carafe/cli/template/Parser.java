package dev.carafe.cli.template;

import dev.carafe.base.Fault;
import dev.carafe.cli.template.Token.Kind;
import dev.carafe.cli.text.Quote;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Builds the tree of a template from its words (the Go documentation of text/template, sections "Actions", "Pipelines" and "Variables").
 *
 * <p>Faults are of kind {@code INVALID} and read {@code template parsing error: template: :LINE: reason}, which is docker's wording.
 */
final class Parser {
    private static final int DEEPEST = 200;

    private final Words words;
    private final Map<String, List<Node>> named = new LinkedHashMap<>();
    private final List<String> variables = new ArrayList<>(List.of("$"));
    private int depth;
    private int ranges;

    private Parser(List<Token> tokens) {
        words = new Words(tokens);
    }

    /** The parts of the template itself, and under their names those of the templates that it defines. */
    record Tree(List<Node> parts, Map<String, List<Node>> named) {}

    static Tree parse(String template) {
        var parser = new Parser(Lexer.cut(template));
        try {
            return parser.top();
        } catch (Fault offence) {
            throw Fault.invalid("template parsing error", "", "template: :" + parser.words.line() + ": " + offence.reason());
        }
    }

    /** How a list of parts ended. */
    private enum Closing {
        END("{{end}}"), ELSE("{{else}}");

        private final String shown;

        Closing(String shown) {
            this.shown = shown;
        }
    }

    private record Block(List<Node> parts, Closing closing) {}

    private Tree top() {
        var parts = new ArrayList<Node>();
        while (!words.peek().is(Kind.END)) {
            if (words.peek().is(Kind.OPEN) && words.wordBehindOpening().isKeyword("define")) {
                definition();
            } else {
                Closing closing = part(parts);
                if (closing != null) {
                    throw reason("unexpected " + closing.shown);
                }
            }
        }
        return new Tree(List.copyOf(parts), Map.copyOf(named));
    }

    private void definition() {
        words.take();
        words.takeWord();
        String name = name("define clause");
        close("define clause");
        var outer = new ArrayList<>(variables);
        keepVariables(1);
        Block block = block();
        if (block.closing != Closing.END) {
            throw reason("unexpected " + block.closing.shown + " in define clause");
        }
        variables.clear();
        variables.addAll(outer);
        define(name, block.parts);
    }

    private void define(String name, List<Node> parts) {
        if (!blank(parts) || !named.containsKey(name)) {
            if (named.containsKey(name) && !blank(named.get(name))) {
                throw reason("multiple definition of template " + Quote.of(name));
            }
            named.put(name, parts);
        }
    }

    private static boolean blank(@Nullable List<Node> parts) {
        if (parts != null) {
            for (Node part : parts) {
                if (!(part instanceof Node.Plain plain) || !plain.text().isBlank()) {
                    return false;
                }
            }
        }
        return true;
    }

    private Block block() {
        var parts = new ArrayList<Node>();
        while (!words.peek().is(Kind.END)) {
            Closing closing = part(parts);
            if (closing != null) {
                return new Block(List.copyOf(parts), closing);
            }
        }
        words.take();
        throw reason("unexpected EOF");
    }

    private @Nullable Closing part(List<Node> parts) {
        Token token = words.take();
        if (token.is(Kind.TEXT)) {
            parts.add(new Node.Plain(token.text(), token.start()));
            return null;
        }
        if (!token.is(Kind.OPEN)) {
            throw unexpected(token, "input");
        }
        return action(parts);
    }

    private @Nullable Closing action(List<Node> parts) {
        Token word = words.takeWord();
        if (!word.is(Kind.KEYWORD)) {
            words.back(words.place() - 1);
            parts.add(new Node.Action(pipeline("command", Kind.CLOSE), word.start()));
            return null;
        }
        switch (word.text()) {
            case "if", "with", "range" -> parts.add(control(word));
            case "template" -> parts.add(call());
            case "block" -> parts.add(blockClause());
            case "break", "continue" -> parts.add(leave(word));
            case "end" -> {
                close("end");
                return Closing.END;
            }
            case "else" -> {
                if (!words.peekWord().isKeyword("if") && !words.peekWord().isKeyword("with")) {
                    close("else");
                }
                return Closing.ELSE;
            }
            default -> throw unexpected(word, "command");
        }
        return null;
    }

    private Node control(Token word) {
        enter();
        int outer = variables.size();
        String context = word.text();
        Node.Pipeline pipeline = pipeline(context, Kind.CLOSE);
        ranges += context.equals("range") ? 1 : 0;
        Block then = block();
        ranges -= context.equals("range") ? 1 : 0;
        List<Node> otherwise = List.of();
        if (then.closing == Closing.ELSE) {
            if (!context.equals("range") && words.peekWord().isKeyword(context)) {
                otherwise = List.of(control(words.takeWord()));
            } else {
                Block last = block();
                if (last.closing != Closing.END) {
                    throw reason("expected end; found " + last.closing.shown);
                }
                otherwise = last.parts;
            }
        }
        keepVariables(outer);
        depth--;
        return switch (context) {
            case "if" -> new Node.If(pipeline, then.parts, otherwise, word.start());
            case "with" -> new Node.With(pipeline, then.parts, otherwise, word.start());
            default -> new Node.Range(pipeline, then.parts, otherwise, word.start());
        };
    }

    private Node leave(Token word) {
        Token behind = words.takeWord();
        String shown = "{{" + word.text() + "}}";
        if (!behind.is(Kind.CLOSE)) {
            throw unexpected(behind, shown);
        }
        if (ranges == 0) {
            throw reason(shown + " outside {{range}}");
        }
        return word.text().equals("break") ? new Node.Break(word.start()) : new Node.Continue(word.start());
    }

    private Node call() {
        Token first = words.peekWord();
        String name = name("template clause");
        if (words.peekWord().is(Kind.CLOSE)) {
            words.takeWord();
            return new Node.Call(name, Optional.empty(), first.start());
        }
        return new Node.Call(name, Optional.of(pipeline("template clause", Kind.CLOSE)), first.start());
    }

    private Node blockClause() {
        enter();
        Token first = words.peekWord();
        String name = name("block clause");
        Node.Pipeline pipeline = pipeline("block clause", Kind.CLOSE);
        var outer = new ArrayList<>(variables);
        keepVariables(1);
        int outerRanges = ranges;
        ranges = 0;
        Block block = block();
        if (block.closing != Closing.END) {
            throw reason("unexpected " + block.closing.shown + " in block clause");
        }
        ranges = outerRanges;
        variables.clear();
        variables.addAll(outer);
        depth--;
        define(name, block.parts);
        return new Node.Call(name, Optional.of(pipeline), first.start());
    }

    private String name(String context) {
        Token token = words.takeWord();
        if (token.is(Kind.STRING)) {
            return Literals.string(token.text());
        }
        if (token.is(Kind.RAW_STRING)) {
            return token.text().substring(1, token.text().length() - 1);
        }
        throw unexpected(token, context);
    }

    private void close(String context) {
        Token token = words.takeWord();
        if (!token.is(Kind.CLOSE)) {
            throw unexpected(token, context);
        }
    }

    private Node.Pipeline pipeline(String context, Kind end) {
        enter();
        Token first = words.peekWord();
        var declared = new ArrayList<Node.Variable>();
        boolean assigns = declarations(context, declared);
        var commands = new ArrayList<Node.Command>();
        while (true) {
            Token token = words.peekWord();
            if (token.is(end)) {
                words.takeWord();
                checkPipeline(commands, context);
                depth--;
                return new Node.Pipeline(List.copyOf(declared), assigns, List.copyOf(commands), first.start());
            }
            if (!startsOperand(token)) {
                throw unexpected(words.takeWord(), context);
            }
            commands.add(command());
        }
    }

    /** Reads {@code $x :=}, {@code $x =} and, in a range, {@code $i, $x :=}; says whether it assigns instead of declaring. */
    private boolean declarations(String context, List<Node.Variable> declared) {
        while (words.peekWord().is(Kind.VARIABLE)) {
            int back = words.place();
            Token variable = words.takeWord();
            Token behind = words.peekWord();
            boolean comma = behind.is(Kind.OTHER) && behind.text().equals(",");
            if (!comma && !behind.is(Kind.ASSIGN) && !behind.is(Kind.DECLARE)) {
                words.back(back);
                return false;
            }
            words.takeWord();
            declared.add(new Node.Variable(variable.text(), List.of(), variable.start()));
            variables.add(variable.text());
            if (!comma) {
                return behind.is(Kind.ASSIGN);
            }
            if (!context.equals("range") || declared.size() > 1) {
                throw reason("too many declarations in " + context);
            }
            Token second = words.peekWord();
            if (!second.is(Kind.VARIABLE) && !second.is(Kind.CLOSE) && !second.is(Kind.RIGHT_PAREN)) {
                throw reason("range can only initialize variables");
            }
        }
        return false;
    }

    private static boolean startsOperand(Token token) {
        return switch (token.kind()) {
            case TRUTH, CHARACTER, DOT, FIELD, IDENTIFIER, NUMBER, NIL, RAW_STRING, STRING, VARIABLE, LEFT_PAREN -> true;
            case ERROR, END, TEXT, OPEN, CLOSE, SPACE, PIPE, RIGHT_PAREN, ASSIGN, DECLARE, OTHER, KEYWORD -> false;
        };
    }

    private void checkPipeline(List<Node.Command> commands, String context) {
        if (commands.isEmpty()) {
            throw reason("missing value for " + context);
        }
        for (int i = 1; i < commands.size(); i++) {
            Node first = commands.get(i).words().getFirst();
            if (first instanceof Node.Literal || first instanceof Node.Dot || first instanceof Node.Nil) {
                throw reason("non executable command in pipeline stage " + (i + 1));
            }
        }
    }

    private Node.Command command() {
        int start = words.peekWord().start();
        var operands = new ArrayList<Node>();
        while (true) {
            words.peekWord();
            Node operand = operand();
            if (operand != null) {
                operands.add(operand);
            }
            Token token = words.take();
            if (token.is(Kind.SPACE)) {
                continue;
            }
            if (token.is(Kind.CLOSE) || token.is(Kind.RIGHT_PAREN)) {
                words.back(words.place() - 1);
            } else if (!token.is(Kind.PIPE)) {
                throw unexpected(token, "operand");
            }
            if (operands.isEmpty()) {
                throw reason("empty command");
            }
            return new Node.Command(List.copyOf(operands), start);
        }
    }

    /** A term with the fields that follow it. */
    private @Nullable Node operand() {
        Node term = term();
        if (term == null || !words.peek().is(Kind.FIELD)) {
            return term;
        }
        int start = words.peek().start();
        var fields = new ArrayList<String>();
        while (words.peek().is(Kind.FIELD)) {
            fields.add(words.take().text().substring(1));
        }
        return switch (term) {
            case Node.Field field -> {
                fields.addAll(0, field.names());
                yield new Node.Field(List.copyOf(fields), start);
            }
            case Node.Variable variable -> new Node.Variable(variable.name(), List.copyOf(fields), start);
            case Node.Literal literal -> throw reason("unexpected . after term " + Quote.of(literal.toString()));
            case Node.Nil nil -> throw reason("unexpected . after term \"nil\"");
            case Node.Dot dot -> throw reason("unexpected . after term \".\"");
            default -> new Node.Chain(term, List.copyOf(fields), start);
        };
    }

    private @Nullable Node term() {
        Token token = words.takeWord();
        int start = token.start();
        String text = token.text();
        return switch (token.kind()) {
            case IDENTIFIER -> {
                if (!Functions.exist(text)) {
                    throw reason("function " + Quote.of(text) + " not defined");
                }
                yield new Node.Function(text, start);
            }
            case DOT -> new Node.Dot(start);
            case NIL -> new Node.Nil(start);
            case VARIABLE -> {
                if (!variables.contains(text)) {
                    throw reason("undefined variable " + Quote.of(text));
                }
                yield new Node.Variable(text, List.of(), start);
            }
            case FIELD -> new Node.Field(List.of(text.substring(1)), start);
            case TRUTH -> new Node.Literal(Value.of(text.equals("true")), text, start);
            case NUMBER -> new Node.Literal(Literals.number(text), text, start);
            case CHARACTER -> new Node.Literal(Literals.rune(text), text, start);
            case STRING -> new Node.Literal(Value.of(Literals.string(text)), text, start);
            case RAW_STRING -> new Node.Literal(Value.of(text.substring(1, text.length() - 1)), text, start);
            case LEFT_PAREN -> pipeline("parenthesized pipeline", Kind.RIGHT_PAREN);
            case ERROR, END, TEXT, OPEN, CLOSE, SPACE, PIPE, RIGHT_PAREN, ASSIGN, DECLARE, OTHER, KEYWORD -> {
                words.back(words.place() - 1);
                yield null;
            }
        };
    }

    private void enter() {
        if (++depth > DEEPEST) {
            throw reason("max expression depth exceeded");
        }
    }

    private void keepVariables(int count) {
        while (variables.size() > count) {
            variables.removeLast();
        }
    }

    private Fault unexpected(Token token, String context) {
        return reason(token.is(Kind.ERROR) ? token.text() : "unexpected " + token.shown() + " in " + context);
    }

    private static Fault reason(String text) {
        return Fault.invalid("read template", "", text);
    }
}
