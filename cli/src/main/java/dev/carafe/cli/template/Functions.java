package dev.carafe.cli.template;

import dev.carafe.base.Fault;
import dev.carafe.cli.template.Value.Mapping;
import dev.carafe.cli.template.Value.Nothing;
import dev.carafe.cli.template.Value.Real;
import dev.carafe.cli.template.Value.Row;
import dev.carafe.cli.template.Value.Sequence;
import dev.carafe.cli.template.Value.Text;
import dev.carafe.cli.template.Value.Truth;
import dev.carafe.cli.template.Value.Whole;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The functions of a template: Go's own (the Go documentation of text/template, section "Functions") and docker's.
 *
 * <p>{@code and} and {@code or} are not here beyond their names, for they do not evaluate all of their arguments; see {@link Execution}.
 */
final class Functions {
    private Functions() {}

    static boolean exist(String name) {
        return !signature(name).isEmpty();
    }

    /** One letter for each parameter: s a text, i a whole number, a anything; a star for any number of anything. Empty: no such function. */
    static String signature(String name) {
        return switch (name) {
            case "len", "not", "json" -> "a";
            case "ne", "lt", "le", "gt", "ge" -> "aa";
            case "and", "or", "eq", "index", "slice" -> "a*";
            case "print", "println", "html", "js", "urlquery" -> "*";
            case "printf" -> "s*";
            case "title", "lower", "upper" -> "s";
            case "split" -> "ss";
            case "join" -> "as";
            case "pad" -> "sii";
            case "truncate" -> "si";
            default -> "";
        };
    }

    /** Whether the function leaves the heading of a column alone. */
    static boolean keepsHeading(String name) {
        return switch (name) {
            case "json", "split", "join", "title", "lower", "upper", "truncate" -> true;
            default -> false;
        };
    }

    /** Calls a function whose arguments were checked against its signature. */
    static Value call(String name, List<Value> arguments) {
        return switch (name) {
            case "not" -> Value.of(!isTrue(arguments.getFirst()));
            case "json" -> Value.of(GoText.json(arguments.getFirst()));
            case "len" -> Value.of(length(arguments.getFirst()));
            case "eq" -> Value.of(equal(arguments));
            case "ne" -> Value.of(!equal(arguments));
            case "lt" -> Value.of(compare(arguments) < 0);
            case "le" -> Value.of(compare(arguments) <= 0);
            case "gt" -> Value.of(compare(arguments) > 0);
            case "ge" -> Value.of(compare(arguments) >= 0);
            case "index" -> index(arguments);
            case "slice" -> slice(arguments);
            case "print" -> Value.of(GoText.printAll(arguments));
            case "println" -> Value.of(GoText.printLine(arguments));
            case "printf" -> Value.of(Printf.format(text(arguments, 0), arguments.subList(1, arguments.size())));
            case "html" -> Value.of(Escapes.html(shown(arguments)));
            case "js" -> Value.of(Escapes.js(shown(arguments)));
            case "urlquery" -> Value.of(Escapes.query(shown(arguments)));
            case "title" -> Value.of(title(text(arguments, 0)));
            case "lower" -> Value.of(cased(text(arguments, 0), false));
            case "upper" -> Value.of(cased(text(arguments, 0), true));
            case "split" -> split(text(arguments, 0), text(arguments, 1));
            case "join" -> Value.of(join(arguments.getFirst(), text(arguments, 1)));
            case "pad" -> Value.of(pad(text(arguments, 0), whole(arguments, 1), whole(arguments, 2)));
            case "truncate" -> Value.of(truncate(text(arguments, 0), whole(arguments, 1)));
            default -> throw new IllegalArgumentException(name);
        };
    }

    static boolean isTrue(Value value) {
        return switch (value) {
            case Nothing n -> false;
            case Truth t -> t.value();
            case Whole w -> w.value() != 0;
            case Real r -> r.value() != 0;
            case Text t -> !t.value().isEmpty();
            case Sequence s -> !s.values().isEmpty();
            case Mapping m -> !m.entries().isEmpty();
            case Row r -> true;
        };
    }

    private static long length(Value value) {
        return switch (value) {
            case Text t -> bytes(t).length;
            case Sequence s -> s.values().size();
            case Mapping m -> m.entries().size();
            case Nothing n -> throw reason("len of nil pointer");
            case Truth t -> throw reason("len of type bool");
            case Whole w -> throw reason("len of type int");
            case Real r -> throw reason("len of type float64");
            case Row r -> throw reason("len of type " + r.typeName());
        };
    }

    private static boolean basic(Value value) {
        return value instanceof Truth || value instanceof Whole || value instanceof Real || value instanceof Text;
    }

    private static boolean equal(List<Value> arguments) {
        Value first = arguments.getFirst();
        if (arguments.size() == 1) {
            throw reason("missing argument for comparison");
        }
        for (Value other : arguments.subList(1, arguments.size())) {
            if (first instanceof Nothing || other instanceof Nothing) {
                if (first.equals(other)) {
                    return true;
                }
            } else if (!basic(first) && !basic(other)) {
                Value culprit = first instanceof Row ? other : first;
                throw reason("non-comparable type " + Printf.format("%s", List.of(culprit)) + ": " + GoText.type(culprit));
            } else if (first.getClass() != other.getClass()) {
                throw reason("incompatible types for comparison");
            } else if (first instanceof Real a && other instanceof Real b ? a.value() == b.value() : first.equals(other)) {
                return true;
            }
        }
        return false;
    }

    private static int compare(List<Value> arguments) {
        Value first = arguments.getFirst();
        Value second = arguments.get(1);
        if (!basic(first) || !basic(second) || first instanceof Truth && second instanceof Truth) {
            throw reason("invalid type for comparison");
        }
        if (first instanceof Whole a && second instanceof Whole b) {
            return Long.compare(a.value(), b.value());
        }
        if (first instanceof Real a && second instanceof Real b) {
            return Double.compare(a.value() + 0.0, b.value() + 0.0);
        }
        if (first instanceof Text a && second instanceof Text b) {
            return Arrays.compareUnsigned(bytes(a), bytes(b));
        }
        throw reason("incompatible types for comparison");
    }

    private static Value index(List<Value> arguments) {
        Value item = arguments.getFirst();
        if (item instanceof Nothing) {
            throw reason("index of untyped nil");
        }
        for (Value place : arguments.subList(1, arguments.size())) {
            item = switch (item) {
                case Sequence s -> s.values().get(place(place, s.values().size() - 1));
                case Text t -> Value.of(bytes(t)[place(place, bytes(t).length - 1)] & 0xff);
                case Mapping m -> {
                    if (!(place instanceof Text key)) {
                        throw reason(place instanceof Nothing ? "value is nil; should be of type string"
                                : "value has type " + GoText.type(place) + "; should be string");
                    }
                    Value found = m.entries().get(key.value());
                    yield found == null ? m.zero() : found;
                }
                case Nothing n -> throw reason("index of nil pointer");
                case Truth t -> throw reason("can't index item of type bool");
                case Whole w -> throw reason("can't index item of type int");
                case Real r -> throw reason("can't index item of type float64");
                case Row r -> throw reason("can't index item of type " + r.typeName());
            };
        }
        return item;
    }

    private static Value slice(List<Value> arguments) {
        Value item = arguments.getFirst();
        if (item instanceof Nothing) {
            throw reason("slice of untyped nil");
        }
        if (arguments.size() > 4) {
            throw reason("too many slice indexes: " + (arguments.size() - 1));
        }
        if (item instanceof Text && arguments.size() == 4) {
            throw reason("cannot 3-index slice a string");
        }
        if (!(item instanceof Text) && !(item instanceof Sequence)) {
            throw reason("can't slice item of type " + GoText.type(item));
        }
        int length = (int) length(item);
        int[] places = {0, length, length};
        for (int i = 1; i < arguments.size(); i++) {
            places[i - 1] = place(arguments.get(i), length);
        }
        if (places[0] > places[1]) {
            throw reason("invalid slice index: " + places[0] + " > " + places[1]);
        }
        if (places[1] > places[2]) {
            throw reason("invalid slice index: " + places[1] + " > " + places[2]);
        }
        return item instanceof Sequence s
                ? new Sequence(s.values().subList(places[0], places[1]))
                : Value.of(new String(bytes((Text) item), places[0], places[1] - places[0], StandardCharsets.UTF_8));
    }

    private static int place(Value place, int last) {
        if (!(place instanceof Whole w)) {
            throw reason(place instanceof Nothing ? "cannot index slice/array with nil"
                    : "cannot index slice/array with type " + GoText.type(place));
        }
        if (w.value() < 0 || w.value() > last) {
            throw reason("index out of range: " + w.value());
        }
        return (int) w.value();
    }

    private static String shown(List<Value> arguments) {
        var all = new ArrayList<Value>(arguments);
        all.replaceAll(value -> value instanceof Nothing ? Value.of("<no value>") : value);
        return GoText.printAll(all);
    }

    private static String title(String text) {
        var out = new StringBuilder(text.length());
        boolean starts = true;
        for (int i = 0; i < text.length(); ) {
            int rune = text.codePointAt(i);
            i += Character.charCount(rune);
            out.appendCodePoint(starts ? Character.toTitleCase(rune) : rune);
            starts = rune != '_' && !Character.isLetterOrDigit(rune) && (rune < 0x80 || Character.isSpaceChar(rune));
        }
        return out.toString();
    }

    private static String cased(String text, boolean upper) {
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            int rune = text.codePointAt(i);
            i += Character.charCount(rune);
            out.appendCodePoint(upper ? Character.toUpperCase(rune) : Character.toLowerCase(rune));
        }
        return out.toString();
    }

    private static Value split(String text, String separator) {
        var parts = new ArrayList<Value>();
        if (separator.isEmpty()) {
            for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
                parts.add(Value.of(Character.toString(text.codePointAt(i))));
            }
            return new Sequence(parts);
        }
        int start = 0;
        for (int end = text.indexOf(separator); end >= 0; end = text.indexOf(separator, start)) {
            parts.add(Value.of(text.substring(start, end)));
            start = end + separator.length();
        }
        parts.add(Value.of(text.substring(start)));
        return new Sequence(parts);
    }

    private static String join(Value elements, String separator) {
        var parts = new ArrayList<String>();
        switch (elements) {
            case Nothing n -> { }
            case Sequence s -> {
                for (Value element : s.values()) {
                    parts.add(GoText.print(element));
                }
            }
            case Mapping m -> {
                for (Map.Entry<String, Value> entry : m.entries().entrySet()) {
                    parts.add(GoText.print(entry.getValue()));
                }
                parts.sort(null);
            }
            case Truth t -> throw reason("expected slice, got bool");
            case Whole w -> throw reason("expected slice, got int");
            case Real r -> throw reason("expected slice, got float64");
            case Text t -> throw reason("expected slice, got string");
            case Row r -> throw reason("expected slice, got " + r.typeName());
        }
        return String.join(separator, parts);
    }

    private static String pad(String text, long before, long behind) {
        if (text.isEmpty()) {
            return text;
        }
        if (before < 0 || behind < 0) {
            throw reason("strings: negative Repeat count");
        }
        if (before + behind > 1_000_000) {
            throw reason("strings: Repeat output length overflow");
        }
        return " ".repeat((int) before) + text + " ".repeat((int) behind);
    }

    private static String truncate(String text, long length) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (length < 0) {
            throw reason("runtime error: slice bounds out of range [:" + length + "]");
        }
        return bytes.length < length ? text : new String(bytes, 0, (int) length, StandardCharsets.UTF_8);
    }

    private static String text(List<Value> arguments, int place) {
        return ((Text) arguments.get(place)).value();
    }

    private static long whole(List<Value> arguments, int place) {
        return ((Whole) arguments.get(place)).value();
    }

    private static byte[] bytes(Text text) {
        return text.value().getBytes(StandardCharsets.UTF_8);
    }

    private static Fault reason(String text) {
        return Fault.invalid("call function", "", text);
    }
}
