package dev.carafe.engine;

import dev.carafe.base.Fault;
import dev.carafe.plan.MountOptions.Propagation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Something to be mounted into a container, as its user asked for it (docker's reference of {@code docker run}, {@code --mount},
 * {@code --volume} and {@code --tmpfs}). Targets are absolute paths within the container, other than the root.
 */
public sealed interface ContainerMount {
    String target();

    /** The words of the last part of {@code --volume} that would say the same; none where there are none. */
    List<String> mode();

    /** How the security labels of what is mounted change so that the container may use it. */
    enum Relabel {
        /** They stay. */
        NONE,
        /** {@code z}: several containers may use it. */
        SHARED,
        /** {@code Z}: only this container may use it. */
        PRIVATE;

        private void addTo(List<String> words) {
            if (this != NONE) {
                words.add(this == SHARED ? "z" : "Z");
            }
        }
    }

    /** What happens to the mounts below the source of a bind mount ({@code bind-recursive}). */
    enum Recursion {
        /** They come along, and are read-only with it where the kernel can do that (Linux 5.12). */
        ENABLED,
        /** They stay behind. */
        DISABLED,
        /** They come along and stay writable. */
        WRITABLE,
        /** They come along and must be made read-only. */
        READONLY
    }

    /**
     * A file or directory of the host.
     *
     * @param source an absolute path on the host
     * @param propagation how mounts on either side show on the other; absent: rprivate
     * @param createSource whether a missing source becomes a directory ({@code --volume}) or is an error ({@code --mount})
     */
    record Bind(String source, String target, boolean readOnly, Optional<Propagation> propagation, Recursion recursion, Relabel relabel,
            boolean createSource) implements ContainerMount {
        public Bind {
            if (source.isEmpty()) {
                throw invalid("bind", "field Source must not be empty");
            }
            if (!source.startsWith("/")) {
                throw invalid("bind", "invalid mount path: '" + source + "' mount path must be absolute");
            }
            checkTarget("bind", target);
            if (recursion == Recursion.WRITABLE && !readOnly) {
                throw invalid("bind", "option 'bind-recursive=writable' requires 'readonly' to be specified in conjunction");
            }
            if (recursion == Recursion.READONLY && !readOnly) {
                throw invalid("bind", "option 'bind-recursive=readonly' requires 'readonly' to be specified in conjunction");
            }
            if (recursion == Recursion.READONLY && !propagation.equals(Optional.of(Propagation.RPRIVATE))) {
                throw invalid("bind", "option 'bind-recursive=readonly' requires 'bind-propagation=rprivate' to be specified in conjunction");
            }
        }

        @Override
        public List<String> mode() {
            var words = new ArrayList<String>();
            if (readOnly) {
                words.add("ro");
            }
            relabel.addTo(words);
            propagation.ifPresent(kind -> words.add(kind.word()));
            return words;
        }

        /** A writable bind mount with everything as usual. */
        public static Bind of(String source, String target) {
            return new Bind(source, target, false, Optional.empty(), Recursion.ENABLED, Relabel.NONE, false);
        }
    }

    /**
     * A volume of the engine.
     *
     * @param name the volume's name; absent: a new one that goes with the container
     * @param copy whether a new volume starts with what the image has at the target
     * @param subpath the part of the volume that is mounted, relative to its root
     * @param driver the driver for a volume that does not exist yet
     * @param driverOptions options for that driver
     * @param labels labels for a volume that does not exist yet
     */
    record Volume(Optional<String> name, String target, boolean readOnly, boolean copy, Optional<String> subpath, Optional<String> driver,
            Map<String, String> driverOptions, Map<String, String> labels, Relabel relabel) implements ContainerMount {
        public Volume {
            driverOptions = Map.copyOf(driverOptions);
            labels = Map.copyOf(labels);
            checkTarget("volume", target);
        }

        @Override
        public List<String> mode() {
            var words = new ArrayList<String>();
            if (readOnly) {
                words.add("ro");
            }
            relabel.addTo(words);
            if (!copy) {
                words.add("nocopy");
            }
            return words;
        }

        /** A writable volume with everything as usual. */
        public static Volume of(Optional<String> name, String target) {
            return new Volume(name, target, false, true, Optional.empty(), Optional.empty(), Map.of(), Map.of(), Relabel.NONE);
        }
    }

    /**
     * A file system in memory.
     *
     * @param options words for mount(8), such as {@code size=64m}, {@code mode=1777}, {@code exec}
     */
    record Tmpfs(String target, List<String> options) implements ContainerMount {
        public Tmpfs {
            options = List.copyOf(options);
            checkTarget("tmpfs", target);
        }

        @Override
        public List<String> mode() {
            return List.of();
        }
    }

    private static void checkTarget(String type, String target) {
        if (target.isEmpty()) {
            throw invalid(type, "field Target must not be empty");
        }
        if (!target.startsWith("/")) {
            throw invalid(type, "invalid mount path: '" + target + "' mount path must be absolute");
        }
        if (java.nio.file.Path.of(target).normalize().getNameCount() == 0) {
            throw invalid(type, "invalid specification: destination can't be '/'");
        }
    }

    private static Fault invalid(String type, String reason) {
        return Fault.invalid("invalid mount config", "for type \"" + type + "\"", reason);
    }
}
