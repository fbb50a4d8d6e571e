package dev.carafe.oci;

import com.google.gson.JsonObject;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import java.util.Optional;

/**
 * A manifest or an index as its bytes, which its digest is of: what a record of it prints may differ in blanks and unknown fields.
 *
 * @param mediaType its type, by the document itself where that tells
 * @param bytes UTF-8; not to be changed
 * @param digest of the bytes
 */
public record Document(String mediaType, byte[] bytes, Digest digest) {
    /**
     * What was read somewhere.
     *
     * @param announced the type that the place tells; the document's own goes before it, and what the fields look like decides when neither is known
     */
    public static Document of(String announced, byte[] bytes) {
        JsonObject object = Json.parseObject("manifest", bytes);
        String own = object.get("mediaType") instanceof com.google.gson.JsonPrimitive type && type.isString() ? type.getAsString() : "";
        String type = own.isEmpty() ? announced : own;
        if (!MediaType.isIndex(type) && !MediaType.isManifest(type)) {
            boolean first = object.has("schemaVersion") && object.get("schemaVersion").isJsonPrimitive() && object.get("schemaVersion").getAsString().equals("1");
            type = first ? MediaType.DOCKER_SCHEMA1 : object.has("manifests") ? MediaType.INDEX : MediaType.MANIFEST;
        }
        return new Document(type, bytes, Digest.sha256(bytes));
    }

    /** The same under the digest that was asked for, of whichever algorithm; other bytes are a fault of kind CORRUPT. */
    public Document verified(String expected, String object) {
        Digest wanted = Digest.parse(expected);
        if (!wanted.matches(bytes)) {
            throw Fault.of(Fault.Kind.CORRUPT, "fetch manifest", object, "its bytes have the digest " + digest + ", not " + wanted);
        }
        return new Document(mediaType, bytes, wanted);
    }

    public boolean isIndex() {
        return MediaType.isIndex(mediaType);
    }

    /** Read as an index; each call parses. */
    public Index index() {
        return Index.parse(bytes);
    }

    /** Read as a manifest; each call parses. Docker's schema 1 is a fault of kind UNSUPPORTED. */
    public Manifest manifest() {
        return Manifest.parse(bytes);
    }

    public Descriptor descriptor() {
        return Descriptor.of(mediaType, digest, bytes.length);
    }

    /** What it says of the manifest that it is about. */
    public Optional<Descriptor> subject() {
        return isIndex() ? index().subject() : manifest().subject();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Document document && digest.equals(document.digest) && mediaType.equals(document.mediaType);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }

    @Override
    public String toString() {
        return mediaType + " " + digest;
    }
}
