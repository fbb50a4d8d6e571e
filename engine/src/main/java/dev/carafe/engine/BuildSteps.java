package dev.carafe.engine;

import com.google.gson.JsonObject;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.oci.ChainId;
import dev.carafe.oci.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the cache of builds holds, for those who collect what nobody needs: each record below {@code steps/} names a layer by {@code digest} and {@code diffId}, and in {@code parent} the file
 * system that it lies upon.
 *
 * @param blobs the layers
 * @param chains the file systems that they make
 */
record BuildSteps(Set<Digest> blobs, Set<Digest> chains) {
    static BuildSteps of(Path builds) {
        var blobs = new HashSet<Digest>();
        var chains = new HashSet<Digest>();
        try (Stream<Path> files = Files.list(builds.resolve("steps"))) {
            for (Path file : files.filter(name -> name.toString().endsWith(".json")).toList()) {
                read(file, blobs, chains);
            }
        } catch (NoSuchFileException nothingBuilt) {
            return new BuildSteps(Set.of(), Set.of());
        } catch (IOException e) {
            throw StateFile.fault("list", builds, e);
        }
        return new BuildSteps(blobs, chains);
    }

    private static void read(Path file, Set<Digest> blobs, Set<Digest> chains) throws IOException {
        try {
            JsonObject record = Json.parseObject("step", Files.readString(file));
            blobs.add(Digest.parse(record.get("digest").getAsString()));
            Digest diffId = Digest.parse(record.get("diffId").getAsString());
            String parent = record.get("parent").getAsString();
            chains.add(parent.isEmpty() ? diffId : ChainId.extend(Digest.parse(parent), diffId));
        } catch (NoSuchFileException pruned) {
            // Just now.
        } catch (Fault | NullPointerException torn) {
            // It holds nothing that a build could use.
        }
    }
}
