package dev.carafe.engine;

import dev.carafe.base.KernelVersion;
import dev.carafe.plan.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * The lowest layer of every container: what each has something mounted upon. Most images lack those files, and to make three of them in a
 * container's own layer, /etc with them, and to remove them in the end, would be a tenth of a start. An image that has them, as anything,
 * covers these; and one that says they are absent (a whiteout) has them made in the container's layer, as all would be without this one.
 *
 * <p>Nothing is ever written here: what is mounted upon a file covers it, and overlayfs changes no lower layer.
 */
final class BottomLayer {
    private static final List<String> DIRECTORIES = List.of("dev", "etc", "proc", "sys");
    /** The last is what programs look for to learn that they are in a container. */
    private static final List<String> FILES = List.of("etc/hostname", "etc/hosts", "etc/resolv.conf", ".dockerenv");
    /** Before that, all layers share 256 bytes, which are dear. */
    private static final int MAJOR = 6;
    private static final int MINOR = 8;

    private BottomLayer() {
    }

    /** The same root, upon this layer; it is made if it is not there yet. */
    static Launch.Root below(Launch.Root root, Path place, KernelVersion kernel) {
        if (!(root instanceof Launch.Root.Overlay overlay) || overlay.upper().isEmpty() || !kernel.atLeast(MAJOR, MINOR)) {
            return root;
        }
        // Not Files.isDirectory, which costs an exception where it is not there, and more where it is.
        if (!place.toFile().isDirectory()) {
            make(place);
        }
        var lower = new ArrayList<>(overlay.lower());
        lower.add(place.toString());
        return new Launch.Root.Overlay(lower, overlay.upper(), overlay.work(), overlay.options(), overlay.mountpoint());
    }

    /** Appears whole, by a rename, since a layer should not change while something is mounted upon it. */
    private static void make(Path place) {
        try {
            Path draft = Files.createTempDirectory(place.getParent(), ".bottom-");
            for (String directory : DIRECTORIES) {
                Files.setPosixFilePermissions(Files.createDirectory(draft.resolve(directory)), PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            for (String file : FILES) {
                Files.setPosixFilePermissions(Files.createFile(draft.resolve(file)), PosixFilePermissions.fromString("rw-r--r--"));
            }
            publish(draft, place);
        } catch (IOException e) {
            throw StateFile.fault("make", place, e);
        }
    }

    private static void publish(Path draft, Path place) throws IOException {
        try {
            Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            StateFile.deleteTree(draft);
            // Another engine was faster.
            if (!Files.isDirectory(place)) {
                throw e;
            }
        }
    }
}
