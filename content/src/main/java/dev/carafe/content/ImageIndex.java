package dev.carafe.content;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.kernel.OpenFile;
import dev.carafe.kernel.Opened;
import dev.carafe.kernel.Stat;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Index;
import dev.carafe.oci.Json;
import dev.carafe.oci.MediaType;
import dev.carafe.oci.Reference;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The names of images: {@code index.json} of the content store, one descriptor for each name.
 *
 * <p>The name stands in the annotation {@code io.containerd.image.name}, the digest of the configuration in
 * {@code dev.carafe.config}, so that listing and finding read this one file and no blob. Changes are made under a lock, and the
 * file is replaced in one step. What was read is kept until the file is another one, which costs one stat to see.
 */
public final class ImageIndex {
    static final String NAME = "io.containerd.image.name";
    static final String REF_NAME = "org.opencontainers.image.ref.name";
    static final String CONFIG = "dev.carafe.config";
    /** Annotates a manifest with the digest of the index that it was chosen from. */
    public static final String ORIGIN = "dev.carafe.origin";

    private static final String FILE = "index.json";
    private static final int LIMIT = 64 << 20;
    private static final int SHORTEST_ID = 2;

    private final ContentStore store;
    private volatile @Nullable Read latest;

    /** What tells one version of the file from another: each is a new inode. */
    public record Stamp(long inode, long size, Instant modified) {
        private static final Stamp ABSENT = new Stamp(0, 0, Instant.EPOCH);

        // Those that a record has by itself are linked when they are first called, which takes milliseconds.
        @Override
        public boolean equals(Object other) {
            return other instanceof Stamp stamp && inode == stamp.inode && size == stamp.size && modified.equals(stamp.modified);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(inode) ^ modified.hashCode();
        }
    }

    private record Read(Stamp stamp, List<Image> images) {}

    public ImageIndex(ContentStore store) {
        this.store = store;
    }

    /** Which version of the names is there now; equal stamps mean that nothing has changed. */
    public Stamp stamp() {
        return store.root().stat(FILE).map(ImageIndex::stamp).orElse(Stamp.ABSENT);
    }

    private static Stamp stamp(Stat stat) {
        return new Stamp(stat.inode(), stat.size(), stat.modified());
    }

    /** All images, one for each name, in the order in which they came. */
    public List<Image> list() {
        Read known = latest;
        if (known != null && known.stamp().equals(stamp())) {
            return known.images();
        }
        Read read = read();
        latest = read;
        return read.images();
    }

    private Read read() {
        Optional<OpenFile> found = store.root().findFile(FILE);
        if (found.isEmpty()) {
            return new Read(Stamp.ABSENT, List.of());
        }
        try (OpenFile file = found.get()) {
            Stat stat = file.stat();
            if (stat.size() > LIMIT) {
                throw Fault.of(Fault.Kind.EXHAUSTED, "read", "\"" + file.path() + "\"", "longer than " + LIMIT + " bytes");
            }
            byte[] bytes = new byte[(int) stat.size()];
            int done = 0;
            for (int got = 0; done < bytes.length && got >= 0; done += Math.max(got, 0)) {
                got = file.read(bytes, done, bytes.length - done);
            }
            var images = new ArrayList<Image>();
            for (Descriptor descriptor : Index.parse(bytes).manifests()) {
                images.add(image(descriptor));
            }
            return new Read(stamp(stat), List.copyOf(images));
        }
    }

    private static Image image(Descriptor descriptor) {
        String config = descriptor.annotations().get(CONFIG);
        return new Image(Optional.ofNullable(descriptor.annotations().get(NAME)), descriptor,
                Optional.ofNullable(config).map(Digest::parse));
    }

    /** The image of exactly this name, in full form. */
    public Optional<Image> find(String name) {
        for (Image image : list()) {
            if (image.name().isPresent() && image.name().get().equals(name)) {
                return Optional.of(image);
            }
        }
        return Optional.empty();
    }

    /** The images under this digest, of target, configuration or the index they were chosen from: one for each name. */
    public List<Image> find(Digest digest) {
        var found = new ArrayList<Image>();
        for (Image image : list()) {
            if (image.target().digest().equals(digest) || image.config().filter(digest::equals).isPresent() || image.origin().filter(digest::equals).isPresent()) {
                found.add(image);
            }
        }
        return found;
    }

    /**
     * The image that a user means: a name (with Docker's defaults, then as one of {@code localhost/}), a name with a digest, a
     * digest, or the first digits of an id.
     *
     * @throws Fault CONFLICT when the digits fit several images
     */
    public Optional<Image> resolve(String text) {
        if (text.startsWith("sha256:") || text.startsWith("sha512:")) {
            return find(Digest.parse(text)).stream().findFirst();
        }
        Optional<Image> named = isHex(text, 64) ? Optional.empty() : byReference(text);
        return named.isPresent() || !isHex(text, 0) ? named : byPrefix(text);
    }

    private Optional<Image> byReference(String text) {
        Reference reference = Reference.parse(text);
        if (reference.digest().isPresent()) {
            String repository = reference.name();
            for (Image image : find(reference.digest().get())) {
                if (image.name().isEmpty() || Reference.parse(image.name().get()).name().equals(repository)) {
                    return Optional.of(image);
                }
            }
            return Optional.empty();
        }
        Reference tagged = reference.withDefaultTag();
        Optional<Image> found = find(tagged.toString());
        if (found.isEmpty() && tagged.shortName()) {
            return find("localhost/" + tagged.familiar());
        }
        return found;
    }

    private Optional<Image> byPrefix(String digits) {
        @Nullable Image match = null;
        for (Image image : list()) {
            boolean fits = image.target().digest().hex().startsWith(digits)
                    || image.config().filter(c -> c.hex().startsWith(digits)).isPresent();
            if (fits && match != null && !match.target().digest().equals(image.target().digest())) {
                throw Fault.of(Fault.Kind.CONFLICT, "find image", "\"" + digits + "\"", "several images have an id that starts so")
                        .hint("give more digits");
            }
            match = fits && match == null ? image : match;
        }
        return Optional.ofNullable(match);
    }

    private static boolean isHex(String text, int length) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return length == 0 ? text.length() >= SHORTEST_ID && text.length() <= 64 : text.length() == length;
    }

    /**
     * Gives an image a name. Another image that had it keeps its entry, without a name if that was its only one.
     *
     * @param name in full form
     * @param config the digest of the configuration; absent for an index
     */
    public Image tag(String name, Descriptor target, Optional<Digest> config) {
        var annotations = new LinkedHashMap<>(target.annotations());
        annotations.put(NAME, name);
        annotations.put(REF_NAME, name);
        config.ifPresent(digest -> annotations.put(CONFIG, digest.toString()));
        Image image = image(target.toBuilder().annotations(annotations).build());
        change(images -> {
            var changed = new ArrayList<Image>();
            for (Image old : images) {
                boolean same = old.target().digest().equals(target.digest());
                boolean named = old.name().filter(name::equals).isPresent();
                if (named && !same && !hasOther(images, old)) {
                    changed.add(unnamed(old));
                } else if (!named && !(same && old.name().isEmpty())) {
                    changed.add(old);
                }
            }
            changed.add(image);
            return changed;
        });
        return image;
    }

    /**
     * Lets a name mean something else, which takes the place of what it meant: unlike with {@link #tag}, that does not stay without a name.
     *
     * @param expected what the name must still mean
     * @return false when it means something else by now
     */
    public boolean retag(String name, Digest expected, Descriptor target) {
        var annotations = new LinkedHashMap<>(target.annotations());
        annotations.put(NAME, name);
        annotations.put(REF_NAME, name);
        Image image = image(target.toBuilder().annotations(annotations).build());
        var done = new boolean[1];
        change(images -> {
            var changed = new ArrayList<Image>();
            for (Image old : images) {
                boolean meant = old.name().filter(name::equals).isPresent() && old.target().digest().equals(expected);
                done[0] |= meant;
                changed.add(meant ? image : old);
            }
            return changed;
        });
        return done[0];
    }

    /** Keeps an image that has no name. Nothing changes when it is there under any. */
    public Image add(Descriptor target, Optional<Digest> config) {
        var annotations = new LinkedHashMap<>(target.annotations());
        annotations.remove(NAME);
        annotations.remove(REF_NAME);
        config.ifPresent(digest -> annotations.put(CONFIG, digest.toString()));
        Image image = image(target.toBuilder().annotations(annotations).build());
        change(images -> {
            var changed = new ArrayList<>(images);
            if (images.stream().noneMatch(old -> old.target().digest().equals(target.digest()))) {
                changed.add(image);
            }
            return changed;
        });
        return image;
    }

    /** Takes a name away, and with its last name the image from the index; its blobs stay. Empty when there was no such name. */
    public Optional<Image> untag(String name) {
        Optional<Image> found = find(name);
        change(images -> images.stream().filter(old -> old.name().filter(name::equals).isEmpty()).toList());
        return found;
    }

    /** Takes an image with all its names from the index; its blobs stay. */
    public void remove(Digest target) {
        change(images -> images.stream().filter(old -> !old.target().digest().equals(target)).toList());
    }

    private static boolean hasOther(List<Image> images, Image image) {
        for (Image other : images) {
            if (other != image && other.target().digest().equals(image.target().digest())) {
                return true;
            }
        }
        return false;
    }

    private static Image unnamed(Image image) {
        var annotations = new LinkedHashMap<>(image.target().annotations());
        annotations.remove(NAME);
        annotations.remove(REF_NAME);
        return image(image.target().toBuilder().annotations(annotations).build());
    }

    private void change(UnaryOperator<List<Image>> change) {
        try (OpenFile lock = store.root().openOrCreate(".index.lock", 0600)) {
            lock.lock(Opened.Lock.EXCLUSIVE);
            List<Image> now = read().images();
            List<Image> changed = change.apply(now);
            if (!changed.equals(now)) {
                var descriptors = changed.stream().map(Image::target).toList();
                var index = new Index(Optional.of(MediaType.INDEX), Optional.empty(), descriptors, Optional.empty(),
                        java.util.Map.of());
                ContentStore.replace(store.root(), FILE, Json.compact(index.json()).getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
