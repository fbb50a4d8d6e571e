package dev.carafe.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The options of one mount, sorted by what the kernel does with them (runtime-spec config.md#linux-mount-options,
 * mount_setattr(2), fsconfig(2)).
 *
 * @param set attributes (MOUNT_ATTR_*) that the mount gets
 * @param clear attributes that it must not have; only a bind inherits any
 * @param recursiveSet attributes for the mount and all below it (Linux 5.12)
 * @param recursiveClear likewise, to be cleared
 * @param propagation how it shares mounts with its peers
 * @param bind whether it shows something that is already mounted
 * @param recursive whether a bind takes the mounts below its source along
 * @param copyUp whether a new tmpfs starts with what the destination held
 * @param remount whether it changes what is mounted at the destination instead of mounting anything
 * @param idMap whether the mount has an id map: its own, or the container's
 * @param data what remains: options of the file system itself, {@code key=value} or a bare word
 */
public record MountOptions(long set, long clear, long recursiveSet, long recursiveClear, Optional<Propagation> propagation,
        boolean bind, boolean recursive, boolean copyUp, boolean remount, IdMap idMap, List<String> data) {
    /** Whether the ids of what a mount shows are mapped: of it alone, or of the mounts below it too. */
    public enum IdMap {
        NONE, SINGLE, RECURSIVE
    }

    /**
     * Words that say nothing to the kernel's mount interface of today: what stands for itself, what concerns only its messages, and the change
     * counter of inodes, which each file system keeps as it likes.
     */
    private static final Set<String> WITHOUT_EFFECT = Set.of("", "defaults", "silent", "loud", "iversion", "noiversion");

    public static final long READONLY = 0x1;
    public static final long NOSUID = 0x2;
    public static final long NODEV = 0x4;
    public static final long NOEXEC = 0x8;
    public static final long NOATIME = 0x10;
    public static final long STRICTATIME = 0x20;
    /** The bits that say together how access times are kept. */
    public static final long ATIME = 0x70;
    public static final long NODIRATIME = 0x80;
    public static final long NOSYMFOLLOW = 0x200000;

    /** The kinds of propagation with the flags of mount(2). */
    public enum Propagation {
        PRIVATE(1 << 18), SLAVE(1 << 19), SHARED(1 << 20), UNBINDABLE(1 << 17),
        RPRIVATE(1 << 18 | 1 << 14), RSLAVE(1 << 19 | 1 << 14), RSHARED(1 << 20 | 1 << 14), RUNBINDABLE(1 << 17 | 1 << 14);

        private final long flags;

        Propagation(long flags) {
            this.flags = flags;
        }

        /** The flags for mount(2), MS_REC included where the word begins with r. */
        public long flags() {
            return flags;
        }

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        /** The kind of that name, if there is one. */
        public static Optional<Propagation> parse(String word) {
            for (Propagation p : values()) {
                if (p.word().equals(word)) {
                    return Optional.of(p);
                }
            }
            return Optional.empty();
        }
    }

    private record Effect(long set, long clear) {
    }

    private static final Map<String, Effect> ATTRIBUTES = Map.ofEntries(
            Map.entry("ro", new Effect(READONLY, 0)), Map.entry("rw", new Effect(0, READONLY)),
            Map.entry("nosuid", new Effect(NOSUID, 0)), Map.entry("suid", new Effect(0, NOSUID)),
            Map.entry("nodev", new Effect(NODEV, 0)), Map.entry("dev", new Effect(0, NODEV)),
            Map.entry("noexec", new Effect(NOEXEC, 0)), Map.entry("exec", new Effect(0, NOEXEC)),
            Map.entry("noatime", new Effect(NOATIME, ATIME)), Map.entry("atime", new Effect(0, NOATIME)),
            Map.entry("relatime", new Effect(0, ATIME)), Map.entry("norelatime", new Effect(STRICTATIME, ATIME)),
            Map.entry("strictatime", new Effect(STRICTATIME, ATIME)), Map.entry("nostrictatime", new Effect(0, STRICTATIME)),
            Map.entry("nodiratime", new Effect(NODIRATIME, 0)), Map.entry("diratime", new Effect(0, NODIRATIME)),
            Map.entry("nosymfollow", new Effect(NOSYMFOLLOW, 0)), Map.entry("symfollow", new Effect(0, NOSYMFOLLOW)));

    /** Sorts the words of a mount's {@code options}; a later word wins over an earlier one. */
    public static MountOptions parse(List<String> words) {
        long set = 0;
        long clear = 0;
        long recursiveSet = 0;
        long recursiveClear = 0;
        Optional<Propagation> propagation = Optional.empty();
        boolean bind = false;
        boolean recursive = false;
        boolean copyUp = false;
        boolean remount = false;
        IdMap idMap = IdMap.NONE;
        var data = new ArrayList<String>();
        for (String word : words) {
            Effect plain = ATTRIBUTES.get(word);
            Effect below = word.startsWith("r") ? ATTRIBUTES.get(word.substring(1)) : null;
            if (plain != null) {
                set = set & ~plain.clear | plain.set;
                clear = clear & ~plain.set | plain.clear;
            } else if (below != null) {
                recursiveSet = recursiveSet & ~below.clear | below.set;
                recursiveClear = recursiveClear & ~below.set | below.clear;
            } else if (Propagation.parse(word).isPresent()) {
                propagation = Propagation.parse(word);
            } else if (word.equals("bind") || word.equals("rbind")) {
                bind = true;
                recursive |= word.equals("rbind");
            } else if (word.equals("tmpcopyup")) {
                copyUp = true;
            } else if (word.equals("remount")) {
                remount = true;
            } else if (word.equals("idmap") || word.equals("ridmap")) {
                idMap = word.equals("idmap") ? IdMap.SINGLE : IdMap.RECURSIVE;
            } else if (!WITHOUT_EFFECT.contains(word)) {
                data.add(word);
            }
        }
        return new MountOptions(set, clear, recursiveSet, recursiveClear, propagation, bind, recursive, copyUp, remount, idMap, List.copyOf(data));
    }

    /** The same, with a map of ids on the mount alone. */
    MountOptions mapped() {
        return new MountOptions(set, clear, recursiveSet, recursiveClear, propagation, bind, recursive, copyUp, remount, IdMap.SINGLE, data);
    }

    /** The same, but not read-only. */
    MountOptions writable() {
        return new MountOptions(set & ~READONLY, clear, recursiveSet, recursiveClear, propagation, bind, recursive, copyUp, remount, idMap, data);
    }

    /** The same, with one more option of the file system. */
    MountOptions with(String option) {
        var more = new ArrayList<>(data);
        more.add(option);
        return new MountOptions(set, clear, recursiveSet, recursiveClear, propagation, bind, recursive, copyUp, remount, idMap, List.copyOf(more));
    }

    /** Every word that is not left to a file system, in the order of the alphabet. */
    public static List<String> known() {
        var words = new ArrayList<>(List.of("bind", "rbind", "tmpcopyup", "defaults", "remount"));
        for (String word : ATTRIBUTES.keySet()) {
            words.add(word);
            words.add("r" + word);
        }
        for (Propagation p : Propagation.values()) {
            words.add(p.word());
        }
        words.sort(null);
        return words;
    }

    /** Whether mounts go on to travel between a bind and its source: it is shared with it, or its slave. */
    public boolean staysConnected() {
        return propagation.isPresent() && switch (propagation.get()) {
            case SHARED, RSHARED, SLAVE, RSLAVE -> true;
            case PRIVATE, RPRIVATE, UNBINDABLE, RUNBINDABLE -> false;
        };
    }

    /** Attributes in the words of mount(8). */
    List<String> attributesToSet() {
        var words = new ArrayList<String>();
        for (String word : List.of("ro", "nosuid", "nodev", "noexec", "noatime", "strictatime", "nodiratime", "nosymfollow")) {
            long bits = ATTRIBUTES.getOrDefault(word, new Effect(0, 0)).set;
            if ((set & bits) != 0) {
                words.add(word);
            } else if ((recursiveSet & bits) != 0) {
                words.add("r" + word);
            }
        }
        return words;
    }

    /** Everything in the words of mount(8), parted by commas. */
    String words() {
        var words = new ArrayList<>(attributesToSet());
        if (idMap != IdMap.NONE) {
            words.add(idMap == IdMap.SINGLE ? "idmap" : "ridmap");
        }
        if (copyUp) {
            words.add("tmpcopyup");
        }
        words.addAll(data);
        return String.join(",", words);
    }

    String suffix() {
        String words = words();
        return words.isEmpty() ? "" : " (" + words + ")";
    }
}
