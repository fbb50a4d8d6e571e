package dev.carafe.cli.text;

/** Text between double quotes with escapes, as Go's strconv.Quote and the verb {@code %q} write it. */
public final class Quote {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private Quote() {}

    /** The text in double quotes; what cannot be printed is escaped. */
    public static String of(String text) {
        var out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); ) {
            int rune = text.codePointAt(i);
            i += Character.charCount(rune);
            escape(out, rune, '"');
        }
        return out.append('"').toString();
    }

    /** One character in single quotes. */
    public static String rune(int rune) {
        var out = new StringBuilder().append('\'');
        escape(out, rune, '\'');
        return out.append('\'').toString();
    }

    private static void escape(StringBuilder out, int rune, char quote) {
        switch (rune) {
            case '\\' -> out.append("\\\\");
            case 0x07 -> out.append("\\a");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case 0x0b -> out.append("\\v");
            default -> {
                if (rune == quote) {
                    out.append('\\').append(quote);
                } else if (printable(rune)) {
                    out.appendCodePoint(rune);
                } else if (rune < 0x80) {
                    hex(out.append("\\x"), rune, 2);
                } else if (rune < 0x10000) {
                    hex(out.append("\\u"), Character.isSurrogate((char) rune) ? 0xfffd : rune, 4);
                } else {
                    hex(out.append("\\U"), rune, 8);
                }
            }
        }
    }

    /** Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols, and of the spaces only U+0020. */
    public static boolean printable(int rune) {
        if (rune < 0x7f) {
            return rune >= 0x20;
        }
        return switch (Character.getType(rune)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static void hex(StringBuilder out, int value, int digits) {
        for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
            out.append(HEX[value >> shift & 15]);
        }
    }
}
