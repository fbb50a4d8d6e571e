package dev.carafe.engine;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.ContentStore;
import dev.carafe.content.Image;
import dev.carafe.content.ImageIndex;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Document;
import dev.carafe.oci.MediaType;
import dev.carafe.oci.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads the whole store of images: every blob against its digest, and for every image that all it leads to is there. Repairing
 * fetches again what is damaged or missing, where the image's name tells a registry, and takes away images of which nothing better can be had.
 */
public final class StoreCheck {
    private static final int DOCUMENT_LIMIT = 16 << 20;

    /**
     * What was found.
     *
     * @param faults one line each
     * @param damaged blobs with other bytes than their digest says
     * @param broken images of which something is damaged or missing
     */
    public record Report(int blobs, int images, List<String> faults, Set<Digest> damaged, List<Image> broken) {}

    private final ContentStore store;
    private final ImageIndex index;
    private final boolean quick;

    StoreCheck(ContentStore store, ImageIndex index, boolean quick) {
        this.store = store;
        this.index = index;
        this.quick = quick;
    }

    /** Reads everything and changes nothing. */
    public Report run() {
        var faults = new ArrayList<String>();
        Set<Digest> damaged = new LinkedHashSet<>();
        List<Digest> all = store.list();
        if (!quick) {
            for (Digest digest : all) {
                try (InputStream in = store.open(digest)) {
                    in.transferTo(OutputStream.nullOutputStream());
                } catch (Fault fault) {
                    if (fault.kind() == Fault.Kind.CORRUPT) {
                        damaged.add(digest);
                        faults.add("blob " + digest + ": " + fault.reason());
                    } else if (fault.kind() != Fault.Kind.NOT_FOUND) {
                        throw fault;
                    }
                } catch (IOException e) {
                    damaged.add(digest);
                    faults.add("blob " + digest + ": " + e.getMessage());
                }
            }
        }
        var broken = new ArrayList<Image>();
        List<Image> images = index.list();
        for (Image image : images) {
            var lacking = new ArrayList<String>();
            reach(image.target(), damaged, lacking, MediaType.isIndex(image.target().mediaType()));
            if (!lacking.isEmpty()) {
                broken.add(image);
                lacking.forEach(line -> faults.add("image " + image.name().orElse(image.target().digest().toString()) + ": " + line));
            }
        }
        return new Report(all.size(), images.size(), faults, damaged, broken);
    }

    private void reach(Descriptor descriptor, Set<Digest> damaged, List<String> lacking, boolean sparse) {
        if (!present(descriptor, damaged, lacking)) {
            return;
        }
        try {
            if (MediaType.isIndex(descriptor.mediaType())) {
                for (Descriptor child : document(descriptor).index().manifests()) {
                    // Of an index, only some platforms need be here.
                    if (!sparse || store.has(child.digest())) {
                        reach(child, damaged, lacking, sparse);
                    }
                }
            } else if (MediaType.isManifest(descriptor.mediaType())) {
                var manifest = document(descriptor).manifest();
                present(manifest.config(), damaged, lacking);
                for (Descriptor layer : manifest.layers()) {
                    if (!MediaType.isNonDistributable(layer.mediaType())) {
                        present(layer, damaged, lacking);
                    }
                }
            }
        } catch (Fault fault) {
            lacking.add(descriptor.digest() + " cannot be read: " + fault.reason());
        }
    }

    private Document document(Descriptor descriptor) {
        return Document.of(descriptor.mediaType(), store.read(descriptor.digest(), DOCUMENT_LIMIT));
    }

    private boolean present(Descriptor descriptor, Set<Digest> damaged, List<String> lacking) {
        var size = store.size(descriptor.digest());
        if (size.isEmpty()) {
            lacking.add("blob " + descriptor.digest() + " is missing");
        } else if (damaged.contains(descriptor.digest())) {
            lacking.add("blob " + descriptor.digest() + " is damaged");
        } else if (size.getAsLong() != descriptor.size()) {
            damaged.add(descriptor.digest());
            lacking.add("blob " + descriptor.digest() + " has " + size.getAsLong() + " bytes, not " + descriptor.size());
        } else {
            return true;
        }
        return false;
    }

    /**
     * Deletes damaged blobs, and brings the images that lack something.
     *
     * @param fetch pulls the image of a name
     * @return what was done, one line each
     */
    public List<String> repair(Report report, Consumer<String> fetch) {
        var done = new ArrayList<String>();
        for (Digest digest : report.damaged()) {
            if (store.delete(digest)) {
                done.add("removed blob " + digest);
            }
        }
        for (Image image : report.broken()) {
            String name = image.name().orElse("");
            boolean remote = !name.isEmpty() && !Reference.parse(name).domain().equals("localhost");
            try {
                if (remote) {
                    // By its digest, so that it is the same image again and not what its tag means by now.
                    Reference reference = Reference.parse(name);
                    fetch.accept(reference.withDigest(image.origin().orElse(image.target().digest())).toString());
                    index.untag(reference.name() + "@" + image.origin().orElse(image.target().digest()));
                    index.tag(name, image.target(), image.config());
                    done.add("fetched image " + name + " again");
                    continue;
                }
            } catch (Fault fault) {
                done.add("image " + name + ": " + fault.getMessage());
            }
            if (image.name().isPresent()) {
                index.untag(name);
            } else {
                index.remove(image.target().digest());
            }
            done.add("removed image " + (name.isEmpty() ? image.target().digest().toString() : name));
        }
        return done;
    }
}
