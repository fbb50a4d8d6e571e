package dev.carafe.transport;

import dev.carafe.archive.Compression;
import dev.carafe.base.Fault;
import dev.carafe.content.ContentStore;
import dev.carafe.content.Image;
import dev.carafe.content.ImageIndex;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Images between a content store and places that are files: OCI image layouts (directory, or tar: oci-archive) and what
 * {@code docker save} writes (docker-archive), packed by gzip or zstd or not.
 *
 * <p>What is stored is verified by its digests. A load that fails has named no image; blobs that it stored before stay until the
 * store is collected.
 */
public final class ImageTransport {
    private final ContentStore store;
    private final ImageIndex index;

    public ImageTransport(ContentStore store, ImageIndex index) {
        this.store = store;
        this.index = index;
    }

    /**
     * Loads every image of a layout directory or an archive.
     *
     * @param source the directory or the file; its name completes images that only tell a tag: {@code localhost/NAME:TAG}
     * @param wanted which manifest to take where there are several
     * @return the images as stored, in the order of the source; one that tells no name has none
     */
    public List<Image> load(Path source, Platform wanted) {
        var load = new LayoutLoad(store, index, wanted, LayoutLoad.baseName(source));
        try {
            if (Files.isDirectory(source)) {
                return load.layout(new DirectorySource(source, store));
            }
            try (InputStream in = Files.newInputStream(source)) {
                return load(in, load);
            }
        } catch (IOException e) {
            throw fault("load", source.toString(), e);
        }
    }

    /** Loads every image of an archive, which is read to its end and not closed. Images that only tell a tag have no name. */
    public List<Image> load(InputStream archive, Platform wanted) {
        try {
            return load(archive, new LayoutLoad(store, index, wanted, Optional.empty()));
        } catch (IOException e) {
            throw fault("load", "", e);
        }
    }

    private List<Image> load(InputStream archive, LayoutLoad load) throws IOException {
        ArchiveSource source = ArchiveSource.read(Compression.detect(archive).unpacked(), store);
        if (source.isLayout()) {
            return load.layout(source);
        }
        return new DockerLoad(store, load).images(source);
    }

    /**
     * Makes an image of one layer from a tar of a root file system, packed or not; the tar is stored as it is.
     *
     * @param name in full form; empty for an image without a name
     * @param template what to take for its configuration: everything but layers and history
     */
    public Image importRootfs(InputStream tar, Optional<String> name, ImageConfig template, Instant now) {
        try {
            return new RootfsImport(store, index).image(tar, name, template, now);
        } catch (IOException e) {
            throw fault("import", "", e);
        }
    }

    /**
     * Writes images as one tar, not packed, that is an OCI layout and readable to {@code docker load} alike. The same images give
     * the same bytes. The stream stays open.
     */
    public void save(List<Image> images, OutputStream archive) {
        try {
            new ArchiveSave(store).write(images, archive);
        } catch (IOException e) {
            throw fault("save", "", e);
        }
    }

    private static Fault fault(String operation, String object, IOException e) {
        String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return Fault.of(Fault.Kind.UNAVAILABLE, operation, object.isEmpty() ? "" : "\"" + object + "\"", reason).cause(e);
    }
}
