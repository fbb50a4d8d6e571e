package dev.carafe.archive;

import dev.carafe.base.Fault;
import dev.carafe.kernel.Directory;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.zip.ZipException;

/**
 * Reads one layer as it is stored, packed or not, once: unpacks it into a directory and computes both of its digests.
 *
 * <p>Whatever the archive says, nothing outside the directory is touched: parents are resolved by the kernel as if the directory
 * were the root, and what is made is made by name in the parent so found. A fault leaves a part of the layer in the directory,
 * which the caller then removes.
 */
public final class LayerReader {
    private final Whiteouts whiteouts;
    private final ArchiveLimits limits;

    public LayerReader(Whiteouts whiteouts, ArchiveLimits limits) {
        this.whiteouts = whiteouts;
        this.limits = limits;
    }

    /** Unpacks into an empty directory that no other layers lie beneath, or into one that already holds them. */
    public AppliedLayer apply(InputStream stored, Directory target) {
        return apply(stored, target, List.of());
    }

    /**
     * Unpacks into a directory that is to lie above others.
     *
     * @param stored the layer's bytes; read to their end, not closed
     * @param lower what will lie beneath, top first: where the layer leaves out a member's parent directory, its owner and mode
     *     are taken from there
     */
    public AppliedLayer apply(InputStream stored, Directory target, List<Directory> lower) {
        try (var tree = new LayerTree(target, lower, whiteouts)) {
            var packed = new MeasuredInput(stored);
            try {
                Compression.Detected detected = Compression.detect(packed);
                try (var ahead = ReadAhead.of(detected.unpacked())) {
                    var tar = new MeasuredInput(ahead);
                    unpack(tar, tree);
                    tar.drain();
                    detected.packed().transferTo(java.io.OutputStream.nullOutputStream());
                    return new AppliedLayer(packed.digest(), packed.size(), detected.compression(), tar.digest(),
                            tree.xattrsRefused());
                }
            } catch (IOException e) {
                throw fault(e);
            }
        }
    }

    private void unpack(InputStream tar, LayerTree tree) throws IOException {
        var reader = new TarReader(tar, limits);
        while (true) {
            var entry = reader.next();
            if (entry.isEmpty()) {
                tree.finish();
                return;
            }
            tree.put(entry.get(), reader);
        }
    }

    /** Computes both digests without unpacking anything. */
    public static AppliedLayer measure(InputStream stored) {
        var packed = new MeasuredInput(stored);
        try {
            Compression.Detected detected = Compression.detect(packed);
            var tar = new MeasuredInput(detected.unpacked());
            tar.drain();
            detected.packed().transferTo(java.io.OutputStream.nullOutputStream());
            return new AppliedLayer(packed.digest(), packed.size(), detected.compression(), tar.digest(), 0);
        } catch (IOException e) {
            throw fault(e);
        }
    }

    static Fault fault(IOException e) {
        String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        boolean damaged = e instanceof ZipException || e instanceof EOFException
                || e.getClass().getName().startsWith("com.github.luben.zstd.");
        return Fault.of(damaged ? Fault.Kind.CORRUPT : Fault.Kind.UNAVAILABLE, "read layer", "", reason).cause(e);
    }
}
