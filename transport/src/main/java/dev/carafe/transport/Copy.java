package dev.carafe.transport;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.BlobReader;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Document;
import dev.carafe.oci.Index;
import dev.carafe.oci.Manifest;
import dev.carafe.oci.MediaType;
import dev.carafe.oci.Platform;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Brings an image from one place to another: blobs in parallel, then manifests from the leaves to the top, then the name. What
 * arrives is verified by size and digest on the way. When one blob fails the others are given up, and nothing is named.
 */
public final class Copy {
    private static final int NESTING = 4;

    /**
     * What to copy and how.
     *
     * @param wanted of an index, only the manifest that suits this platform best; empty for all of it
     * @param among of a whole copy of an index, only the manifests for these; empty for every one. The index itself stays as it is
     * @param indexOnly of an index, nothing but the index itself: what it lists is in the target, or will be
     * @param form how to change what is copied
     * @param parallel how many blobs at once
     */
    public record Options(Optional<Platform> wanted, List<Platform> among, boolean indexOnly, Conversion.Form form, int parallel) {
        private static final int PARALLEL = 4;

        /** One platform's image as it is. */
        public static Options of(Platform wanted) {
            return new Options(Optional.of(wanted), List.of(), false, Conversion.Form.AS_IS, PARALLEL);
        }

        /** Everything as it is. */
        public static Options all() {
            return new Options(Optional.empty(), List.of(), false, Conversion.Form.AS_IS, PARALLEL);
        }

        /** Of an index the index alone; of an image everything. */
        public static Options justTheIndex() {
            return new Options(Optional.empty(), List.of(), true, Conversion.Form.AS_IS, PARALLEL);
        }

        public Options withForm(Conversion.Form value) {
            return new Options(wanted, among, indexOnly, value, parallel);
        }

        public Options withAmong(List<Platform> values) {
            return new Options(wanted, values, indexOnly, form, parallel);
        }

        public Options withParallel(int value) {
            return new Options(wanted, among, indexOnly, form, value);
        }
    }

    /**
     * What was copied.
     *
     * @param source the document that the source names: an index, perhaps
     * @param target the document that is named in the target
     */
    public record Result(Document source, Document target) {}

    private final ImageSource source;
    private final ImageTarget target;
    private final Options options;
    private final CopyListener listener;
    private final Set<Digest> brought = new HashSet<>();
    private final AtomicBoolean failed = new AtomicBoolean();

    public Copy(ImageSource source, ImageTarget target, Options options, CopyListener listener) {
        this.source = source;
        this.target = target;
        this.options = options;
        this.listener = listener;
    }

    /** Does it. */
    public Result run() {
        Document top = source.top();
        Document chosen = top;
        for (int depth = 0; chosen.isIndex() && options.wanted().isPresent(); depth++) {
            if (depth == NESTING) {
                throw Fault.invalid("copy", top.digest().toString(), "indexes in indexes without end");
            }
            chosen = source.document(choose(chosen.index(), options.wanted().get(), top));
        }
        Document made = bring(chosen, 0);
        target.finish(made);
        return new Result(top, made);
    }

    /** The manifest of an index for a platform. An index that tells no platforms and has one manifest means that one. */
    static Descriptor choose(Index index, Platform wanted, Document top) {
        Optional<Descriptor> found = index.select(wanted);
        if (found.isEmpty() && index.manifests().size() == 1 && index.manifests().getFirst().platform().isEmpty()) {
            return index.manifests().getFirst();
        }
        return found.orElseThrow(() -> {
            var has = new StringJoiner(", ");
            index.manifests().forEach(manifest -> manifest.platform().ifPresent(platform -> has.add(platform.toString())));
            return Fault.notFound("choose from", top.digest().toString(), "no " + wanted + " in the index (has " + has + ")").hint("choose with --platform");
        });
    }

    /** Copies a document and what it leads to, all but the naming; the document as it is in the target. */
    private Document bring(Document document, int depth) {
        if (!document.isIndex()) {
            return new Conversion(source, options.form(), this::blobs).convert(document);
        }
        if (depth == NESTING) {
            throw Fault.invalid("copy", document.digest().toString(), "indexes in indexes without end");
        }
        var children = new ArrayList<Descriptor>();
        boolean changed = false;
        for (Descriptor child : document.index().manifests()) {
            if (options.indexOnly() || !options.among().isEmpty() && options.among().stream().noneMatch(p -> child.platform().filter(own -> p.rank(own) == 0).isPresent())) {
                children.add(child);
                continue;
            }
            Document made = bring(source.document(child), depth + 1);
            target.put(made);
            changed |= !made.digest().equals(child.digest());
            children.add(child.toBuilder().mediaType(made.mediaType()).digest(made.digest()).size(made.bytes().length).build());
        }
        return Conversion.index(document, children, changed, options.form());
    }

    /** Brings the blobs of one manifest, several at once. */
    private void blobs(List<Descriptor> blobs, List<BlobReader> readers) {
        Map<Descriptor, BlobReader> missing = new LinkedHashMap<>();
        for (int k = 0; k < blobs.size(); k++) {
            if (brought.add(blobs.get(k).digest())) {
                missing.put(blobs.get(k), readers.get(k));
                listener.planned(blobs.get(k));
            }
        }
        var slots = new Semaphore(options.parallel());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (Map.Entry<Descriptor, BlobReader> each : missing.entrySet()) {
                slots.acquire();
                running.add(threads.submit(() -> {
                    try {
                        blob(each.getKey(), each.getValue());
                    } finally {
                        slots.release();
                    }
                }));
            }
            await(running);
        } catch (InterruptedException e) {
            failed.set(true);
            Thread.currentThread().interrupt();
            throw Fault.of(Fault.Kind.CANCELLED, "copy", "blobs", "interrupted");
        }
    }

    /** The first fault is the copy's; those that others end with because of it are not news. */
    private static void await(List<Future<?>> running) throws InterruptedException {
        Throwable first = null;
        for (Future<?> each : running) {
            try {
                each.get();
            } catch (ExecutionException e) {
                boolean given = e.getCause() instanceof Fault fault && fault.kind() == Fault.Kind.CANCELLED;
                if (first == null || first instanceof Fault fault && fault.kind() == Fault.Kind.CANCELLED && !given) {
                    first = e.getCause();
                }
            } catch (CancellationException e) {
                first = first == null ? e : first;
            }
        }
        if (first instanceof RuntimeException fault) {
            throw fault;
        }
        if (first != null) {
            throw new IllegalStateException(first);
        }
    }

    private void blob(Descriptor blob, BlobReader bytes) {
        try {
            stopWhenFailed(blob);
            listener.begun(blob);
            ImageTarget.Outcome outcome = target.put(blob, offset -> new Counted(bytes.open(offset), blob, offset));
            listener.done(blob, outcome);
        } catch (RuntimeException e) {
            failed.set(true);
            throw e;
        }
    }

    private void stopWhenFailed(Descriptor blob) {
        if (failed.get()) {
            throw Fault.of(Fault.Kind.CANCELLED, "copy blob", blob.digest().toString(), "another blob failed");
        }
    }

    /** Tells of what is read, and ends early when the copy has failed elsewhere. */
    private final class Counted extends FilterInputStream {
        private final Descriptor blob;
        private long at;

        Counted(InputStream in, Descriptor blob, long offset) {
            super(in);
            this.blob = blob;
            this.at = offset;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            stopWhenFailed(blob);
            int got = in.read(into, from, length);
            if (got > 0) {
                at += got;
                listener.read(blob, at);
            }
            return got;
        }
    }

    /** The blobs that an image consists of, its configuration first; layers that registries do not keep are left out. */
    static List<Descriptor> blobsOf(Manifest manifest) {
        var blobs = new ArrayList<Descriptor>();
        blobs.add(manifest.config());
        for (Descriptor layer : manifest.layers()) {
            if (!MediaType.isNonDistributable(layer.mediaType()) || layer.urls().isEmpty()) {
                blobs.add(layer);
            }
        }
        return blobs;
    }
}
