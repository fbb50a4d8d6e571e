package dev.carafe.engine;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.ContentStore;
import dev.carafe.content.Image;
import dev.carafe.content.ImageIndex;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Document;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Index;
import dev.carafe.oci.Json;
import dev.carafe.oci.MediaType;
import dev.carafe.oci.Platform;
import dev.carafe.oci.Reference;
import dev.carafe.snapshot.SnapshotDriver;
import dev.carafe.transport.Copy;
import dev.carafe.transport.CopyListener;
import dev.carafe.transport.ImageSource;
import dev.carafe.transport.StoreTarget;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Lists of manifests that are made here (image-spec image-index.md): an image for several platforms under one name. What a list names is
 * in the store, all of it, so that a list can be pushed, copied and run like any image.
 *
 * <p>A list is a document like others and never changes; its name goes on to the next one, unless another process was faster, and then
 * the change is made upon what that one did.
 */
public final class ManifestLists {
    private static final int DOCUMENT_LIMIT = 16 << 20;

    /** The list that a name means now, and what it meant before, if that was another. */
    private record Change(Digest now, Optional<Image> before) {}

    private final Images images;
    private final ContentStore store;
    private final ImageIndex index;
    private final SnapshotDriver snapshots;
    private final Platform host;
    private final Path builds;

    ManifestLists(Images images, ContentStore store, ImageIndex index, SnapshotDriver snapshots, Platform host, Path builds) {
        this.images = images;
        this.store = store;
        this.index = index;
        this.snapshots = snapshots;
        this.host = host;
        this.builds = builds;
    }

    /**
     * Makes a list with nothing in it.
     *
     * @param amend whether one that is there will do
     * @return its digest
     * @throws Fault ALREADY_EXISTS when the name means something, other than a list to amend
     */
    public Digest create(String name, boolean amend, Map<String, String> annotations) {
        String whole = Reference.parse(name).withDefaultTag().toString();
        Optional<Image> there = index.find(whole).or(() -> index.resolve(name));
        if (there.isPresent()) {
            if (amend && MediaType.isIndex(there.get().target().mediaType())) {
                return there.get().target().digest();
            }
            throw Fault.of(Fault.Kind.ALREADY_EXISTS, "create manifest list", "\"" + name + "\"", "that name has an image").hint("amend a list with --amend, or choose another name");
        }
        String named = Reference.parse(name).shortName() ? "localhost/" + Reference.parse(name).withDefaultTag().familiar() : whole;
        Document empty = document(new Index(Optional.of(MediaType.INDEX), Optional.empty(), List.of(), Optional.empty(), annotations));
        store.put(empty.bytes());
        index.tag(named, empty.descriptor(), Optional.empty());
        return empty.digest();
    }

    /**
     * Adds an image, which is copied into the store as far as it is not there. One that is listed already is listed anew.
     *
     * @param every of an index, all its manifests; else the one for this machine
     * @return the list's digest
     */
    public Digest add(String list, ImageSource source, boolean every, ManifestEntry entry, CopyListener listener) {
        find(list);
        var result = new Change[1];
        try (var target = new StoreTarget(store, index, top -> {
            List<Descriptor> added = top.isIndex() ? top.index().manifests() : List.of(described(top));
            result[0] = change(list, old -> with(old, added.stream().map(entry::applied).toList()));
        })) {
            Copy.Options options = every ? Copy.Options.all() : Copy.Options.of(platform(source.top(), entry));
            new Copy(source, target, options, listener).run();
        }
        return tidy(result[0]);
    }

    /** Of an index, what the entry is said to be for, else what this machine runs. */
    private Platform platform(Document top, ManifestEntry entry) {
        if (!top.isIndex() || entry.os().isEmpty() && entry.architecture().isEmpty()) {
            return host;
        }
        String text = entry.os().orElse(host.os()) + "/" + entry.architecture().orElse(host.architecture()) + entry.variant().map(v -> "/" + v).orElse("");
        return Platform.parse(text, host);
    }

    private Descriptor described(Document manifest) {
        var config = manifest.manifest().config();
        Descriptor plain = manifest.descriptor();
        return MediaType.isConfig(config.mediaType()) ? plain.toBuilder().platform(ImageConfig.parse(store.read(config.digest(), DOCUMENT_LIMIT)).platform()).build()
                : plain.toBuilder().artifactType(manifest.manifest().artifactType()).build();
    }

    private static Index with(Index old, List<Descriptor> added) {
        Map<Digest, Descriptor> all = new LinkedHashMap<>();
        old.manifests().forEach(each -> all.put(each.digest(), each));
        added.forEach(each -> all.put(each.digest(), each));
        return withManifests(old, List.copyOf(all.values()));
    }

    private static Index withManifests(Index old, List<Descriptor> manifests) {
        return new Index(old.mediaType(), old.artifactType(), manifests, old.subject(), old.annotations());
    }

    /**
     * Changes what a list says of one of its manifests.
     *
     * @param member its digest, or an image here that it is the manifest of
     */
    public Digest annotate(String list, String member, ManifestEntry entry) {
        return tidy(change(list, old -> {
            Descriptor listed = member(list, old, member);
            return withManifests(old, old.manifests().stream().map(each -> each.equals(listed) ? entry.applied(each) : each).toList());
        }));
    }

    /** Adds annotations to a list as a whole. */
    public Digest annotate(String list, Map<String, String> annotations) {
        return tidy(change(list, old -> {
            var all = new LinkedHashMap<>(old.annotations());
            all.putAll(annotations);
            return new Index(old.mediaType(), old.artifactType(), old.manifests(), old.subject(), all);
        }));
    }

    /** Takes a manifest out of a list, and out of the store if nothing else needs it. */
    public Digest remove(String list, String member) {
        return tidy(change(list, old -> {
            Descriptor listed = member(list, old, member);
            return withManifests(old, old.manifests().stream().filter(each -> !each.equals(listed)).toList());
        }));
    }

    private Descriptor member(String list, Index index, String member) {
        Digest digest = member.startsWith("sha256:") || member.startsWith("sha512:") ? Digest.parse(member) : images.find(member).target().digest();
        return index.manifests().stream().filter(each -> each.digest().equals(digest)).findFirst()
                .orElseThrow(() -> Fault.notFound("change manifest list", "\"" + list + "\"", "it does not list " + digest));
    }

    /** Whether there is a list of that name. */
    public boolean exists(String list) {
        return index.resolve(list).filter(image -> MediaType.isIndex(image.target().mediaType())).isPresent();
    }

    /** The list as it is stored. */
    public Document document(String list) {
        Image image = find(list);
        return Document.of(image.target().mediaType(), store.read(image.target().digest(), DOCUMENT_LIMIT));
    }

    /** The list of that name; an image that is none is a fault. */
    public Image find(String list) {
        Image image = images.find(list);
        if (!MediaType.isIndex(image.target().mediaType())) {
            throw Fault.invalid("find manifest list", "\"" + list + "\"", "that is an image, not a list of manifests");
        }
        return image;
    }

    private static Document document(Index index) {
        return Document.of(index.type(), Json.compact(index.json()).getBytes(StandardCharsets.UTF_8));
    }

    private Change change(String list, UnaryOperator<Index> change) {
        while (true) {
            Image before = find(list);
            String name = before.name().orElseThrow(() -> Fault.invalid("change manifest list", "\"" + list + "\"", "it has no name").hint("give it one with carafe tag"));
            Document now = document(change.apply(document(list).index()));
            if (now.digest().equals(before.target().digest())) {
                return new Change(now.digest(), Optional.empty());
            }
            store.put(now.bytes());
            if (index.retag(name, before.target().digest(), now.descriptor())) {
                return new Change(now.digest(), Optional.of(before));
            }
        }
    }

    /** Removes what a list was before: nothing names that document, nor manifests that are not listed any more. */
    private Digest tidy(Change change) {
        if (change.before().isPresent()) {
            try (AutoCloseable held = store.collect()) {
                new Collection(store, index, snapshots, BuildSteps.of(builds)).collect(change.before().get());
            } catch (RuntimeException fault) {
                throw fault;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        return change.now();
    }
}
