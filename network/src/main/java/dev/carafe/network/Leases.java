package dev.carafe.network;

import dev.carafe.base.Fault;
import dev.carafe.base.IpAddress;
import dev.carafe.base.Subnet;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who has which address of a network: {@code DIRECTORY/NETWORK/ADDRESS} is a link whose text is the holder, which only one process can make and which needs no
 * lock. Given out is the lowest address that is free, as docker does. A list of those that are taken is kept in memory as a hint: it spares the search, and where
 * it is wrong, making the link tells.
 *
 * <p>Safe for use by many threads and processes.
 */
public final class Leases {
    /** Of a large block only so many addresses are given out. */
    private static final long MOST = 1 << 20;

    private final Path directory;
    private final Map<String, Hint> hints = new HashMap<>();

    private static final class Hint {
        private BitSet taken = new BitSet();
        private FileTime seen = FileTime.fromMillis(0);
    }

    public Leases(Path directory) {
        this.directory = directory;
    }

    /** The link that is the lease. */
    public Path path(String network, IpAddress address) {
        return directory.resolve(network).resolve(address.toString());
    }

    /**
     * Leases the lowest free address.
     *
     * @throws Fault {@code EXHAUSTED} when there is none
     */
    public synchronized IpAddress lease(String network, String name, Pool pool, String holder) {
        Subnet range = pool.range().orElse(pool.subnet());
        Path links = directory.resolve(network);
        WholeFile.makeDirectories(links);
        Hint hint = hints.computeIfAbsent(network + " " + range, n -> new Hint());
        if (!modified(links).equals(hint.seen)) {
            hint.taken = taken(links, range);
        }
        long size = Math.min(MOST, range.last().minus(range.first()) + 1);
        if (size <= 0) {
            size = MOST;
        }
        while (true) {
            int free = hint.taken.nextClearBit(0);
            if (free >= size) {
                throw Fault.of(Fault.Kind.EXHAUSTED, "lease an address of", "\"" + name + "\"", "all " + size + " addresses of " + range + " are taken")
                        .hint("remove containers, or make a network with a larger subnet");
            }
            IpAddress address = range.first().plus(free);
            hint.taken.set(free);
            if (!pool.isReserved(address) && take(links.resolve(address.toString()), holder)) {
                hint.seen = modified(links);
                return address;
            }
        }
    }

    /** The address that would be leased now; nothing is leased. Empty: there is none. */
    Optional<IpAddress> next(String network, Pool pool) {
        Subnet range = pool.range().orElse(pool.subnet());
        BitSet taken = taken(directory.resolve(network), range);
        for (int free = taken.nextClearBit(0); free < MOST; free = taken.nextClearBit(free + 1)) {
            IpAddress address = range.first().plus(free);
            if (!range.contains(address)) {
                return Optional.empty();
            }
            if (!pool.isReserved(address)) {
                return Optional.of(address);
            }
        }
        return Optional.empty();
    }

    /**
     * Leases that very address.
     *
     * @throws Fault {@code CONFLICT} when somebody has it, {@code INVALID} when nobody may
     */
    public void lease(String network, String name, Pool pool, IpAddress address, String holder) {
        if (!pool.admits(address)) {
            throw Fault.invalid("lease an address of", "\"" + name + "\"", address + (pool.subnet().contains(address) ? " is reserved" : " is not in subnet " + pool.subnet()));
        }
        Path links = directory.resolve(network);
        WholeFile.makeDirectories(links);
        Path link = links.resolve(address.toString());
        if (!take(link, holder)) {
            throw Fault.of(Fault.Kind.CONFLICT, "lease an address of", "\"" + name + "\"", address + " is held by container "
                    + holder(link).map(id -> id.substring(0, Math.min(12, id.length()))).orElse("of another process")).hint("choose another address");
        }
    }

    /** Gives an address back, if that holder has it. */
    public void release(String network, IpAddress address, String holder) {
        Path link = path(network, address);
        if (holder(link).equals(Optional.of(holder))) {
            WholeFile.delete(link);
        }
    }

    /** Who has what: by address. */
    public Map<IpAddress, String> held(String network) {
        var held = new HashMap<IpAddress, String>();
        for (String name : WholeFile.names(directory.resolve(network))) {
            IpAddress.tryParse(name).ifPresent(address -> holder(path(network, address)).ifPresent(holder -> held.put(address, holder)));
        }
        return held;
    }

    /** The networks that have had leases. */
    public List<String> networks() {
        return WholeFile.names(directory);
    }

    /** Forgets a network that has no leases any more. */
    public void forget(String network) {
        try {
            Files.deleteIfExists(directory.resolve(network));
        } catch (java.nio.file.DirectoryNotEmptyException e) {
            throw Fault.of(Fault.Kind.CONFLICT, "remove network", "\"" + network + "\"", "addresses of it are leased").cause(e);
        } catch (IOException e) {
            throw WholeFile.fault("remove", directory.resolve(network), e);
        }
    }

    private static BitSet taken(Path links, Subnet range) {
        var taken = new BitSet();
        for (String name : WholeFile.names(links)) {
            Optional<IpAddress> address = IpAddress.tryParse(name);
            if (address.isPresent() && range.contains(address.get())) {
                long at = address.get().minus(range.first());
                if (at < MOST) {
                    taken.set((int) at);
                }
            }
        }
        return taken;
    }

    private static FileTime modified(Path links) {
        try {
            return Files.getLastModifiedTime(links);
        } catch (IOException e) {
            throw WholeFile.fault("read", links, e);
        }
    }

    /** False: somebody has it. */
    static boolean take(Path link, String holder) {
        try {
            Files.createSymbolicLink(link, Path.of(holder));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw WholeFile.fault("lease", link, e);
        }
    }

    static Optional<String> holder(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link).toString());
        } catch (NoSuchFileException | NotLinkException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw WholeFile.fault("read", link, e);
        }
    }
}
