package dev.carafe.network;

import dev.carafe.base.Fault;
import dev.carafe.base.IpAddress;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.LockFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which container publishes which port of the host: links as in {@link Leases}, named {@code tcp,8080,0.0.0.0}. A port on every address excludes the
 * same port on any one, which a name alone cannot tell, so leases are taken under a lock.
 */
final class PortLeases {
    private final Path directory;
    private final Directory locks;

    PortLeases(Path directory, Directory locks) {
        this.directory = directory;
        this.locks = locks;
    }

    /** A port of the host. */
    record Port(String protocol, IpAddress address, int number) {
        String file() {
            return protocol + "," + number + "," + address;
        }

        @Override
        public String toString() {
            return number + "/" + protocol + " on " + address;
        }

        static Optional<Port> parse(String file) {
            String[] parts = file.split(",", 3);
            return parts.length == 3 ? IpAddress.tryParse(parts[2]).map(address -> new Port(parts[0], address, Integer.parseInt(parts[1]))) : Optional.empty();
        }

        boolean excludes(Port other) {
            return protocol.equals(other.protocol) && number == other.number && address.six() == other.address.six()
                    && (address.equals(other.address) || address.isAny() || other.address.isAny());
        }
    }

    Path path(Port port) {
        return directory.resolve(port.file());
    }

    /** Leases all of them or none. The fault of one that is taken says by whom. */
    void lease(List<Port> ports, String holder) {
        WholeFile.makeDirectories(directory);
        try (LockFile lock = LockFile.acquire(locks, "ports")) {
            Map<Port, String> held = held();
            for (Port port : ports) {
                for (Map.Entry<Port, String> other : held.entrySet()) {
                    if (other.getKey().excludes(port) && !other.getValue().equals(holder)) {
                        throw Fault.of(Fault.Kind.CONFLICT, "publish", "port " + port, "it is published by container " + other.getValue().substring(0, 12))
                                .hint("publish another host port");
                    }
                }
            }
            for (Port port : ports) {
                Leases.take(path(port), holder);
            }
        }
    }

    /** Whether nobody has it. */
    boolean isFree(Port port) {
        for (Port other : held().keySet()) {
            if (other.excludes(port)) {
                return false;
            }
        }
        return true;
    }

    void release(Port port, String holder) {
        if (Leases.holder(path(port)).equals(Optional.of(holder))) {
            WholeFile.delete(path(port));
        }
    }

    Map<Port, String> held() {
        var held = new HashMap<Port, String>();
        for (String file : WholeFile.names(directory)) {
            Port.parse(file).ifPresent(port -> Leases.holder(path(port)).ifPresent(holder -> held.put(port, holder)));
        }
        return held;
    }

    List<Port> of(String holder) {
        var list = new ArrayList<Port>();
        held().forEach((port, who) -> {
            if (who.equals(holder)) {
                list.add(port);
            }
        });
        return list;
    }
}
