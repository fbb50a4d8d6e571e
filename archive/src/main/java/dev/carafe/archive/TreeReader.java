package dev.carafe.archive;

import dev.carafe.kernel.Directory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/**
 * Unpacks an archive that is no layer into a tree that is in use. Whatever archive and tree say, nothing outside of the tree's root is touched; see
 * {@link LayerReader}.
 */
public final class TreeReader {
    private final ArchiveLimits limits;

    public TreeReader(ArchiveLimits limits) {
        this.limits = limits;
    }

    /** Where each member goes, and whose it is. */
    public interface Placing {
        /** The member as it is to be unpacked; empty: not at all. */
        Optional<TarEntry> place(TarEntry member);
    }

    /**
     * Unpacks it.
     *
     * @param stored packed or not; read to its end, not closed
     * @param root what paths and links are relative to
     */
    public void unpack(InputStream stored, Directory root, Placing placing) {
        try (var tree = new LayerTree(root, List.of(), Whiteouts.NONE)) {
            InputStream tar = Compression.detect(stored).unpacked();
            var reader = new TarReader(tar, limits);
            for (Optional<TarEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
                Optional<TarEntry> placed = placing.place(entry.get());
                if (placed.isPresent()) {
                    tree.put(placed.get(), reader);
                }
            }
            tree.finish();
            tar.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw LayerReader.fault(e);
        }
    }
}
