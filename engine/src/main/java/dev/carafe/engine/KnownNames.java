package dev.carafe.engine;

import dev.carafe.network.Attachment;
import dev.carafe.network.Endpoint;
import dev.carafe.network.Network;
import dev.carafe.network.names.Acquaintance;
import dev.carafe.network.names.NameTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one container may be told: the members of the user-defined networks that it is on now, and the servers of the host, where it reaches the outside. */
final class KnownNames implements Acquaintance {
    private final Containers all;
    private final String id;
    private @Nullable Kept kept;

    KnownNames(Containers all, String id) {
        this.all = all;
        this.id = id;
    }

    /** A table, and the lists of members that it was made of. */
    private record Kept(FileTime attached, Attachment attachment, List<List<Acquaintances.Member>> members, NameTable table) {
    }

    @Override
    public NameTable table() {
        Optional<Kept> now = now();
        return now.isPresent() ? now.get().table : NameTable.EMPTY;
    }

    private synchronized Optional<Kept> now() {
        Path file = all.roots.run(id).resolve(Attachment.FILE);
        FileTime attached;
        try {
            attached = Files.getLastModifiedTime(file);
        } catch (IOException gone) {
            return Optional.empty();
        }
        Kept before = kept;
        Optional<Attachment> attachment = before != null && before.attached.equals(attached) ? Optional.of(before.attachment) : Attaching.known(all, id);
        if (attachment.isEmpty()) {
            return Optional.empty();
        }
        var members = new ArrayList<List<Acquaintances.Member>>();
        var networks = new ArrayList<String>();
        for (Endpoint endpoint : attachment.get().endpoints()) {
            if (!endpoint.network().equals(Network.DEFAULT)) {
                members.add(all.acquaintances.on(endpoint.networkId()));
                networks.add(endpoint.network());
            }
        }
        if (before != null && before.attachment == attachment.get() && same(before.members, members)) {
            return Optional.of(before);
        }
        var builder = new NameTable.Builder();
        for (int k = 0; k < members.size(); k++) {
            for (Acquaintances.Member member : members.get(k)) {
                builder.add(networks.get(k), member.called(), member.held());
            }
        }
        var made = new Kept(attached, attachment.get(), members, builder.build());
        kept = made;
        return Optional.of(made);
    }

    /** The very same lists, which stay the same for as long as what is in them does. */
    private static boolean same(List<List<Acquaintances.Member>> some, List<List<Acquaintances.Member>> others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (int k = 0; k < some.size(); k++) {
            if (some.get(k) != others.get(k)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Upstream upstream() {
        Optional<Kept> now = now();
        Optional<ContainerRecord> record = all.store.record(id);
        // Who is on internal networks only reaches nobody outside, and shall not by way of questions either.
        return now.isPresent() && now.get().attachment.leadsOutside() && record.isPresent() ? ResolverFile.upstream(ResolverFile.wanted(record.get())) : Upstream.NONE;
    }
}
