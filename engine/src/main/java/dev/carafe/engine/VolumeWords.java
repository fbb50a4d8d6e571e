package dev.carafe.engine;

import dev.carafe.base.Fault;
import dev.carafe.base.Names;
import dev.carafe.engine.ContainerMount.Bind;
import dev.carafe.engine.ContainerMount.Recursion;
import dev.carafe.engine.ContainerMount.Relabel;
import dev.carafe.engine.ContainerMount.Tmpfs;
import dev.carafe.engine.ContainerMount.Volume;
import dev.carafe.plan.MountOptions.Propagation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The values of {@code --volume} ({@code [SOURCE:]TARGET[:OPTIONS]}) and {@code --tmpfs} ({@code TARGET[:OPTIONS]}), as docker reads them
 * (docker's reference of {@code docker run}, "Mount volume" and "Mount tmpfs").
 */
public final class VolumeWords {
    /** Where sources are that begin with a dot. */
    public interface Sources {
        /** A path that begins with a dot, below the directory that is meant; any other stays as it is. */
        String absolute(String path);
    }

    private VolumeWords() {}

    /**
     * The mount that {@code --volume} means: a volume by name or without one, or a directory of the caller's host, which is made where it is missing.
     *
     * @throws Fault of kind {@code INVALID}
     */
    public static ContainerMount parse(String text, Sources sources) {
        String[] parts = text.split(":", -1);
        if (parts.length > 3) {
            throw Fault.invalid("invalid spec", "", text + ": too many colons");
        }
        for (String part : parts) {
            if (part.isEmpty()) {
                throw Fault.invalid("invalid spec", "", text + ": empty section between colons");
            }
        }
        try {
            if (parts.length == 1) {
                return Volume.of(Optional.empty(), text);
            }
            Mode mode = mode(parts.length == 3 ? parts[2] : "");
            String source = sources.absolute(parts[0]);
            return source.startsWith("/") ? bind(source, parts[1], mode) : volume(parts[0], parts[1], mode);
        } catch (Fault offence) {
            throw Fault.invalid("invalid volume specification", "", "'" + text + "': " + offence.getMessage());
        }
    }

    /** The name of a volume; absent for an empty text. */
    public static Optional<String> name(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (text.length() == 1) {
            throw Fault.invalid("create", text, "volume name is too short, names should be at least two alphanumeric characters");
        }
        if (!Names.valid(text)) {
            throw Fault.invalid("create", text, "\"" + text
                    + "\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed")
                    .hint("if you intended to pass a host directory, use absolute path");
        }
        return Optional.of(text);
    }

    private record Mode(String text, boolean readOnly, Relabel relabel, Optional<Propagation> propagation, boolean noCopy) {}

    private static Bind bind(String source, String target, Mode mode) {
        if (mode.noCopy()) {
            throw invalidMode(mode.text());
        }
        return new Bind(source, target, mode.readOnly(), mode.propagation(), Recursion.ENABLED, mode.relabel(), true);
    }

    private static Volume volume(String name, String target, Mode mode) {
        if (mode.propagation().isPresent()) {
            throw invalidMode(mode.text());
        }
        return new Volume(name(name), target, mode.readOnly(), !mode.noCopy(), Optional.empty(), Optional.empty(), Map.of(), Map.of(),
                mode.relabel());
    }

    /** At most one word of each sort. */
    private static Mode mode(String text) {
        int access = 0;
        int labels = 0;
        int copies = 0;
        boolean readOnly = false;
        Relabel relabel = Relabel.NONE;
        Optional<Propagation> propagation = Optional.empty();
        for (String word : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            switch (word) {
                case "ro", "rw" -> {
                    access++;
                    readOnly = word.equals("ro");
                }
                case "z", "Z" -> {
                    labels++;
                    relabel = word.equals("z") ? Relabel.SHARED : Relabel.PRIVATE;
                }
                case "nocopy" -> copies++;
                case "shared", "rshared", "slave", "rslave", "private", "rprivate" -> {
                    if (propagation.isPresent()) {
                        throw invalidMode(text);
                    }
                    propagation = Propagation.parse(word);
                }
                default -> throw invalidMode(text);
            }
        }
        if (access > 1 || labels > 1 || copies > 1) {
            throw invalidMode(text);
        }
        return new Mode(text, readOnly, relabel, propagation, copies > 0);
    }

    private static Fault invalidMode(String mode) {
        return Fault.invalid("invalid mode", "", mode);
    }

    /**
     * The mount that {@code --tmpfs} means.
     *
     * @throws Fault of kind {@code INVALID}
     */
    public static Tmpfs tmpfs(String text) {
        int colon = text.indexOf(':');
        String target = colon < 0 ? text : text.substring(0, colon);
        String options = colon < 0 ? "" : text.substring(colon + 1);
        List<String> words = options.isEmpty() ? List.of() : List.of(options.split(",", -1));
        for (String word : words) {
            if (!isTmpfsOption(word)) {
                throw Fault.invalid("invalid tmpfs option", "", "[\"" + word + "\"]");
            }
        }
        return new Tmpfs(target, words);
    }

    private static boolean isTmpfsOption(String word) {
        int equals = word.indexOf('=');
        if (equals >= 0) {
            return switch (word.substring(0, equals)) {
                case "size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol" -> equals + 1 < word.length();
                default -> false;
            };
        }
        return switch (word) {
            case "ro", "rw", "exec", "noexec", "suid", "nosuid", "dev", "nodev", "sync", "async", "dirsync", "atime", "noatime", "diratime",
                    "nodiratime", "relatime", "norelatime", "strictatime", "nostrictatime" -> true;
            default -> false;
        };
    }
}
