package dev.carafe.cli.template;

import dev.carafe.cli.text.Quote;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The three escaping functions of Go's text/template. */
final class Escapes {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Escapes() {}

    static String html(String text) {
        var out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("&#34;");
                case '\'' -> out.append("&#39;");
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '\0' -> out.append('\ufffd');
                default -> out.append(c);
            }
        }
        return out.toString();
    }

    static String js(String text) {
        var out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); ) {
            int rune = text.codePointAt(i);
            i += Character.charCount(rune);
            switch (rune) {
                case '\\', '\'', '"' -> out.append('\\').appendCodePoint(rune);
                case '<', '>', '&', '=' -> out.append("\\u").append(HEX.toHexDigits((char) rune));
                default -> {
                    if (!Quote.printable(rune)) {
                        out.append("\\u").append(HEX.toHexDigits(rune, rune > 0xffff ? 6 : 4));
                    } else {
                        out.appendCodePoint(rune);
                    }
                }
            }
        }
        return out.toString();
    }

    /** For the query of a URL (RFC 3986 unreserved characters stay, a space becomes a plus). */
    static String query(String text) {
        var out = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            boolean stays = b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '-' || b == '_' || b == '.' || b == '~';
            if (stays) {
                out.append((char) b);
            } else if (b == ' ') {
                out.append('+');
            } else {
                out.append('%').append(HEX.toHexDigits(b));
            }
        }
        return out.toString();
    }
}
