package dev.carafe.engine;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.ContentStore;
import dev.carafe.content.Image;
import dev.carafe.content.ImageIndex;
import dev.carafe.engine.Images.Removal;
import dev.carafe.oci.Reference;
import dev.carafe.snapshot.Snapshot;
import dev.carafe.snapshot.SnapshotDriver;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Takes names and images away. */
final class ImageRemoval {
    private final Images images;
    private final ContentStore store;
    private final ImageIndex index;
    private final SnapshotDriver snapshots;
    private final Path builds;

    ImageRemoval(Images images, ContentStore store, ImageIndex index, SnapshotDriver snapshots, Path builds) {
        this.images = images;
        this.store = store;
        this.index = index;
        this.snapshots = snapshots;
        this.builds = builds;
    }

    /** Takes names from an image, all when none is given; it stays. */
    void untag(String text, List<String> names) {
        Image image = images.find(text);
        List<Image> all = index.find(image.target().digest());
        var gone = new ArrayList<String>();
        for (String name : names) {
            Image named = images.find(name);
            if (named.name().isEmpty() || !named.target().digest().equals(image.target().digest())) {
                throw Fault.notFound("untag", "\"" + name + "\"", "no name of image \"" + text + "\"");
            }
            gone.add(named.name().get());
        }
        if (names.isEmpty()) {
            all.forEach(each -> each.name().ifPresent(gone::add));
        }
        gone.forEach(name -> {
            index.untag(name);
            images.events.image("untag", image);
        });
        index.add(image.target(), image.config());
    }

    /** Removes images that have no name, or all that no container uses, of those that the condition holds for. */
    List<Removal> prune(boolean every, Predicate<Image> condition, Map<Digest, List<String>> usedBy) {
        var removals = new ArrayList<Removal>();
        for (Image image : index.list()) {
            boolean used = image.config().filter(usedBy::containsKey).isPresent();
            if (!used && (every || image.name().isEmpty()) && condition.test(image)) {
                removals.add(remove(image.name().orElse(image.target().digest().toString()), false, usedBy));
            }
        }
        return removals;
    }

    /**
     * Removes images that no container uses, those that came first before the others, until blobs and snapshots take no more than so many
     * bytes, or no such image is left.
     */
    List<Removal> shrink(long budget, Map<Digest, List<String>> usedBy) {
        var removals = new ArrayList<Removal>();
        for (Image image : index.list()) {
            if (taken() <= budget) {
                return removals;
            }
            // An image that had several names went with the first of them.
            boolean there = !index.find(image.target().digest()).isEmpty();
            if (there && image.config().filter(usedBy::containsKey).isEmpty()) {
                removals.add(remove(image.target().digest().toString(), true, usedBy));
            }
        }
        return removals;
    }

    /** The bytes of all blobs and committed snapshots. */
    private long taken() {
        long bytes = 0;
        for (Digest digest : store.list()) {
            bytes += store.size(digest).orElse(0);
        }
        for (Snapshot snapshot : snapshots.list()) {
            bytes += snapshot.state() == Snapshot.State.COMMITTED ? snapshots.usage(snapshot.name()).bytes() : 0;
        }
        return bytes;
    }

    /** Removes the blobs that nobody needs; the bytes that they had. */
    long sweep(Instant now) {
        try (AutoCloseable held = store.collect()) {
            return new Collection(store, index, snapshots, BuildSteps.of(builds)).sweep(now);
        } catch (RuntimeException fault) {
            throw fault;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Takes a name away; with its last name, the image and what only it held. By id, all its names go, which takes {@code force} when
     * there are several.
     *
     * @param usedBy the containers that need images, by the image's id
     */
    Removal remove(String text, boolean force, Map<Digest, List<String>> usedBy) {
        Image image = images.find(text);
        List<Image> names = index.find(image.target().digest());
        boolean byId = image.name().isEmpty() || !refersByName(text, image);
        if (byId && names.size() > 1 && !force) {
            throw Fault.of(Fault.Kind.CONFLICT, "remove image", "\"" + text + "\"", "it has " + names.size() + " names").hint("remove the names, or use -f");
        }
        boolean last = byId || names.size() == 1;
        List<String> users = image.config().map(id -> usedBy.getOrDefault(id, List.of())).orElse(List.of());
        if (last && !users.isEmpty() && !force) {
            throw Fault.of(Fault.Kind.CONFLICT, "remove image", "\"" + text + "\"", "container " + users.getFirst() + " uses it")
                    .hint("remove the container first, or use -f to take only the name");
        }
        var untagged = new ArrayList<String>();
        for (Image named : names) {
            if (named.name().isPresent() && (byId || named.name().equals(image.name()))) {
                index.untag(named.name().get());
                images.events.image("untag", named);
                untagged.add(Reference.parse(named.name().get()).familiar());
            }
        }
        if (!last) {
            return new Removal(untagged, List.of(), 0);
        }
        if (!users.isEmpty()) {
            index.add(image.target(), image.config());
            return new Removal(untagged, List.of(), 0);
        }
        index.remove(image.target().digest());
        Removal removal = collect(image, untagged);
        images.events.image("delete", image);
        return removal;
    }

    private Removal collect(Image image, List<String> untagged) {
        try (AutoCloseable held = store.collect()) {
            var collection = new Collection(store, index, snapshots, BuildSteps.of(builds));
            List<Digest> gone = collection.collect(image);
            return new Removal(untagged, gone, collection.bytes());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean refersByName(String text, Image image) {
        if (text.startsWith("sha256:") || text.indexOf(':') < 0 && image.config().filter(c -> c.hex().startsWith(text)).isPresent()
                && !image.name().orElse("").contains("/" + text + ":")) {
            return false;
        }
        return true;
    }
}
