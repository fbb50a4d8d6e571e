package dev.carafe.build;

import java.io.InputStream;
import java.nio.file.Path;

/** The files that a build may use. */
public sealed interface BuildContext {
    /** A directory of this machine. */
    record Directory(Path path) implements BuildContext {
    }

    /** An archive, packed or not, which is read once; its giver closes it. */
    record Archive(InputStream tar) implements BuildContext {
    }

    /** An image of the store or a registry, as a context of a name. */
    record Image(String reference) implements BuildContext {
    }

    /** None. */
    record Nothing() implements BuildContext {
    }
}
