package dev.carafe.transport;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.carafe.archive.TarEntry;
import dev.carafe.archive.TarEntry.Kind;
import dev.carafe.archive.TarWriter;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.ContentStore;
import dev.carafe.content.Image;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Index;
import dev.carafe.oci.Json;
import dev.carafe.oci.Manifest;
import dev.carafe.oci.MediaType;
import dev.carafe.oci.Reference;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes images as a tar that is an OCI layout, with the {@code manifest.json} of {@code docker save} beside its index, as Docker
 * itself does since version 25.
 */
final class ArchiveSave {
    private final ContentStore store;
    private final Map<Digest, Long> blobs = new TreeMap<>();

    /** What manifest.json says of one image; several names of it make one entry. */
    private record Entry(Manifest manifest, List<String> names) {}

    ArchiveSave(ContentStore store) {
        this.store = store;
    }

    void write(List<Image> images, OutputStream archive) throws IOException {
        var entries = new LinkedHashMap<Digest, Entry>();
        var descriptors = new ArrayList<Descriptor>();
        for (Image image : images) {
            Descriptor target = image.target();
            if (MediaType.isIndex(target.mediaType())) {
                throw Fault.of(Fault.Kind.UNSUPPORTED, "save", target.digest().toString(), "an index, not an image of one platform");
            }
            Entry entry = entries.computeIfAbsent(target.digest(), digest -> entry(target));
            image.name().ifPresent(name -> entry.names().add(Reference.parse(name).familiar()));
            descriptors.add(target);
        }
        var tar = new TarWriter(archive);
        document(tar, "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
        document(tar, "index.json", Json.compact(Index.of(descriptors).json()));
        document(tar, "manifest.json", Json.compact(list(entries.values())));
        directory(tar, "blobs/");
        String algorithm = "";
        for (Map.Entry<Digest, Long> blob : blobs.entrySet()) {
            if (!blob.getKey().algorithm().toString().equals(algorithm)) {
                algorithm = blob.getKey().algorithm().toString();
                directory(tar, "blobs/" + algorithm + "/");
            }
            try (InputStream in = store.open(blob.getKey())) {
                tar.put(TarEntry.builder(Kind.FILE, path(blob.getKey())).size(blob.getValue()).build(), in);
                in.transferTo(OutputStream.nullOutputStream());
            }
        }
        tar.finish();
    }

    private Entry entry(Descriptor target) {
        Manifest manifest = Manifest.parse(store.read(target.digest(), LayoutLoad.DOCUMENT_LIMIT));
        blob(target.digest());
        blob(manifest.config().digest());
        manifest.layers().forEach(layer -> blob(layer.digest()));
        return new Entry(manifest, new ArrayList<>());
    }

    private void blob(Digest digest) {
        blobs.put(digest, store.size(digest).orElseThrow(() ->
                Fault.notFound("save blob", digest.toString(), "not in the content store")));
    }

    private static JsonArray list(Iterable<Entry> entries) {
        var list = new JsonArray();
        for (Entry entry : entries) {
            var names = new JsonArray();
            entry.names().forEach(names::add);
            var layers = new JsonArray();
            entry.manifest().layers().forEach(layer -> layers.add(path(layer.digest())));
            var object = new JsonObject();
            object.addProperty("Config", path(entry.manifest().config().digest()));
            object.add("RepoTags", names);
            object.add("Layers", layers);
            list.add(object);
        }
        return list;
    }

    private static String path(Digest digest) {
        return "blobs/" + digest.algorithm() + "/" + digest.hex();
    }

    private static void directory(TarWriter tar, String path) throws IOException {
        tar.put(TarEntry.builder(Kind.DIRECTORY, path).build());
    }

    private static void document(TarWriter tar, String name, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        tar.put(TarEntry.builder(Kind.FILE, name).size(bytes.length).build(), new ByteArrayInputStream(bytes));
    }
}
