package dev.carafe.transport.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One way in which a server wants to be shown who asks: a challenge of a WWW-Authenticate header (RFC 9110 section 11.3).
 *
 * @param scheme in lower case, {@code basic} or {@code bearer} mostly
 * @param parameters by their names in lower case
 */
record Challenge(String scheme, Map<String, String> parameters) {
    Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
    }

    /** Without a parameter that is of one request only. */
    Challenge without(String name) {
        var rest = new LinkedHashMap<>(parameters);
        rest.remove(name);
        return new Challenge(scheme, rest);
    }

    /** All challenges of all such headers, in their order; what cannot be read ends the reading of its header. */
    static List<Challenge> parse(List<String> headers) {
        var found = new ArrayList<Challenge>();
        headers.forEach(header -> new Reader(header).into(found));
        return found;
    }

    /** Reads one header from left to right. */
    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        void into(List<Challenge> found) {
            Map<String, String> parameters = new LinkedHashMap<>();
            boolean begun = false;
            while (true) {
                skip(", \t");
                String word = token();
                if (word.isEmpty()) {
                    return;
                }
                skip(" \t");
                if (at < text.length() && text.charAt(at) == '=' && begun) {
                    at++;
                    skip(" \t");
                    parameters.put(word.toLowerCase(Locale.ROOT), value());
                } else {
                    begun = true;
                    parameters = new LinkedHashMap<>();
                    found.add(new Challenge(word.toLowerCase(Locale.ROOT), parameters));
                }
            }
        }

        private void skip(String characters) {
            while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private String token() {
            int start = at;
            while (at < text.length() && text.charAt(at) > ' ' && "=,\"".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(start, at);
        }

        private String value() {
            if (at >= text.length() || text.charAt(at) != '"') {
                return token();
            }
            var value = new StringBuilder();
            for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                }
                value.append(text.charAt(at));
            }
            at = Math.min(at + 1, text.length());
            return value.toString();
        }
    }
}
