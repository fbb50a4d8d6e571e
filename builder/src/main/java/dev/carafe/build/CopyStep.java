package dev.carafe.build;

import dev.carafe.archive.ArchiveLimits;
import dev.carafe.archive.TreeReader;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.build.files.Archives;
import dev.carafe.build.files.FileDigests;
import dev.carafe.build.files.FileTree;
import dev.carafe.build.files.ModeChange;
import dev.carafe.build.files.Selection;
import dev.carafe.build.files.TreeWriter;
import dev.carafe.build.graph.Operation;
import dev.carafe.engine.Account;
import dev.carafe.engine.WorkTree;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.FileType;
import dev.carafe.kernel.OpenFile;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** COPY and ADD: what it depends on, and doing it. */
final class CopyStep {
    private final Operation.Copy copy;
    private final Origins origins;
    private final Fetched fetched;
    private final Instant time;

    /** @param time that copied files have at most */
    CopyStep(Operation.Copy copy, Origins origins, Fetched fetched, Instant time) {
        this.copy = copy;
        this.origins = origins;
        this.fetched = fetched;
        this.time = time;
    }

    private List<String> addresses() {
        return copy.sources().stream().filter(source -> copy.fetches() && Fetched.isAddress(source)).toList();
    }

    private List<String> paths() {
        return copy.sources().stream().filter(source -> !copy.fetches() || !Fetched.isAddress(source)).toList();
    }

    /** All that is known without reading files. */
    Ingredients words(Ingredients base) {
        base.add("sources", String.join(" ", copy.sources())).add("destination", copy.destination()).add("owner", copy.owner().orElse("")).add("mode", copy.mode().orElse(""))
                .add("exclude", String.join(" ", copy.exclude())).add("options", (copy.parents() ? "parents " : "") + (copy.unpack() ? "unpack" : ""));
        for (Operation.Inline inline : copy.inline()) {
            base.add("document " + inline.name(), inline.text());
        }
        copy.checksum().ifPresent(sum -> base.add("checksum", sum));
        return base;
    }

    /** What stands for the files as long as they are those of an image or a stage; empty where they have to be read. */
    Optional<Ingredients> cheap(Ingredients words) {
        if (!addresses().isEmpty()) {
            return Optional.empty();
        }
        return origins.chain(copy.origin()).map(chain -> words.copy().add("origin", chain.map(Digest::toString).orElse("scratch")));
    }

    /** With the files that it copies. */
    Ingredients whole(Ingredients words) {
        Ingredients all = words.copy();
        if (!paths().isEmpty()) {
            try (Origins.Open from = origins.open(copy.origin())) {
                for (FileDigests.Fingerprint print : FileDigests.of(selection(from.tree()))) {
                    all.add("file " + print.path(), print.what());
                }
            }
        }
        for (String address : addresses()) {
            all.add("file " + address, fetched.get(address, copy.checksum()).digest().toString());
        }
        return all;
    }

    private Selection selection(FileTree tree) {
        return Selection.of(tree, paths(), copy.parents(), copy.exclude());
    }

    /** Copies into a tree. */
    void perform(WorkTree target) {
        TreeWriter.Ownership owner = owner(target);
        var writer = new TreeWriter(target.root(), owner, copy.mode().map(ModeChange::parse), time);
        for (Operation.Inline inline : copy.inline()) {
            writer.text(inline.name(), inline.text().getBytes(StandardCharsets.UTF_8), copy.destination());
        }
        for (String address : addresses()) {
            fetched(address, writer);
        }
        if (!paths().isEmpty()) {
            try (Origins.Open from = origins.open(copy.origin())) {
                Selection selection = selection(from.tree());
                String destination = selection.picks().size() > 1 && !copy.destination().endsWith("/") ? copy.destination() + "/" : copy.destination();
                if (copy.unpack() && copy.fetches()) {
                    selection = unpacked(selection, writer, owner);
                }
                writer.copy(selection, destination, copy.parents());
            }
        }
    }

    private void fetched(String address, TreeWriter writer) {
        Fetched.File file = fetched.get(address, copy.checksum());
        if (copy.destination().endsWith("/") && file.name().isEmpty()) {
            throw Fault.invalid("fetch", "\"" + address + "\"", "cannot determine filename for the address").hint("give the destination a name");
        }
        writer.text(file.name(), file.read(), copy.destination());
    }

    private TreeWriter.Ownership owner(WorkTree target) {
        if (copy.owner().isEmpty() || copy.owner().get().isEmpty()) {
            return TreeWriter.Ownership.KEPT;
        }
        String[] words = copy.owner().get().split(":", 2);
        Account account = target.account(copy.owner().get());
        // One number stands for user and group (Dockerfile reference, "COPY --chown").
        boolean both = words.length == 1 && words[0].matches("\\d+");
        return TreeWriter.Ownership.of((int) account.uid(), (int) (both ? account.uid() : account.gid()));
    }

    /** Unpacks the archives among the sources; what is left is to be copied. */
    private Selection unpacked(Selection selection, TreeWriter writer, TreeWriter.Ownership owner) {
        var rest = new ArrayList<Selection.Pick>();
        for (Selection.Pick pick : selection.picks()) {
            if (pick.found().stat().type() != FileType.REGULAR || !unpack(selection.tree(), pick.found().path(), writer, owner)) {
                rest.add(pick);
            }
        }
        return new Selection(selection.tree(), rest, selection.exclude());
    }

    private boolean unpack(FileTree tree, String path, TreeWriter writer, TreeWriter.Ownership owner) {
        try (OpenFile file = tree.root().fileWithin(path).orElseThrow(); InputStream in = file.input()) {
            if (!Archives.isArchive(file)) {
                return false;
            }
            file.seek(0);
            try (Directory into = writer.parents(copy.destination().replaceAll("^/+|/+$", ""))) {
                new TreeReader(ArchiveLimits.DEFAULT).unpack(in, into, member -> Optional.of(owner.uid().isPresent() ? member.ownedBy(owner.uid().get(), owner.gid().orElse(0)) : member));
            }
            return true;
        } catch (java.io.IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "unpack", "\"" + path + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }
}
