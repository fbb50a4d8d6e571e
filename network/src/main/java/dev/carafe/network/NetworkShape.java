package dev.carafe.network;

import dev.carafe.base.ContainerId;
import dev.carafe.base.Fault;
import dev.carafe.base.IpAddress;
import dev.carafe.base.Names;
import dev.carafe.base.Subnet;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Makes of what a user says of a network what it is: checked, with an id, and with subnets where none were said. Writes nothing. */
final class NetworkShape {
    private static final List<String> TAKEN_NAMES = List.of("host", "none", "default", "container");

    private NetworkShape() {
    }

    /**
     * @param others those that are there
     * @param taken what the host has routes to
     */
    static Network of(NetworkDefinition wanted, List<Network> others, List<Subnet> taken, RandomGenerator random) {
        Names.require("network", wanted.name());
        if (TAKEN_NAMES.contains(wanted.name())) {
            throw Fault.of(Fault.Kind.CONFLICT, "create network", "\"" + wanted.name() + "\"", "operation is not permitted on predefined network");
        }
        for (Network other : others) {
            if (other.name().equals(wanted.name())) {
                throw Fault.of(Fault.Kind.ALREADY_EXISTS, "create network", "\"" + wanted.name() + "\"", "a network of that name exists");
            }
        }
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
