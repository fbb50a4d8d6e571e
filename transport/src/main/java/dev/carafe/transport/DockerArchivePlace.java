package dev.carafe.transport;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.carafe.archive.Compression;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.BlobReader;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Document;
import dev.carafe.oci.Fields;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Json;
import dev.carafe.oci.Manifest;
import dev.carafe.oci.MediaType;
import dev.carafe.oci.Reference;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One image of what {@code docker save} writes, in a directory to which that was unpacked or will be packed. It has no manifest of
 * its own: one of Docker's schema 2 is made of its configuration and its layers, which are not packed.
 */
final class DockerArchivePlace implements ImageSource, ImageTarget {
    private static final String LIST = "manifest.json";

    private final Path directory;
    private final Optional<String> name;
    private final int number;
    private final Map<Digest, Path> blobs = new HashMap<>();

    /**
     * @param name which image, or what to call it
     * @param number which one by its place in the list, when not negative
     */
    DockerArchivePlace(Path directory, Optional<String> name, int number) {
        this.directory = directory;
        this.name = name;
        this.number = number;
    }

    @Override
    public synchronized Document top() {
        try {
            Fields entry = entry();
            Path configFile = Packed.file(directory, entry.string("Config"));
            byte[] configBytes = Files.readAllBytes(configFile);
            ImageConfig config = ImageConfig.parse(configBytes);
            List<String> members = entry.strings("Layers");
            if (members.size() != config.diffIds().size()) {
                throw Fault.of(Fault.Kind.CORRUPT, "read", "\"" + LIST + "\"", members.size() + " layers, the configuration has " + config.diffIds().size());
            }
            var layers = new ArrayList<Descriptor>();
            for (String member : members) {
                layers.add(layer(Packed.file(directory, member)));
            }
            Descriptor descriptor = Descriptor.of(MediaType.DOCKER_CONFIG, configBytes);
            blobs.put(descriptor.digest(), configFile);
            Manifest manifest = Manifest.builder(descriptor).mediaType(MediaType.DOCKER_MANIFEST).layers(layers).build();
            return Document.of(MediaType.DOCKER_MANIFEST, Json.compact(manifest.json()).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "read", "archive", String.valueOf(e.getMessage())).cause(e);
        }
    }

    private Descriptor layer(Path file) throws IOException {
        MessageDigest hasher = Digest.hasher();
        Compression compression;
        try (var in = new BufferedInputStream(new DigestInputStream(Files.newInputStream(file), hasher), 1 << 16)) {
            in.mark(8);
            compression = Compression.detect(in.readNBytes(4));
            in.reset();
            in.transferTo(OutputStream.nullOutputStream());
        }
        Digest digest = Digest.of(Digest.Algorithm.SHA256, hasher.digest());
        blobs.put(digest, file);
        String type = compression == Compression.NONE ? MediaType.DOCKER_LAYER_TAR : compression == Compression.GZIP ? MediaType.DOCKER_LAYER_GZIP : MediaType.DOCKER_LAYER_ZSTD;
        return Descriptor.of(type, digest, Files.size(file));
    }

    private Fields entry() throws IOException {
        JsonElement list = Json.parse(LIST, Files.readAllBytes(Packed.file(directory, LIST)));
        var found = new ArrayList<Fields>();
        int at = 0;
        for (JsonElement each : list.isJsonArray() ? list.getAsJsonArray() : new JsonArray()) {
            Fields fields = Fields.of(LIST, each.getAsJsonObject());
            boolean named = name.isEmpty() || fields.strings("RepoTags").stream().anyMatch(tag -> same(tag, name.get()));
            if (number >= 0 ? at++ == number : named) {
                found.add(fields);
            }
        }
        if (found.size() != 1) {
            String object = name.map(n -> "\"" + n + "\"").orElse(number >= 0 ? "number " + number : "");
            throw found.isEmpty() ? Fault.notFound("find image", object, "the archive has none such")
                    : Fault.of(Fault.Kind.CONFLICT, "find image", object, "the archive has " + found.size() + " images").hint("name one behind a colon");
        }
        return found.getFirst();
    }

    private static boolean same(String tag, String wanted) {
        return Reference.parse(tag).withDefaultTag().toString().equals(Reference.parse(wanted).withDefaultTag().toString());
    }

    @Override
    public Document document(Descriptor descriptor) {
        throw Fault.of(Fault.Kind.UNSUPPORTED, "read", descriptor.digest().toString(), "an archive of docker's has no index");
    }

    @Override
    public BlobReader blob(Descriptor descriptor) {
        return offset -> {
            Path file = blobs.get(descriptor.digest());
            if (file == null) {
                throw Fault.notFound("read blob", descriptor.digest().toString(), "not in the archive");
            }
            InputStream in = Files.newInputStream(file);
            in.skipNBytes(offset);
            return in;
        };
    }

    @Override
    public Outcome put(Descriptor blob, BlobReader bytes) {
        Path file = directory.resolve(blob.digest().hex() + (MediaType.isConfig(blob.mediaType()) ? ".json" : ".tar"));
        try (InputStream in = VerifiedReader.open(blob, bytes)) {
            Files.copy(in, file);
            return Outcome.WRITTEN;
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "write", "archive", String.valueOf(e.getMessage())).cause(e);
        }
    }

    @Override
    public void put(Document document) {
        throw Fault.of(Fault.Kind.UNSUPPORTED, "copy", document.digest().toString(), "an archive of docker's holds one platform").hint("leave --all out");
    }

    @Override
    public void finish(Document top) {
        if (top.isIndex()) {
            put(top);
        }
        Manifest manifest = top.manifest();
        var layers = new JsonArray();
        manifest.layers().forEach(layer -> layers.add(layer.digest().hex() + ".tar"));
        var names = new JsonArray();
        name.ifPresent(n -> names.add(Reference.parse(n).withDefaultTag().familiar()));
        var entry = new JsonObject();
        entry.addProperty("Config", manifest.config().digest().hex() + ".json");
        entry.add("RepoTags", names);
        entry.add("Layers", layers);
        var list = new JsonArray();
        list.add(entry);
        try {
            Files.writeString(directory.resolve(LIST), Json.compact(list));
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "write", "archive", String.valueOf(e.getMessage())).cause(e);
        }
    }

    @Override
    public void close() {}
}
