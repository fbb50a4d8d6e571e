package dev.carafe.engine;

import dev.carafe.base.IpAddress;
import dev.carafe.network.Attachment;
import dev.carafe.network.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who is on a network, and what they are called there: read from leases, attachments and records, and kept in memory for as long as no file of those changes.
 * Safe for use by many threads.
 */
final class Acquaintances {
    /** Two changes within a tick of the clock leave the same time on a file, so a time of just now proves nothing. */
    private static final long TICK_NANOS = 50_000_000;
    private static final int MOST = 4096;

    private final Containers all;
    private final Map<String, Members> networks = new ConcurrentHashMap<>();
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();

    Acquaintances(Containers all) {
        this.all = all;
    }

    /**
     * One container on one network.
     *
     * @param called its name, its aliases, and its short id
     */
    record Member(String id, List<String> called, List<IpAddress> held) {
    }

    /** @param read when they were read, in nanoseconds since 1970 */
    private record Members(List<FileTime> changed, long read, List<Member> list) {
    }

    private record Kept(FileTime attached, FileTime recorded, Attachment attachment, String name) {
    }

    /** Those on a network, by id; the same list for as long as they are the same. @param network the whole id */
    List<Member> on(String network) {
        List<FileTime> changed = all.networks().namesChangedAt(network);
        Members known = networks.get(network);
        if (known != null && known.changed.equals(changed) && settled(known)) {
            return known.list;
        }
        long now = System.currentTimeMillis() * 1_000_000;
        var list = new ArrayList<Member>();
        for (String id : new TreeSet<>(all.networks().holders(network).values())) {
            Optional<Kept> holder = holder(id);
            if (holder.isPresent()) {
                for (Endpoint endpoint : holder.get().attachment.endpoints()) {
                    if (endpoint.networkId().equals(network)) {
                        list.add(member(id, holder.get().name, endpoint));
                    }
                }
            }
        }
        var members = new Members(changed, now, known != null && known.list.equals(list) ? known.list : List.copyOf(list));
        if (networks.size() > MOST) {
            networks.clear();
        }
        networks.put(network, members);
        return members.list;
    }

    private static boolean settled(Members known) {
        for (FileTime time : known.changed) {
            if (known.read - time.to(java.util.concurrent.TimeUnit.NANOSECONDS) < TICK_NANOS) {
                return false;
            }
        }
        return true;
    }

    private static Member member(String id, String name, Endpoint endpoint) {
        var called = new ArrayList<String>();
        called.add(name);
        called.addAll(endpoint.aliases());
        called.add(id.substring(0, 12));
        var held = new ArrayList<IpAddress>();
        endpoint.addresses().forEach(one -> held.add(one.address()));
        return new Member(id, called, held);
    }

    /** A container's attachment and name as the files have them; both are replaced whole when they change. */
    private Optional<Kept> holder(String id) {
        Optional<FileTime> attached = modified(all.roots.run(id).resolve(Attachment.FILE));
        Optional<FileTime> recorded = modified(all.roots.container(id).resolve(ContainerRecord.FILE));
        if (attached.isEmpty() || recorded.isEmpty()) {
            kept.remove(id);
            return Optional.empty();
        }
        Kept known = kept.get(id);
        if (known != null && known.attached.equals(attached.get()) && known.recorded.equals(recorded.get())) {
            return Optional.of(known);
        }
        Optional<Attachment> attachment = Attaching.known(all, id);
        Optional<ContainerRecord> record = all.store.record(id);
        if (attachment.isEmpty() || record.isEmpty()) {
            return Optional.empty();
        }
        var read = new Kept(attached.get(), recorded.get(), attachment.get(), record.get().name());
        if (kept.size() > MOST) {
            kept.clear();
        }
        kept.put(id, read);
        return Optional.of(read);
    }

    private static Optional<FileTime> modified(Path file) {
        try {
            return Optional.of(Files.getLastModifiedTime(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw StateFile.fault("read", file, e);
        }
    }
}
