package dev.carafe.oci;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import java.util.Optional;

/**
 * Reads a {@link Reference} by the grammar of distribution's reference package, and points at the first character that does not
 * fit. What looks for an offence answers with its index, or -1; an index at the end means that something is missing there.
 */
final class ReferenceParser {
    private static final String LEGACY_DOMAIN = "index.docker.io";
    private static final String FORMAT = "invalid reference format: ";
    private static final int MAX_PATH = 255;
    private static final int ID_LENGTH = 64;
    private static final int FINE = -1;

    private final String text;

    ReferenceParser(String text) {
        this.text = text;
    }

    Reference parse() {
        if (isId()) {
            throw fault("invalid repository name, cannot specify 64-byte hexadecimal strings");
        }
        int end = text.indexOf('@');
        Optional<Digest> digest = end < 0 ? Optional.empty() : Optional.of(digest(end + 1));
        end = end < 0 ? text.length() : end;
        int slash = text.lastIndexOf('/', end - 1);
        int colon = text.indexOf(':', slash + 1);
        Optional<String> tag = Optional.empty();
        if (colon >= 0 && colon < end) {
            tag = Optional.of(tag(colon + 1, end));
            end = colon;
        }
        int first = text.indexOf('/');
        boolean shortName = first < 0 || first >= end || !isDomain(text.substring(0, first));
        String domain = Reference.DEFAULT_DOMAIN;
        int start = 0;
        if (!shortName) {
            domain = domain(text.substring(0, first));
            start = first + 1;
        }
        checkPath(start, end);
        String path = text.substring(start, end);
        if (domain.equals(Reference.DEFAULT_DOMAIN) && path.indexOf('/') < 0) {
            path = Reference.OFFICIAL + path;
        }
        if (path.length() > MAX_PATH) {
            throw fault("repository name must not be more than " + MAX_PATH + " characters");
        }
        return new Reference(domain, path, tag, digest, shortName);
    }

    private Digest digest(int from) {
        try {
            return Digest.parse(text.substring(from));
        } catch (Fault e) {
            throw fault(FORMAT + e.reason()).kind(e.kind()).cause(e);
        }
    }

    private String tag(int from, int to) {
        String tag = text.substring(from, to);
        if (tag.isEmpty()) {
            throw offence(from, "a tag is missing");
        }
        int bad = tagOffence(tag);
        if (bad >= 0) {
            throw offence(from + bad, bad == 0 ? "a tag begins with a letter, a digit or _" : "a tag has letters, digits and _.-");
        }
        if (tag.length() > Reference.MAX_TAG) {
            throw fault(FORMAT + "a tag has at most " + Reference.MAX_TAG + " characters, not " + tag.length());
        }
        return tag;
    }

    private String domain(String domain) {
        int bad = domainOffence(domain);
        if (bad >= 0) {
            throw offence(bad, "expected a host name with or without a port");
        }
        return domain.equals(LEGACY_DOMAIN) ? Reference.DEFAULT_DOMAIN : domain;
    }

    private void checkPath(int from, int to) {
        for (int at = from; at < to; at++) {
            if (Character.isUpperCase(text.charAt(at))) {
                throw offence(at, "repository name (" + text.substring(from, to) + ") must be lowercase");
            }
        }
        int bad = pathOffence(from, to);
        if (bad >= 0) {
            boolean missing = bad == to || text.charAt(bad) == '/';
            throw offence(bad, missing ? "a repository's name has letters or digits on both sides of each separator"
                    : "a repository's name has a-z, 0-9 and, between them, one of . _ __ / or dashes");
        }
    }

    /** Words of letters and digits, with single {@code .}, {@code _}, {@code __} or any number of {@code -} between, and {@code /} between those. */
    private int pathOffence(int from, int to) {
        int at = from;
        while (true) {
            int word = at;
            while (at < to && lowerCaseOrDigit(text.charAt(at))) {
                at++;
            }
            if (at == word) {
                return at;
            }
            if (at == to) {
                return FINE;
            }
            char separator = text.charAt(at);
            int most = switch (separator) {
                case '.', '/' -> 1;
                case '_' -> 2;
                case '-' -> Integer.MAX_VALUE;
                default -> 0;
            };
            int start = at;
            while (at < to && text.charAt(at) == separator && at - start < most) {
                at++;
            }
            if (at == start) {
                return at;
            }
        }
    }

    /** Whether the first word of a name is a domain: it looks like a host, is {@code localhost}, or could not be part of a path. */
    private static boolean isDomain(String word) {
        if (word.equals("localhost")) {
            return true;
        }
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c == '.' || c == ':' || Character.isUpperCase(c)) {
                return true;
            }
        }
        return false;
    }

    static int tagOffence(String tag) {
        for (int i = 0; i < tag.length(); i++) {
            char c = tag.charAt(i);
            if (!letterOrDigit(c) && c != '_' && (i == 0 || c != '.' && c != '-')) {
                return i;
            }
        }
        return FINE;
    }

    static int domainOffence(String domain) {
        int end = domain.indexOf(':');
        if (domain.startsWith("[")) {
            int bracket = addressEnd(domain);
            if (bracket < 2 || bracket == domain.length() || domain.charAt(bracket) != ']') {
                return Math.max(bracket, 1);
            }
            end = bracket + 1;
        } else {
            end = end < 0 ? domain.length() : end;
            int bad = hostOffence(domain, end);
            if (bad >= 0) {
                return bad;
            }
        }
        if (end == domain.length()) {
            return FINE;
        }
        if (domain.charAt(end) != ':') {
            return end;
        }
        for (int i = end + 1; i < domain.length(); i++) {
            if (domain.charAt(i) < '0' || domain.charAt(i) > '9') {
                return i;
            }
        }
        return end + 1 == domain.length() ? domain.length() : FINE;
    }

    /** Where the digits and colons of an address in brackets end. */
    private static int addressEnd(String domain) {
        int at = 1;
        while (at < domain.length() && (domain.charAt(at) == ':' || domain.charAt(at) <= 'f' && Character.digit(domain.charAt(at), 16) >= 0)) {
            at++;
        }
        return at;
    }

    private static int hostOffence(String domain, int end) {
        char before = '.';
        for (int i = 0; i < end; i++) {
            char c = domain.charAt(i);
            boolean fits = switch (c) {
                case '.' -> before != '.' && before != '-';
                case '-' -> before != '.';
                default -> letterOrDigit(c);
            };
            if (!fits) {
                return i;
            }
            before = c;
        }
        return before != '.' && before != '-' ? FINE : end;
    }

    private boolean isId() {
        if (text.length() != ID_LENGTH) {
            return false;
        }
        for (int i = 0; i < ID_LENGTH; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    private static boolean lowerCaseOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
    }

    private static boolean letterOrDigit(char c) {
        return lowerCaseOrDigit(c) || c >= 'A' && c <= 'Z';
    }

    private Fault offence(int at, String rule) {
        String where = at >= text.length() ? "at the end" : "at character " + (at + 1) + " ('" + text.charAt(at) + "')";
        return fault(FORMAT + rule + ", " + where);
    }

    private Fault fault(String reason) {
        return Fault.invalid("reference", "\"" + text + "\"", reason);
    }
}
