package dev.carafe.transport.registry;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.MediaType;
import dev.carafe.content.BlobReader;
import dev.carafe.oci.Document;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;

/** One repository of a registry: its manifests, blobs, tags and referrers (distribution-spec spec.md). */
public final class Repository {
    /** The longest manifest that is read; the spec asks registries to take 4 MiB at least. */
    public static final int LONGEST_MANIFEST = 4 << 20;

    private static final String ACCEPTED = String.join(", ", MediaType.INDEX, MediaType.MANIFEST, MediaType.DOCKER_LIST, MediaType.DOCKER_MANIFEST,
            MediaType.DOCKER_SCHEMA1_SIGNED, MediaType.DOCKER_SCHEMA1, "*/*");

    private final Registry registry;
    private final String path;

    Repository(Registry registry, String path) {
        this.registry = registry;
        this.path = path;
    }

    public Registry registry() {
        return registry;
    }

    public String path() {
        return path;
    }

    String named(String suffix) {
        return "\"" + registry.domain() + "/" + path + suffix + "\"";
    }

    private static String suffix(String reference) {
        return (reference.indexOf(':') >= 0 ? "@" : ":") + reference;
    }

    Wire.Call call(String method, String below, Scope scope) {
        return Wire.Call.of(method, registry.uri(path + "/" + below), scope);
    }

    Fault fault(String operation, String object, HttpResponse<InputStream> response) {
        return Answers.fault(operation, object, registry.domain(), response);
    }

    /**
     * A manifest or an index by its tag or digest, as the registry stores it.
     *
     * @throws Fault NOT_FOUND when there is none, CORRUPT when a digest was asked for and other bytes came
     */
    public Document manifest(String reference) {
        String object = named(suffix(reference));
        HttpResponse<InputStream> response = registry.wire().send(call("GET", "manifests/" + reference, Scope.pull(path)).header("Accept", ACCEPTED), "fetch manifest", object);
        if (response.statusCode() != 200) {
            throw fault("fetch manifest", object, response);
        }
        String type = response.headers().firstValue("Content-Type").orElse("").split(";")[0].strip();
        Document document = Document.of(type, Answers.read(response, LONGEST_MANIFEST, object));
        Optional<String> told = reference.indexOf(':') >= 0 ? Optional.of(reference) : response.headers().firstValue("Docker-Content-Digest");
        return told.isPresent() ? document.verified(told.get(), object) : document;
    }

    /** The descriptor of a manifest without its bytes; empty when there is none. */
    public Optional<Descriptor> head(String reference) {
        String object = named(suffix(reference));
        HttpResponse<InputStream> response = registry.wire().send(call("HEAD", "manifests/" + reference, Scope.pull(path)).header("Accept", ACCEPTED), "look for manifest", object);
        Answers.discard(response);
        if (response.statusCode() == 404) {
            return Optional.empty();
        }
        if (response.statusCode() != 200) {
            throw fault("look for manifest", object, response);
        }
        String type = response.headers().firstValue("Content-Type").orElse(MediaType.MANIFEST).split(";")[0].strip();
        long size = response.headers().firstValueAsLong("Content-Length").orElse(0);
        return response.headers().firstValue("Docker-Content-Digest").map(digest -> Descriptor.of(type, Digest.parse(digest), size));
    }

    /** Stores a manifest whose blobs are there, under a tag or its digest. */
    public void putManifest(String reference, Document document) {
        String object = named(suffix(reference));
        HttpResponse<InputStream> response = registry.wire().send(call("PUT", "manifests/" + reference, Scope.push(path))
                .header("Content-Type", document.mediaType()).document(document.bytes()), "push manifest", object);
        if (response.statusCode() / 100 != 2) {
            throw fault("push manifest", object, response);
        }
        Optional<String> told = response.headers().firstValue("Docker-Content-Digest");
        boolean listed = response.headers().firstValue("OCI-Subject").isPresent();
        Answers.discard(response);
        if (told.isPresent() && !told.get().equals(document.digest().toString()) && told.get().startsWith("sha256:")) {
            throw Fault.of(Fault.Kind.CORRUPT, "push manifest", object, "the registry stored it as " + Answers.oneLine(told.get()) + ", not as " + document.digest());
        }
        Optional<Descriptor> subject = listed ? Optional.empty() : document.subject();
        if (subject.isPresent()) {
            new Referrers(this).add(subject.get().digest(), document);
        }
    }

    /** Deletes a manifest, by its digest, or takes a tag away; false when it was not there. */
    public boolean deleteManifest(String reference) {
        String object = named(suffix(reference));
        HttpResponse<InputStream> response = registry.wire().send(call("DELETE", "manifests/" + reference, Scope.delete(path)), "delete manifest", object);
        if (response.statusCode() / 100 != 2 && response.statusCode() != 404) {
            throw fault("delete manifest", object, response);
        }
        Answers.discard(response);
        return response.statusCode() != 404;
    }

    /** Deletes a manifest by its digest, and what the tag of referrers says of it; false when it was not there. */
    public boolean delete(Document document) {
        boolean was = deleteManifest(document.digest().toString());
        document.subject().ifPresent(subject -> new Referrers(this).remove(subject.digest(), document.digest()));
        return was;
    }

    /** Deletes a blob (spec.md#deleting-blobs); false when it was not there. Manifests that need it are not looked for. */
    public boolean deleteBlob(Digest digest) {
        String object = named("@" + digest);
        HttpResponse<InputStream> response = registry.wire().send(call("DELETE", "blobs/" + digest, Scope.delete(path)), "delete blob", object);
        if (response.statusCode() / 100 != 2 && response.statusCode() != 404) {
            throw fault("delete blob", object, response);
        }
        Answers.discard(response);
        return response.statusCode() != 404;
    }

    public boolean hasBlob(Digest digest) {
        HttpResponse<InputStream> response = registry.wire().send(call("HEAD", "blobs/" + digest, Scope.push(path)), "look for blob", named("@" + digest));
        Answers.discard(response);
        return response.statusCode() == 200;
    }

    /** A blob's bytes, fetched when they are read; a connection that breaks is made again from where it broke. */
    public BlobReader blob(Descriptor blob) {
        return offset -> new ResumingInput(this, blob, offset);
    }

    /** One request for a blob from an offset on; its body, not verified. */
    InputStream open(Descriptor blob, long offset) throws IOException {
        String object = named("@" + blob.digest());
        Wire.Call call = call("GET", "blobs/" + blob.digest(), Scope.pull(path));
        HttpResponse<InputStream> response = registry.wire().send(offset > 0 ? call.header("Range", "bytes=" + offset + "-") : call, "fetch blob", object);
        if (response.statusCode() == 206 && response.headers().firstValue("Content-Range").orElse("").startsWith("bytes " + offset + "-")) {
            return response.body();
        }
        if (response.statusCode() != 200) {
            throw fault("fetch blob", object, response);
        }
        // A registry that does not know ranges begins at the beginning.
        response.body().skipNBytes(offset);
        return response.body();
    }

    RegistrySettings settings() {
        return registry.wire().settings();
    }

    /** Asks to take over a blob that another repository of this registry has; false when it does not. */
    public boolean mount(Digest digest, String from) {
        HttpResponse<InputStream> response = registry.wire().send(call("POST", "blobs/uploads/?mount=" + digest + "&from=" + from, Scope.mount(path, from)), "mount blob", named("@" + digest));
        int status = response.statusCode();
        Optional<URI> begun = status == 202 ? location(response) : Optional.empty();
        Answers.discard(response);
        // The registry has begun an upload instead, which is not wanted in this place.
        begun.ifPresent(uri -> Answers.discard(registry.wire().send(new Wire.Call("DELETE", uri, java.util.Map.of(), Optional.empty(), Scope.push(path), false),
                "cancel upload", named("@" + digest))));
        return status == 201;
    }

    /** Stores a blob; its bytes are read from the start, and from where it stopped when the connection breaks. */
    public void upload(Descriptor blob, BlobReader bytes) {
        new Upload(this, blob, bytes).run();
    }

    HttpResponse<InputStream> send(Wire.Call call, Digest digest) {
        return registry.wire().send(call, "push blob", named("@" + digest));
    }

    Wire.Call beginUpload() {
        return call("POST", "blobs/uploads/", Scope.push(path));
    }

    Fault uploadFault(Digest digest, HttpResponse<InputStream> response) {
        return fault("push blob", named("@" + digest), response);
    }

    /** Where an upload goes on, as the last answer says. */
    static Optional<URI> location(HttpResponse<?> response) {
        try {
            return response.headers().firstValue("Location").map(location -> response.request().uri().resolve(location));
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }

    /** All tags, in the registry's order. */
    public List<String> tags() {
        return registry.list(path + "/tags/list", "tags", Scope.pull(path), "list tags of", named(""));
    }

    /** What refers to a manifest: by the API, or by the tag that stands in for it (spec.md#unavailable-referrers-api). */
    public List<Descriptor> referrers(Digest subject, Optional<String> artifactType) {
        return new Referrers(this).find(subject, artifactType);
    }

    /** The tag under which clients keep the list where the registry does not (spec.md#referrers-tag-schema). */
    public static String fallbackTag(Digest subject) {
        return subject.algorithm() + "-" + subject.hex().substring(0, Math.min(64, subject.hex().length()));
    }
}
