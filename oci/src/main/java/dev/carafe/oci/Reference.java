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

    static final String OFFICIAL = "library/";
    static final int MAX_TAG = 128;

    /**
     * Reads what a user, a Dockerfile or an annotation gives.
     *
     * @throws Fault INVALID, with the first character that does not fit; UNSUPPORTED for a digest of an unknown algorithm
     */
    public static Reference parse(String text) {
        return new ReferenceParser(text).parse();
    }

    /** Whether a text may be a tag: up to 128 letters, digits and {@code _.-}, the first not {@code .} or {@code -}. */
    public static boolean validTag(String tag) {
        return !tag.isEmpty() && tag.length() <= MAX_TAG && ReferenceParser.tagOffence(tag) < 0;
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
        if (ReferenceParser.domainOffence(other) >= 0) {
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
}
