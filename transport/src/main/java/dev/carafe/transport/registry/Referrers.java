package dev.carafe.transport.registry;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Document;
import dev.carafe.oci.Index;
import dev.carafe.oci.Json;
import dev.carafe.oci.Manifest;
import dev.carafe.oci.MediaType;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What refers to a manifest: signatures, bills of materials and other things that name it as their subject. A registry that has the API
 * keeps the list; for one that has not, clients keep it under a tag (spec.md#referrers-tag-schema). Two clients that do so at once may
 * lose one entry, as the spec concedes.
 */
final class Referrers {
    private static final int MOST = 100_000;

    private final Repository repository;

    Referrers(Repository repository) {
        this.repository = repository;
    }

    List<Descriptor> find(Digest subject, Optional<String> artifactType) {
        String query = artifactType.map(type -> "?artifactType=" + URLEncoder.encode(type, StandardCharsets.UTF_8)).orElse("");
        String object = repository.named("@" + subject);
        var found = new ArrayList<Descriptor>();
        Optional<URI> page = Optional.of(repository.registry().uri(repository.path() + "/referrers/" + subject + query));
        while (page.isPresent()) {
            URI here = page.get();
            HttpResponse<InputStream> response = repository.registry().wire().send(Wire.Call.of("GET", here, Scope.pull(repository.path())).header("Accept", MediaType.INDEX), "list referrers of", object);
            String type = response.headers().firstValue("Content-Type").orElse("");
            if (response.statusCode() == 404 || response.statusCode() == 200 && !type.startsWith(MediaType.INDEX)) {
                Answers.discard(response);
                return of(tagged(subject), artifactType);
            }
            if (response.statusCode() != 200) {
                throw repository.fault("list referrers of", object, response);
            }
            found.addAll(Index.parse(Answers.read(response, Repository.LONGEST_MANIFEST, object)).manifests());
            page = Registry.next(here, response).filter(uri -> Wire.sameOrigin(uri, here) && found.size() < MOST);
        }
        return of(found, artifactType);
    }

    private static List<Descriptor> of(List<Descriptor> all, Optional<String> artifactType) {
        return all.stream().filter(each -> artifactType.isEmpty() || each.artifactType().equals(artifactType)).toList();
    }

    /** What the tag lists; nothing when there is no such tag. */
    private List<Descriptor> tagged(Digest subject) {
        try {
            return Index.parse(repository.manifest(Repository.fallbackTag(subject)).bytes()).manifests();
        } catch (Fault none) {
            if (none.kind() != Fault.Kind.NOT_FOUND) {
                throw none;
            }
            return List.of();
        }
    }

    /** Notes a manifest that was pushed (spec.md#pushing-manifests-with-subject). */
    void add(Digest subject, Document referrer) {
        var all = new ArrayList<>(tagged(subject));
        if (all.stream().noneMatch(each -> each.digest().equals(referrer.digest()))) {
            all.add(described(referrer));
            put(subject, all);
        }
    }

    /** Forgets a manifest that was deleted (spec.md#deleting-manifests). */
    void remove(Digest subject, Digest referrer) {
        List<Descriptor> all = tagged(subject);
        List<Descriptor> rest = all.stream().filter(each -> !each.digest().equals(referrer)).toList();
        if (rest.size() < all.size()) {
            put(subject, rest);
        }
    }

    private void put(Digest subject, List<Descriptor> all) {
        byte[] bytes = Json.compact(Index.of(all).json()).getBytes(StandardCharsets.UTF_8);
        repository.putManifest(Repository.fallbackTag(subject), Document.of(MediaType.INDEX, bytes));
    }

    /** With the type of artifact, which is that of the configuration where the manifest does not tell, and the manifest's annotations. */
    private static Descriptor described(Document referrer) {
        if (referrer.isIndex()) {
            Index index = referrer.index();
            return referrer.descriptor().toBuilder().artifactType(index.artifactType()).annotations(index.annotations()).build();
        }
        Manifest manifest = referrer.manifest();
        return referrer.descriptor().toBuilder().artifactType(manifest.artifactType().or(() -> Optional.of(manifest.config().mediaType()))).annotations(manifest.annotations()).build();
    }
}
