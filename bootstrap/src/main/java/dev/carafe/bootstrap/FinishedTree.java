package dev.carafe.bootstrap;

import dev.carafe.archive.ArchiveLimits;
import dev.carafe.archive.Compression;
import dev.carafe.archive.TarEntry;
import dev.carafe.archive.TarReader;
import dev.carafe.archive.TarWriter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** The tree of a container in which packages were set up, as the layer of an image: without the packages, and with no time behind that of the release. */
final class FinishedTree {
    private FinishedTree() {}

    static void write(Path tree, Path layer, Instant date) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(tree), 1 << 16); OutputStream out = Compression.GZIP.pack(new BufferedOutputStream(Files.newOutputStream(layer), 1 << 16))) {
            var reader = new TarReader(in, ArchiveLimits.DEFAULT);
            var tar = new TarWriter(out);
            for (Optional<TarEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
                TarEntry each = entry.get();
                String path = each.path();
                if (path.equals("debs") || path.startsWith("debs/") || path.equals("debs/")) {
                    continue;
                }
                tar.put(each.modified().isAfter(date) ? each.modified(date) : each, reader.content());
            }
            tar.finish();
        }
    }
}
