package dev.carafe.cli.template;

import dev.carafe.base.Fault;
import dev.carafe.cli.template.Value.Mapping;
import dev.carafe.cli.template.Value.Nothing;
import dev.carafe.cli.template.Value.Real;
import dev.carafe.cli.template.Value.Row;
import dev.carafe.cli.template.Value.Text;
import dev.carafe.cli.template.Value.Whole;
import dev.carafe.cli.text.Quote;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One application of a template to a value. */
final class Execution {
    private static final int DEEPEST_CALL = 200;

    private final String source;
    private final Map<String, List<Node>> named;
    private final boolean headings;
    private final Value data;
    private final StringBuilder out = new StringBuilder();
    private Scope scope;
    private String template = "";
    private Node current = new Node.Dot(0);
    private int calls;
    /** Whether the value that was just reached is a null that stands in a mapping, which Go tells apart from a missing one. */
    private boolean foundNull;

    /** What the end of a part means for the loop around it. */
    private enum Flow {
        ON, BREAK, CONTINUE
    }

    Execution(String source, Map<String, List<Node>> named, boolean headings, Value data) {
        this.source = source;
        this.named = named;
        this.headings = headings;
        this.data = data;
        scope = new Scope(data);
    }

    String run(List<Node> parts) {
        try {
            walk(parts, data);
        } catch (Fault offence) {
            throw Fault.invalid("template parsing error", "", "template: :" + place() + ": executing " + Quote.of(template) + " at <" + current
                    + ">: " + offence.reason());
        }
        return out.toString();
    }

    private String place() {
        int line = 1;
        int start = 0;
        for (int i = 0; i < current.start(); i++) {
            if (source.charAt(i) == '\n') {
                line++;
                start = i + 1;
            }
        }
        int column = source.substring(start, current.start()).getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
        return line + ":" + column;
    }

    private Flow walk(List<Node> parts, Value dot) {
        for (Node part : parts) {
            Flow flow = walk(part, dot);
            if (flow != Flow.ON) {
                return flow;
            }
        }
        return Flow.ON;
    }

    private Flow walk(Node part, Value dot) {
        return switch (part) {
            case Node.Plain plain -> {
                out.append(plain.text());
                yield Flow.ON;
            }
            case Node.Action action -> {
                Value value = pipeline(dot, action.pipeline());
                if (action.pipeline().variables().isEmpty()) {
                    print(value);
                }
                yield Flow.ON;
            }
            case Node.If choice -> {
                int outer = scope.depth();
                boolean holds = Functions.isTrue(pipeline(dot, choice.pipeline()));
                yield leave(outer, walk(holds ? choice.then() : choice.otherwise(), dot));
            }
            case Node.With with -> {
                int outer = scope.depth();
                Value value = pipeline(dot, with.pipeline());
                yield leave(outer, Functions.isTrue(value) ? walk(with.then(), value) : walk(with.otherwise(), dot));
            }
            case Node.Range range -> {
                int outer = scope.depth();
                yield leave(outer, range(range, dot));
            }
            case Node.Break b -> Flow.BREAK;
            case Node.Continue c -> Flow.CONTINUE;
            case Node.Call call -> {
                call(call, dot);
                yield Flow.ON;
            }
            case Node.Pipeline p -> throw new IllegalStateException(p.toString());
            case Node.Command c -> throw new IllegalStateException(c.toString());
            case Node.Function f -> throw new IllegalStateException(f.toString());
            case Node.Field f -> throw new IllegalStateException(f.toString());
            case Node.Variable v -> throw new IllegalStateException(v.toString());
            case Node.Chain c -> throw new IllegalStateException(c.toString());
            case Node.Dot d -> throw new IllegalStateException(d.toString());
            case Node.Nil n -> throw new IllegalStateException(n.toString());
            case Node.Literal l -> throw new IllegalStateException(l.toString());
        };
    }

    private Flow leave(int outer, Flow flow) {
        scope.leave(outer);
        return flow;
    }

    private void print(Value value) {
        if (value instanceof Nothing) {
            out.append("<no value>");
        } else {
            GoText.print(out, value);
        }
    }

    private Flow range(Node.Range range, Value dot) {
        List<Node.Variable> names = range.pipeline().variables();
        boolean assigns = range.pipeline().assigns();
        Iteration iteration = Iteration.over(pipeline(dot, range.pipeline()), names.size());
        if (iteration.elements().isEmpty()) {
            return walk(range.otherwise(), dot);
        }
        int around = scope.depth();
        for (int i = 0; i < iteration.elements().size(); i++) {
            Value element = iteration.elements().get(i);
            if (!names.isEmpty()) {
                bind(names.getLast().name(), element, assigns);
            }
            if (names.size() > 1) {
                bind(names.getFirst().name(), iteration.keys().get(i), assigns);
            }
            if (leave(around, walk(range.body(), element)) == Flow.BREAK) {
                break;
            }
        }
        return Flow.ON;
    }

    private void call(Node.Call call, Value dot) {
        current = call;
        List<Node> parts = named.get(call.name());
        if (parts == null) {
            throw reason("template " + Quote.of(call.name()) + " not defined");
        }
        if (++calls > DEEPEST_CALL) {
            throw reason("exceeded maximum template depth (" + DEEPEST_CALL + ")");
        }
        Value argument = call.pipeline().isPresent() ? pipeline(dot, call.pipeline().get()) : Value.NOTHING;
        Scope outer = scope;
        String caller = template;
        scope = new Scope(argument);
        template = call.name();
        walk(parts, argument);
        scope = outer;
        template = caller;
        calls--;
    }

    private void bind(String name, Value value, boolean assigns) {
        if (!assigns) {
            scope.declare(name, value);
        } else if (!scope.assign(name, value)) {
            throw reason("undefined variable: " + name);
        }
    }

    private Value pipeline(Value dot, Node.Pipeline pipeline) {
        current = pipeline;
        Value value = null;
        for (Node.Command command : pipeline.commands()) {
            value = command(dot, command, value);
        }
        foundNull = false;
        Value result = value == null ? Value.NOTHING : value;
        for (Node.Variable variable : pipeline.variables()) {
            bind(variable.name(), result, pipeline.assigns());
        }
        return result;
    }

    private Value command(Value dot, Node.Command command, @Nullable Value last) {
        List<Node> words = command.words();
        Node first = words.getFirst();
        boolean bare = words.size() == 1 && last == null;
        switch (first) {
            case Node.Field field -> {
                current = field;
                return fields(dot, dot, field.names(), words, last);
            }
            case Node.Chain chain -> {
                return chain(dot, chain, words, last);
            }
            case Node.Function function -> {
                return function(dot, function, command, last);
            }
            case Node.Pipeline nested -> {
                if (!bare) {
                    throw notAFunction(nested);
                }
                return pipeline(dot, nested);
            }
            case Node.Variable variable -> {
                return variable(dot, variable, words, last);
            }
            default -> {
                current = first;
                if (!bare) {
                    throw notAFunction(first);
                }
                if (first instanceof Node.Nil) {
                    throw reason("nil is not a command");
                }
                return first instanceof Node.Literal literal ? literal.value() : dot;
            }
        }
    }

    private static Fault notAFunction(Node word) {
        return reason("can't give argument to non-function " + word);
    }

    private Value variable(Value dot, Node.Variable variable, List<Node> words, @Nullable Value last) {
        current = variable;
        Value value = lookUp(variable.name());
        foundNull = false;
        if (!variable.fields().isEmpty()) {
            return fields(dot, value, variable.fields(), words, last);
        }
        if (words.size() > 1 || last != null) {
            throw notAFunction(variable);
        }
        return value;
    }

    private Value lookUp(String name) {
        Optional<Value> found = scope.find(name);
        if (found.isEmpty()) {
            throw reason("undefined variable: " + name);
        }
        return found.get();
    }

    private Value chain(Value dot, Node.Chain chain, List<Node> words, @Nullable Value last) {
        current = chain;
        Value base = argument(dot, chain.base(), 'a');
        foundNull = false;
        return fields(dot, base, chain.fields(), words, last);
    }

    /** Walks a chain of fields; arguments belong to the last one. */
    private Value fields(Value dot, Value start, List<String> names, List<Node> words, @Nullable Value last) {
        Value receiver = start;
        boolean inMapping = false;
        foundNull = false;
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            boolean called = i == names.size() - 1 && (words.size() > 1 || last != null);
            switch (receiver) {
                case Nothing n -> {
                    if (foundNull) {
                        throw reason("nil pointer evaluating interface {}." + name);
                    }
                }
                case Mapping mapping -> {
                    if (called) {
                        throw reason(name + " is not a method but has arguments");
                    }
                    if (mapping.refuses(name)) {
                        throw reason("map has no entry for key " + Quote.of(name));
                    }
                    Value found = mapping.entries().get(name);
                    foundNull = found instanceof Nothing;
                    receiver = found == null ? Value.NOTHING : found;
                    inMapping = true;
                }
                case Row row -> {
                    receiver = called ? ask(dot, row, name, words, last) : column(row, name);
                    inMapping = false;
                }
                default -> throw cannotEvaluate(name, inMapping ? "interface {}" : GoText.type(receiver));
            }
        }
        return receiver;
    }

    private static Value column(Row row, String name) {
        Optional<Value> column = row.column(name);
        if (column.isPresent()) {
            return column.get();
        }
        if (row.ask(name, "").isPresent()) {
            throw reason("wrong number of args for " + name + ": want 1 got 0");
        }
        throw cannotEvaluate(name, row.typeName());
    }

    private Value ask(Value dot, Row row, String name, List<Node> words, @Nullable Value last) {
        int given = words.size() - 1 + (last == null ? 0 : 1);
        boolean isMethod = row.ask(name, "").isPresent();
        if (!isMethod && row.column(name).isEmpty()) {
            throw cannotEvaluate(name, row.typeName());
        }
        if (!isMethod || given != 1) {
            throw reason("wrong number of args for " + name + ": want " + (isMethod ? 1 : 0) + " got " + given);
        }
        Value argument = last == null ? argument(dot, words.get(1), 's') : checked(last, 's');
        return row.ask(name, ((Text) argument).value()).orElse(Value.NOTHING);
    }

    private static Fault cannotEvaluate(String name, String type) {
        return reason("can't evaluate field " + name + " in type " + type);
    }

    private Value function(Value dot, Node.Function function, Node.Command command, @Nullable Value last) {
        current = function;
        String name = function.name();
        String signature = Functions.signature(name);
        List<Node> words = command.words();
        int given = words.size() - 1 + (last == null ? 0 : 1);
        boolean open = signature.endsWith("*");
        int wanted = open ? signature.length() - 1 : signature.length();
        if (open ? given < wanted : given != wanted) {
            throw reason("wrong number of args for " + name + ": want " + (open ? "at least " : "") + wanted + " got " + given);
        }
        if (name.equals("and") || name.equals("or")) {
            return junction(dot, name.equals("and"), words, last);
        }
        var arguments = new ArrayList<Value>(given);
        for (int i = 1; i < words.size(); i++) {
            arguments.add(argument(dot, words.get(i), type(signature, i - 1)));
        }
        if (last != null) {
            foundNull = false;
            arguments.add(checked(last, type(signature, given - 1)));
        }
        if (headings && Functions.keepsHeading(name)) {
            return arguments.getFirst();
        }
        try {
            return Functions.call(name, arguments);
        } catch (Fault offence) {
            current = command;
            throw reason("error calling " + name + ": " + offence.reason());
        }
    }

    private static char type(String signature, int place) {
        return place < signature.length() && signature.charAt(place) != '*' ? signature.charAt(place) : 'a';
    }

    /** The first argument that settles the matter, or the last. */
    private Value junction(Value dot, boolean all, List<Node> words, @Nullable Value last) {
        Value value = Value.NOTHING;
        for (int i = 1; i < words.size(); i++) {
            value = argument(dot, words.get(i), 'a');
            if (Functions.isTrue(value) != all) {
                return value;
            }
        }
        return last == null ? value : last;
    }

    private Value argument(Value dot, Node word, char type) {
        current = word;
        foundNull = false;
        return switch (word) {
            case Node.Dot d -> checked(dot, type);
            case Node.Field field -> checked(fields(dot, dot, field.names(), List.of(word), null), type);
            case Node.Variable variable -> checked(variable(dot, variable, List.of(word), null), type);
            case Node.Chain chain -> checked(chain(dot, chain, List.of(word), null), type);
            case Node.Pipeline nested -> checked(pipeline(dot, nested), type);
            case Node.Function function -> checked(function(dot, function, new Node.Command(List.of(word), word.start()), null), type);
            case Node.Nil n -> {
                if (type != 'a') {
                    throw reason("cannot assign nil to " + typeName(type));
                }
                yield Value.NOTHING;
            }
            case Node.Literal literal -> literal(literal, type);
            default -> throw new IllegalStateException(word.toString());
        };
    }

    private static Value literal(Node.Literal literal, char type) {
        Value value = literal.value();
        if (type == 's' && !(value instanceof Text)) {
            throw reason("expected string; found " + literal);
        }
        if (type == 'i' && value instanceof Real r && r.value() == Math.rint(r.value())) {
            return Value.of((long) r.value());
        }
        if (type == 'i' && !(value instanceof Whole)) {
            throw reason("expected integer; found " + literal);
        }
        return value;
    }

    private Value checked(Value value, char type) {
        if (type == 'a' || type == 's' && value instanceof Text || type == 'i' && value instanceof Whole) {
            return value;
        }
        if (value instanceof Nothing && !foundNull) {
            throw reason("invalid value; expected " + typeName(type));
        }
        throw reason("wrong type for value; expected " + typeName(type) + "; got "
                + (value instanceof Nothing ? "interface {}" : GoText.type(value)));
    }

    private static String typeName(char type) {
        return type == 's' ? "string" : "int";
    }

    private static Fault reason(String text) {
        return Fault.invalid("apply template", "", text);
    }
}
