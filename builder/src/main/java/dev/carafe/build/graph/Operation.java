package dev.carafe.build.graph;

import dev.carafe.build.dockerfile.RunMount;
import java.util.List;
import java.util.Optional;

/** What makes a file system, or changes one. Each but {@link Source} works upon what the step before it made. */
public sealed interface Operation {
    /** Where a stage begins. */
    record Source(Origin origin) implements Operation {
    }

    /** A mount of a command, and where its files come from, if it has any. */
    record Mounted(RunMount mount, Optional<Origin> origin) {
    }

    /** The network of a command. */
    enum Network {
        DEFAULT, NONE, HOST
    }

    /**
     * A file that a command finds, and that is no part of the layer.
     *
     * @param path absolute
     */
    record Script(String path, String text) {
    }

    /**
     * A command in a container.
     *
     * @param environment {@code NAME=value}, those of the image first
     * @param hidden variables that change nothing about what it makes, such as proxies
     * @param user empty: the superuser
     * @param directory absolute
     */
    record Exec(List<String> arguments, List<String> environment, List<String> hidden, String user, String directory, List<Mounted> mounts, Network network,
            boolean insecure, Optional<Script> script) implements Operation {
        public Exec {
            arguments = List.copyOf(arguments);
            environment = List.copyOf(environment);
            hidden = List.copyOf(hidden);
            mounts = List.copyOf(mounts);
        }
    }

    /** A file whose content stands in the Dockerfile. */
    record Inline(String name, String text) {
    }

    /**
     * Files that are copied.
     *
     * @param sources paths and patterns in the origin; of ADD also addresses
     * @param destination absolute, with its slash at the end where it has one
     * @param owner {@code USER[:GROUP]}; absent: root for files of a context, else whose they are
     * @param mode octal or symbolic
     * @param unpack whether archives are unpacked
     * @param fetches whether sources may be addresses
     */
    record Copy(Origin origin, List<String> sources, List<Inline> inline, String destination, Optional<String> owner, Optional<String> mode, boolean parents,
            List<String> exclude, boolean unpack, boolean fetches, Optional<String> checksum) implements Operation {
        public Copy {
            sources = List.copyOf(sources);
            inline = List.copyOf(inline);
            exclude = List.copyOf(exclude);
        }
    }

    /** A directory with its parents, if it is not there. */
    record MakeDirectory(String path, String owner) implements Operation {
    }

    /** A layer that is made upon nothing, and then laid upon what is there. */
    record Merge(Copy layer) implements Operation {
    }
}
