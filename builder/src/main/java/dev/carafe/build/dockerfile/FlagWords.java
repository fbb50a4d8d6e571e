package dev.carafe.build.dockerfile;

import java.util.ArrayList;
import java.util.List;

/**
 * The flags at the head of an instruction's arguments: words that begin with {@code --}, up to the first other word or a bare {@code --}.
 * Quotes and backslashes in them are taken away.
 *
 * @param rest what follows them
 */
record FlagWords(List<String> flags, String rest) {
    static FlagWords of(String text) {
        var flags = new ArrayList<String>();
        int at = 0;
        while (true) {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            if (!text.startsWith("--", at)) {
                return new FlagWords(flags, text.substring(at));
            }
            var word = new StringBuilder();
            char quote = 0;
            for (; at < text.length() && (quote != 0 || !Character.isWhitespace(text.charAt(at))); at++) {
                char c = text.charAt(at);
                if (quote == 0 && (c == '\'' || c == '"')) {
                    quote = c;
                } else if (c == quote) {
                    quote = 0;
                } else if (c != '\\') {
                    word.append(c);
                } else if (at + 1 < text.length()) {
                    word.append(text.charAt(++at));
                }
            }
            if (word.toString().equals("--")) {
                return new FlagWords(flags, text.substring(at));
            }
            flags.add(word.toString());
        }
    }
}
