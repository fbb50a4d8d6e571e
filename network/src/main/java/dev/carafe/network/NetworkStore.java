package dev.carafe.network;

import dev.carafe.base.Subnet;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.LockFile;
import dev.carafe.oci.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Definitions of networks on disk, and the lock under which they are made and removed. */
final class NetworkStore {
    static final String LOCK = "networks";

    private final Path directory;
    private final Definitions definitions;
    private final Directory locks;
    private final RandomGenerator random;

    NetworkStore(Path directory, Directory locks, RandomGenerator random) {
        this.directory = directory;
        this.definitions = new Definitions(directory);
        this.locks = locks;
        this.random = random;
    }

    LockFile lock() {
        return LockFile.acquire(locks, LOCK);
    }

    Optional<Network> named(String name) {
        return definitions.named(name);
    }

    /** By name. */
    List<Network> list() {
        return definitions.list();
    }

    /** By name, id, or the first digits of an id. */
    Optional<Network> find(String text) {
        return definitions.find(text);
    }

    /** Within the lock. */
    Network make(NetworkDefinition wanted, List<Subnet> taken) {
        Network network = NetworkShape.of(wanted, list(), taken, random);
        WholeFile.makeDirectories(directory);
        WholeFile.write(directory.resolve(network.name() + Definitions.SUFFIX), Json.compact(network.json()));
        return network;
    }

    void remove(Network network) {
        WholeFile.delete(directory.resolve(network.name() + Definitions.SUFFIX));
    }
}
