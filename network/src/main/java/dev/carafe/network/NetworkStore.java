package dev.carafe.network;

import dev.carafe.base.ContainerId;
import dev.carafe.base.Fault;
import dev.carafe.base.IpAddress;
import dev.carafe.base.Names;
import dev.carafe.base.Subnet;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.LockFile;
import dev.carafe.oci.Json;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

import java.util.Optional;
import java.util.random.RandomGenerator;

/** Definitions of networks on disk: one file each, {@code NAME.json}, since names are unique. */
final class NetworkStore {
    static final String LOCK = "networks";
    private static final String SUFFIX = ".json";
    private static final List<String> TAKEN_NAMES = List.of("host", "none", "default", "container");

    private final Path directory;
    private final Directory locks;
    private final RandomGenerator random;

    NetworkStore(Path directory, Directory locks, RandomGenerator random) {
        this.directory = directory;
        this.locks = locks;
        this.random = random;
    }

    LockFile lock() {
        return LockFile.acquire(locks, LOCK);
    }

    Optional<Network> named(String name) {
        if (!Names.valid(name)) {
            return Optional.empty();
        }
        return WholeFile.read(directory.resolve(name + SUFFIX)).map(text -> Network.parse(Json.parseObject("network \"" + name + "\"", text)));
    }

    List<Network> list() {
        var list = new ArrayList<Network>();
        for (String file : WholeFile.names(directory)) {
            if (file.endsWith(SUFFIX)) {
                named(file.substring(0, file.length() - SUFFIX.length())).ifPresent(list::add);
            }
        }
        list.sort((a, b) -> a.name().compareTo(b.name()));
        return list;
    }

    /** By name, id, or the first digits of an id. */
    Optional<Network> find(String text) {
        Optional<Network> named = named(text);
        if (named.isPresent() || text.isEmpty()) {
            return named;
        }
        Optional<Network> match = Optional.empty();
        for (Network network : list()) {
            if (network.id().startsWith(text)) {
                if (match.isPresent()) {
                    throw Fault.of(Fault.Kind.CONFLICT, "find network", "\"" + text + "\"", "several networks have an id that starts so").hint("give more digits");
                }
                match = Optional.of(network);
            }
        }
        return match;
    }

    /** Within the lock. */
    Network make(NetworkDefinition wanted, List<Subnet> taken) {
        Names.require("network", wanted.name());
        if (TAKEN_NAMES.contains(wanted.name())) {
            throw Fault.of(Fault.Kind.CONFLICT, "create network", "\"" + wanted.name() + "\"", "operation is not permitted on predefined network");
        }
        if (named(wanted.name()).isPresent()) {
            throw Fault.of(Fault.Kind.ALREADY_EXISTS, "create network", "\"" + wanted.name() + "\"", "a network of that name exists");
        }
        List<Network> others = list();
        var pools = new ArrayList<Pool>();
        for (boolean six : new boolean[] {false, true}) {
            Optional<Pool> given = wanted.pools().stream().filter(pool -> pool.subnet().six() == six).findFirst();
            if (given.isPresent()) {
                checkFree(given.get().subnet(), wanted.name(), others, wanted.driver().equals(Network.MACVLAN) ? List.of() : taken);
                pools.add(given.get());
            } else if (!six || wanted.six()) {
                var used = new ArrayList<>(taken);
                others.forEach(other -> other.pools().forEach(pool -> used.add(pool.subnet())));
                pools.add(Pool.of(six ? DefaultPools.six(used, random) : DefaultPools.four(used)));
            }
        }
        String id = ContainerId.random(random).hex();
        var network = new Network(id, wanted.name(), Instant.now().truncatedTo(ChronoUnit.MICROS), wanted.driver(), wanted.internal(),
                wanted.six() || wanted.pools().stream().anyMatch(pool -> pool.subnet().six()), pools, new LinkedHashMap<>(wanted.options()),
                new LinkedHashMap<>(wanted.labels()));
        network.mtu();
        WholeFile.makeDirectories(directory);
        WholeFile.write(directory.resolve(network.name() + SUFFIX), Json.compact(network.json()));
        return network;
    }

    private static void checkFree(Subnet wanted, String name, List<Network> others, List<Subnet> taken) {
        for (Network other : others) {
            for (Pool pool : other.pools()) {
                if (pool.subnet().overlaps(wanted)) {
                    throw Fault.of(Fault.Kind.CONFLICT, "create network", "\"" + name + "\"", "subnet " + wanted + " overlaps with " + pool.subnet() + " of network \""
                            + other.name() + "\"").hint("choose another subnet");
                }
            }
        }
        for (Subnet block : taken) {
            if (block.overlaps(wanted)) {
                throw Fault.of(Fault.Kind.CONFLICT, "create network", "\"" + name + "\"", "subnet " + wanted + " overlaps with the host's route to " + block)
                        .hint("choose another subnet");
            }
        }
    }

    void remove(Network network) {
        WholeFile.delete(directory.resolve(network.name() + SUFFIX));
    }

    /** Docker's blocks for networks that ask for none, and unique local ones for IPv6 (RFC 4193). */
    static final class DefaultPools {
        private DefaultPools() {
        }

        static Subnet four(List<Subnet> taken) {
            for (int second = 17; second < 32; second++) {
                Subnet block = Subnet.parse("172." + second + ".0.0/16");
                if (isFree(block, taken)) {
                    return block;
                }
            }
            for (int third = 0; third < 256; third += 16) {
                Subnet block = Subnet.parse("192.168." + third + ".0/20");
                if (isFree(block, taken)) {
                    return block;
                }
            }
            for (int second = 1; second < 256; second++) {
                for (int third = 0; third < 256; third++) {
                    Subnet block = Subnet.parse("10." + second + "." + third + ".0/24");
                    if (isFree(block, taken)) {
                        return block;
                    }
                }
            }
            throw Fault.of(Fault.Kind.EXHAUSTED, "choose", "subnet", "all blocks of private addresses are in use").hint("give one with --subnet");
        }

        static Subnet six(List<Subnet> taken, RandomGenerator random) {
            while (true) {
                long high = 0xfdL << 56 | random.nextLong() >>> 8;
                Subnet block = Subnet.around(new IpAddress(true, high & ~0xffffL, 0), 64);
                if (isFree(block, taken)) {
                    return block;
                }
            }
        }

        private static boolean isFree(Subnet block, List<Subnet> taken) {
            for (Subnet other : taken) {
                if (other.overlaps(block)) {
                    return false;
                }
            }
            return true;
        }
    }

}
