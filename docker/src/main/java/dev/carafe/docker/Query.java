package dev.carafe.docker;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parameters of a query, in their order (application/x-www-form-urlencoded). */
record Query(Map<String, List<String>> values) {
    static Query parse(String text) {
        var values = new LinkedHashMap<String, List<String>>();
        for (String pair : text.split("&")) {
            int equals = pair.indexOf('=');
            if (!pair.isEmpty()) {
                values.computeIfAbsent(decode(equals < 0 ? pair : pair.substring(0, equals), true), n -> new ArrayList<>())
                        .add(equals < 0 ? "" : decode(pair.substring(equals + 1), true));
            }
        }
        return new Query(values);
    }

    /** Takes percent signs out (RFC 3986, 2.1). @param plus whether a plus sign is a blank */
    static String decode(String text, boolean plus) {
        if (text.indexOf('%') < 0 && (!plus || text.indexOf('+') < 0)) {
            return text;
        }
        var bytes = new ByteArrayOutputStream();
        for (int k = 0; k < text.length(); k++) {
            char c = text.charAt(k);
            if (c == '%') {
                int high = k + 2 < text.length() ? Character.digit(text.charAt(k + 1), 16) : -1;
                int low = k + 2 < text.length() ? Character.digit(text.charAt(k + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw ApiFault.invalid("invalid URL escape \"" + text.substring(k, Math.min(text.length(), k + 3)) + "\"");
                }
                bytes.write(high << 4 | low);
                k += 2;
            } else {
                bytes.write(plus && c == '+' ? ' ' : c);
            }
        }
        String decoded = bytes.toString(StandardCharsets.UTF_8);
        if (decoded.indexOf('\0') >= 0) {
            throw ApiFault.invalid("a parameter has a NUL byte");
        }
        return decoded;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** The first value; empty where there is none. */
    String text(String name) {
        List<String> all = values.get(name);
        return all == null ? "" : all.getFirst();
    }

    /** A value that is there and not empty. */
    Optional<String> given(String name) {
        return Optional.of(text(name)).filter(text -> !text.isEmpty());
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** As dockerd reads truth: everything but nothing, no, 0, false and none. */
    boolean on(String name) {
        return switch (text(name).strip().toLowerCase(java.util.Locale.ROOT)) {
            case "", "0", "no", "false", "none" -> false;
            default -> true;
        };
    }

    /** The same with another answer where nothing is said. */
    boolean on(String name, boolean otherwise) {
        return has(name) ? on(name) : otherwise;
    }

    Optional<Integer> number(String name) {
        if (text(name).isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Integer.parseInt(text(name)));
        } catch (NumberFormatException e) {
            throw ApiFault.invalid("strconv.Atoi: parsing \"" + text(name) + "\": invalid syntax");
        }
    }
}
