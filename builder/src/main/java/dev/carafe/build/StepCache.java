package dev.carafe.build;

import com.google.gson.JsonObject;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.engine.Workbench;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * The steps that have been done, by their keys. Files appear by a rename; that of a layer comes after the layer, so a build that is killed leaves nothing that says too much. When a record
 * was last used is its file's time of modification.
 *
 * <pre>
 *   steps/KEY.json       the layer, and what the step was
 *   steps/KEY.inputs     the ingredients of the key
 *   short/KEY            the key that another, which is cheaper to compute, stands for
 *   last/SLOT            the key that a place in a Dockerfile had when it was last built
 * </pre>
 */
final class StepCache {
    private static final String RECORD = ".json";
    private static final String INPUTS = ".inputs";

    private final Path root;

    StepCache(Path root) {
        this.root = root;
        for (String name : List.of("steps", "short", "last")) {
            try {
                Files.createDirectories(root.resolve(name));
            } catch (IOException e) {
                throw fault("make", root, e);
            }
        }
    }

    /**
     * A step that has been done.
     *
     * @param parent the file system that it was done upon
     * @param nanos how long that took
     */
    record Entry(Digest key, Optional<Digest> parent, Workbench.Layer layer, String title, long nanos, Instant used) {
    }

    private static Fault fault(String operation, Path path, IOException e) {
        return Fault.of(Fault.Kind.UNAVAILABLE, operation, "\"" + path + "\"", String.valueOf(e.getMessage())).cause(e);
    }

    private Path record(Digest key) {
        return root.resolve("steps").resolve(key.hex() + RECORD);
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw fault("read", file, e);
        }
    }

    private static void write(Path file, String text) {
        Path draft = file.resolveSibling("." + Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36));
        try {
            Files.writeString(draft, text);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw fault("write", file, e);
        }
    }

    Optional<Entry> find(Digest key) {
        return entry(record(key));
    }

    private static Optional<Entry> entry(Path file) {
        Optional<String> text = read(file);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            JsonObject json = Json.parseObject("step", text.get());
            Digest diffId = Digest.parse(json.get("diffId").getAsString());
            Digest blob = Digest.parse(json.get("digest").getAsString());
            String parent = json.get("parent").getAsString();
            String name = file.getFileName().toString();
            return Optional.of(new Entry(Digest.parse("sha256:" + name.substring(0, name.length() - RECORD.length())), parent.isEmpty() ? Optional.empty() : Optional.of(Digest.parse(parent)),
                    new Workbench.Layer(diffId, Descriptor.of(json.get("mediaType").getAsString(), blob, json.get("size").getAsLong())), json.get("title").getAsString(),
                    json.get("nanos").getAsLong(), Files.getLastModifiedTime(file).toInstant()));
        } catch (Fault | NullPointerException | IllegalStateException torn) {
            return Optional.empty();
        } catch (IOException e) {
            throw fault("read", file, e);
        }
    }

    /** Notes that a step was of use. */
    void touch(Digest key) {
        try {
            Files.setLastModifiedTime(record(key), FileTime.from(Instant.now()));
        } catch (IOException gone) {
            // It is pruned at this very moment; its layer is looked for by whoever uses it.
        }
    }

    void put(Entry entry, Ingredients ingredients) {
        write(root.resolve("steps").resolve(entry.key().hex() + INPUTS), ingredients.print());
        var json = new JsonObject();
        json.addProperty("parent", entry.parent().map(Digest::toString).orElse(""));
        json.addProperty("diffId", entry.layer().diffId().toString());
        json.addProperty("digest", entry.layer().descriptor().digest().toString());
        json.addProperty("mediaType", entry.layer().descriptor().mediaType());
        json.addProperty("size", entry.layer().descriptor().size());
        json.addProperty("title", entry.title());
        json.addProperty("nanos", entry.nanos());
        write(record(entry.key()), Json.compact(json));
    }

    /** The key that a cheaper one stands for. */
    Optional<Digest> meant(Digest cheap) {
        return read(root.resolve("short").resolve(cheap.hex())).map(Digest::parse);
    }

    void mean(Digest cheap, Digest key) {
        write(root.resolve("short").resolve(cheap.hex()), key.toString());
    }

    /** What a place in a Dockerfile depended on when it was last built. */
    Optional<Ingredients> last(Digest slot) {
        return read(root.resolve("last").resolve(slot.hex())).flatMap(key -> read(root.resolve("steps").resolve(Digest.parse(key).hex() + INPUTS))).map(Ingredients::parse);
    }

    void last(Digest slot, Digest key) {
        write(root.resolve("last").resolve(slot.hex()), key.toString());
    }

    /** All records, those first that were used longest ago. */
    List<Entry> list() {
        var entries = new ArrayList<Entry>();
        try (Stream<Path> files = Files.list(root.resolve("steps"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(RECORD)).toList()) {
                entry(file).ifPresent(entries::add);
            }
        } catch (IOException e) {
            throw fault("list", root, e);
        }
        entries.sort(Comparator.comparing(Entry::used));
        return entries;
    }

    void remove(Digest key) {
        try {
            Files.deleteIfExists(record(key));
            Files.deleteIfExists(root.resolve("steps").resolve(key.hex() + INPUTS));
        } catch (IOException e) {
            throw fault("remove", record(key), e);
        }
    }

    /** Forgets what no record is left of. */
    void tidy() {
        for (String name : List.of("short", "last")) {
            try (Stream<Path> files = Files.list(root.resolve(name))) {
                for (Path file : files.toList()) {
                    Optional<Digest> key = read(file).filter(text -> text.startsWith("sha256:")).map(Digest::parse);
                    if (key.isEmpty() || !Files.exists(record(key.get()))) {
                        Files.deleteIfExists(file);
                    }
                }
            } catch (IOException e) {
                throw fault("tidy", root, e);
            }
        }
    }
}
