package dev.carafe.cli.template;

import dev.carafe.cli.template.Value.Mapping;
import dev.carafe.cli.template.Value.Nothing;
import dev.carafe.cli.template.Value.Real;
import dev.carafe.cli.template.Value.Row;
import dev.carafe.cli.template.Value.Sequence;
import dev.carafe.cli.template.Value.Text;
import dev.carafe.cli.template.Value.Truth;
import dev.carafe.cli.template.Value.Whole;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;

/** How values look as text: as fmt's {@code %v} prints them, as Go's encoding/json writes them, and what their types are called. */
final class GoText {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private GoText() {}

    /** {@code %v}. */
    static String print(Value value) {
        var out = new StringBuilder();
        print(out, value);
        return out.toString();
    }

    static void print(StringBuilder out, Value value) {
        switch (value) {
            case Nothing n -> out.append("<nil>");
            case Truth t -> out.append(t.value());
            case Whole w -> out.append(w.value());
            case Real r -> out.append(shortest(r.value()));
            case Text t -> out.append(t.value());
            case Sequence s -> {
                out.append('[');
                for (int i = 0; i < s.values().size(); i++) {
                    if (i > 0) {
                        out.append(' ');
                    }
                    print(out, s.values().get(i));
                }
                out.append(']');
            }
            case Mapping m -> print(out, m.sorted());
            case Row row -> {
                out.append('{');
                String gap = "";
                for (String name : row.columns()) {
                    out.append(gap);
                    print(out, row.column(name).orElse(Value.NOTHING));
                    gap = " ";
                }
                out.append('}');
            }
        }
    }

    private static void print(StringBuilder out, Map<String, Value> entries) {
        out.append("map[");
        String gap = "";
        for (Map.Entry<String, Value> entry : entries.entrySet()) {
            out.append(gap).append(entry.getKey()).append(':');
            print(out, entry.getValue());
            gap = " ";
        }
        out.append(']');
    }

    /** fmt.Sprint: a space between neighbours of which neither is a text. */
    static String printAll(List<Value> values) {
        var out = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            if (i > 0 && !(values.get(i) instanceof Text) && !(values.get(i - 1) instanceof Text)) {
                out.append(' ');
            }
            print(out, values.get(i));
        }
        return out.toString();
    }

    /** fmt.Sprintln: a space between all, and a line feed. */
    static String printLine(List<Value> values) {
        var out = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                out.append(' ');
            }
            print(out, values.get(i));
        }
        return out.append('\n').toString();
    }

    /** {@code %T}. */
    static String type(Value value) {
        return switch (value) {
            case Nothing n -> "<nil>";
            case Truth t -> "bool";
            case Whole w -> "int";
            case Real r -> "float64";
            case Text t -> "string";
            case Sequence s -> "[]interface {}";
            case Mapping m -> "map[string]interface {}";
            case Row r -> r.typeName();
        };
    }

    /** {@code %v} of a float64: the fewest digits that read back the same, with an exponent below 1e-4 and from 1e6. */
    static String shortest(double number) {
        if (Double.isNaN(number)) {
            return "NaN";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "+Inf" : "-Inf";
        }
        return general(number, 4, 6, 2);
    }

    /** encoding/json's float64: as JavaScript writes it, with an exponent below 1e-6 and from 1e21. */
    private static String json(double number) {
        return general(number, 6, 21, 1);
    }

    private static String general(double number, int smallest, int largest, int exponentDigits) {
        boolean negative = number < 0 || 1 / number < 0;
        String sign = negative ? "-" : "";
        if (number == 0) {
            return sign + "0";
        }
        BigDecimal exact = new BigDecimal(Double.toString(Math.abs(number))).stripTrailingZeros();
        int exponent = exact.precision() - exact.scale() - 1;
        if (exponent >= -smallest && exponent < largest) {
            return sign + exact.toPlainString();
        }
        String digits = exact.unscaledValue().toString();
        return sign + digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "") + exponent(exponent, exponentDigits);
    }

    private static String exponent(int exponent, int leastDigits) {
        String digits = Integer.toString(Math.abs(exponent));
        return "e" + (exponent < 0 ? "-" : "+") + "0".repeat(Math.max(0, leastDigits - digits.length())) + digits;
    }

    /** {@code %.Nf}. */
    static String fixed(double number, int places) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return shortest(number);
        }
        String digits = new BigDecimal(Math.abs(number)).setScale(places, RoundingMode.HALF_EVEN).toPlainString();
        return number < 0 || 1 / number < 0 ? "-" + digits : digits;
    }

    /** {@code %.Ne}. */
    static String scientific(double number, int places) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return shortest(number);
        }
        String sign = number < 0 || 1 / number < 0 ? "-" : "";
        if (number == 0) {
            return sign + "0" + (places > 0 ? "." + "0".repeat(places) : "") + "e+00";
        }
        BigDecimal rounded = new BigDecimal(Math.abs(number)).round(new java.math.MathContext(places + 1, RoundingMode.HALF_EVEN));
        var digits = new StringBuilder(rounded.unscaledValue().toString());
        int exponent = rounded.precision() - rounded.scale() - 1;
        while (digits.length() < places + 1) {
            digits.append('0');
        }
        digits.setLength(places + 1);
        return sign + digits.charAt(0) + (places > 0 ? "." + digits.substring(1) : "") + exponent(exponent, 2);
    }

    /** JSON on one line, with the characters of HTML left as they are. */
    static String json(Value value) {
        var out = new StringBuilder();
        json(out, value, false);
        return out.toString();
    }

    /** In a row docker escapes what HTML could trip over; elsewhere it does not. */
    private static void json(StringBuilder out, Value value, boolean forHtml) {
        switch (value) {
            case Nothing n -> out.append("null");
            case Truth t -> out.append(t.value());
            case Whole w -> out.append(w.value());
            case Real r -> out.append(json(r.value()));
            case Text t -> quoted(out, t.value(), forHtml);
            case Sequence s -> {
                String gap = "[";
                for (Value element : s.values()) {
                    out.append(gap);
                    json(out, element, forHtml);
                    gap = ",";
                }
                out.append(s.values().isEmpty() ? "[]" : "]");
            }
            case Mapping m -> {
                String gap = "{";
                for (Map.Entry<String, Value> entry : m.entries().entrySet()) {
                    quoted(out.append(gap), entry.getKey(), forHtml);
                    json(out.append(':'), entry.getValue(), forHtml);
                    gap = ",";
                }
                out.append(m.entries().isEmpty() ? "{}" : "}");
            }
            case Row row -> {
                String gap = "{";
                for (String name : row.columns()) {
                    quoted(out.append(gap), name, true);
                    json(out.append(':'), row.column(name).orElse(Value.NOTHING), true);
                    gap = ",";
                }
                out.append(row.columns().isEmpty() ? "{}" : "}");
            }
        }
    }

    private static void quoted(StringBuilder out, String text, boolean forHtml) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || c == '\u2028' || c == '\u2029' || forHtml && (c == '<' || c == '>' || c == '&')) {
                        out.append("\\u").append(HEX[c >> 12]).append(HEX[c >> 8 & 15]).append(HEX[c >> 4 & 15]).append(HEX[c & 15]);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
