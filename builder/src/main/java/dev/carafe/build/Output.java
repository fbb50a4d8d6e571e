package dev.carafe.build;

import java.io.OutputStream;
import java.nio.file.Path;

/** Where the result of a build goes, beside the store. Streams stay their giver's to close. */
public sealed interface Output {
    /** The files of the image, into a directory of this machine, which is made if it is not there; what is there by the same names is replaced. */
    record Directory(Path path) implements Output {
    }

    /** The files of the image, as one tar archive. */
    record Tar(OutputStream out) implements Output {
    }

    /** The image, as an archive that docker and every OCI tool can load; the build must have stored it. */
    record Archive(OutputStream out) implements Output {
    }
}
