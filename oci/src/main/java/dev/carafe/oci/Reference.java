package dev.carafe.oci;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import java.util.Optional;

/**
 * The name of an image: {@code domain/path[:tag][@digest]}, in Docker's grammar (distribution's reference package) and with its
 * defaults: without a domain it is at {@code docker.io}, and a path of one word there is in {@code library/}.
 *
 * @param domain a host name, IPv4 address or bracketed IPv6 address, with or without {@code :port}
 * @param path lower-case words, {@code library/alpine}
 * @param tag a name that may move; not {@code latest} by itself, see {@link #withDefaultTag}
 * @param digest the digest of one manifest or index
 * @param shortName whether no domain was given, so that another than {@code docker.io} may be meant
 */
public record Reference(String domain, String path, Optional<String> tag, Optional<Digest> digest, boolean shortName) {
    /** Where names without a domain are. */
    public static final String DEFAULT_DOMAIN = "docker.io";
    /** The tag that is meant when neither tag nor digest is given. */
    public static final String DEFAULT_TAG = "latest";

    private static final String LEGACY_DOMAIN = "index.docker.io";
    private static final String OFFICIAL = "library/";
    private static final int MAX_PATH = 255;
    private static final int MAX_TAG = 128;
    private static final int ID_LENGTH = 64;

    /** Reads what a user, a Dockerfile or an annotation gives. */
    public static Reference parse(String text) {
        if (isId(text)) {
            throw fault(text, "invalid repository name, cannot specify 64-byte hexadecimal strings");
        }
        String rest = text;
        Optional<Digest> digest = Optional.empty();
        int at = rest.indexOf('@');
        if (at >= 0) {
            digest = Optional.of(digest(text, rest.substring(at + 1)));
            rest = rest.substring(0, at);
        }
        Optional<String> tag = Optional.empty();
        int colon = rest.indexOf(':', rest.lastIndexOf('/') + 1);
        if (colon >= 0) {
            tag = Optional.of(rest.substring(colon + 1));
            rest = rest.substring(0, colon);
            if (!validTag(tag.get())) {
                throw fault(text, "invalid reference format: the tag has other than letters, digits and _.- or is too long");
            }
        }
        int slash = rest.indexOf('/');
        boolean shortName = slash < 0 || !isDomain(rest.substring(0, slash));
        String domain = shortName ? DEFAULT_DOMAIN : rest.substring(0, slash);
        String path = shortName ? rest : rest.substring(slash + 1);
        if (domain.equals(LEGACY_DOMAIN)) {
            domain = DEFAULT_DOMAIN;
        }
        if (domain.equals(DEFAULT_DOMAIN) && path.indexOf('/') < 0) {
            path = OFFICIAL + path;
        }
        check(text, domain, path);
        return new Reference(domain, path, tag, digest, shortName);
    }

    /** Whether a text may be a tag: up to 128 letters, digits and {@code _.-}, the first not {@code .} or {@code -}. */
    public static boolean validTag(String tag) {
        if (tag.isEmpty() || tag.length() > MAX_TAG) {
            return false;
        }
        for (int i = 0; i < tag.length(); i++) {
            char c = tag.charAt(i);
            if (!letterOrDigit(c) && c != '_' && (i == 0 || c != '.' && c != '-')) {
                return false;
            }
        }
        return true;
    }

    /** Domain and path: {@code docker.io/library/alpine}. */
    public String name() {
        return domain + "/" + path;
    }

    /** Domain and path as Docker shows them, without its defaults: {@code alpine}. */
    public String familiarName() {
        if (!domain.equals(DEFAULT_DOMAIN)) {
            return name();
        }
        boolean official = path.startsWith(OFFICIAL) && path.indexOf('/', OFFICIAL.length()) < 0;
        return official ? path.substring(OFFICIAL.length()) : path;
    }

    /** All of it as Docker shows it: {@code alpine:3.20}. */
    public String familiar() {
        return familiarName() + suffix();
    }

    /** With the tag {@code latest} where neither tag nor digest is given. */
    public Reference withDefaultTag() {
        return tag.isEmpty() && digest.isEmpty() ? withTag(DEFAULT_TAG) : this;
    }

    /** With this tag instead of its own; the digest stays. */
    public Reference withTag(String other) {
        if (!validTag(other)) {
            throw Fault.invalid("tag", "\"" + other + "\"", "invalid tag format");
        }
        return new Reference(domain, path, Optional.of(other), digest, shortName);
    }

    /** With this digest instead of its own; the tag stays. */
    public Reference withDigest(Digest other) {
        return new Reference(domain, path, tag, Optional.of(other), shortName);
    }

    /** Domain and path alone. */
    public Reference withoutTagAndDigest() {
        return new Reference(domain, path, Optional.empty(), Optional.empty(), shortName);
    }

    /** The same in another registry, as a mirror or as what a short name stands for; no longer a short name. */
    public Reference withDomain(String other) {
        if (!validDomain(other)) {
            throw Fault.invalid("registry", "\"" + other + "\"", "not a host name with or without a port");
        }
        return new Reference(other, path, tag, digest, false);
    }

    /** The full form, which {@link #parse} reads as the same image: {@code docker.io/library/alpine:3.20}. */
    @Override
    public String toString() {
        return name() + suffix();
    }

    private String suffix() {
        return (tag.isPresent() ? ":" + tag.get() : "") + (digest.isPresent() ? "@" + digest.get() : "");
    }

    /**
     * Whether the first word of a name is a domain: it looks like a host, is {@code localhost}, or could not be part of a
     * path.
     */
    private static boolean isDomain(String word) {
        return word.equals("localhost") || word.indexOf('.') >= 0 || word.indexOf(':') >= 0 || hasUpperCase(word);
    }

    private static void check(String text, String domain, String path) {
        if (!validDomain(domain)) {
            throw fault(text, "invalid reference format: \"" + domain + "\" is not a host name with or without a port");
        }
        if (hasUpperCase(path)) {
            throw fault(text, "invalid reference format: repository name (" + path + ") must be lowercase");
        }
        if (path.length() > MAX_PATH) {
            throw fault(text, "repository name must not be more than " + MAX_PATH + " characters");
        }
        int from = 0;
        while (from <= path.length()) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            if (!validComponent(path, from, to)) {
                throw fault(text, "invalid reference format");
            }
            from = to + 1;
        }
    }

    /** Letters and digits, with single {@code .}, {@code _}, {@code __} or any number of {@code -} between them. */
    private static boolean validComponent(String path, int from, int to) {
        int at = from;
        while (at < to) {
            int word = at;
            while (at < to && lowerCaseOrDigit(path.charAt(at))) {
                at++;
            }
            if (at == word) {
                return false;
            }
            if (at == to) {
                return true;
            }
            char separator = path.charAt(at);
            int start = at;
            while (at < to && path.charAt(at) == separator) {
                at++;
            }
            int length = at - start;
            boolean valid = switch (separator) {
                case '.' -> length == 1;
                case '_' -> length <= 2;
                case '-' -> true;
                default -> false;
            };
            if (!valid) {
                return false;
            }
        }
        return false;
    }

    private static boolean validDomain(String domain) {
        int hostEnd = domain.indexOf(':');
        if (domain.startsWith("[")) {
            hostEnd = domain.indexOf(']') + 1;
            if (hostEnd < 3 || !validAddress(domain, hostEnd - 1)) {
                return false;
            }
        } else {
            hostEnd = hostEnd < 0 ? domain.length() : hostEnd;
            if (!validHost(domain.substring(0, hostEnd))) {
                return false;
            }
        }
        if (hostEnd == domain.length()) {
            return true;
        }
        if (domain.charAt(hostEnd) != ':' || hostEnd + 1 == domain.length()) {
            return false;
        }
        for (int i = hostEnd + 1; i < domain.length(); i++) {
            if (domain.charAt(i) < '0' || domain.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean validAddress(String domain, int end) {
        for (int i = 1; i < end; i++) {
            char c = domain.charAt(i);
            if (Character.digit(c, 16) < 0 && c != ':' || c > 'f') {
                return false;
            }
        }
        return true;
    }

    private static boolean validHost(String host) {
        char before = '.';
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean valid = switch (c) {
                case '.' -> before != '.' && before != '-';
                case '-' -> before != '.';
                default -> letterOrDigit(c);
            };
            if (!valid) {
                return false;
            }
            before = c;
        }
        return before != '.' && before != '-';
    }

    private static Digest digest(String text, String digest) {
        try {
            return Digest.parse(digest);
        } catch (Fault e) {
            throw fault(text, "invalid reference format: " + e.reason()).kind(e.kind()).cause(e);
        }
    }

    private static boolean isId(String text) {
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

    private static boolean hasUpperCase(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isUpperCase(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean lowerCaseOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
    }

    private static boolean letterOrDigit(char c) {
        return lowerCaseOrDigit(c) || c >= 'A' && c <= 'Z';
    }

    private static Fault fault(String text, String reason) {
        return Fault.invalid("reference", "\"" + text + "\"", reason);
    }
}
