package dev.carafe.runtime.oci;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a container is saved by CRIU, or brought back.
 *
 * @param images the directory of the image files
 * @param work where CRIU works and writes its log; empty: with the images
 * @param parent the image files of an earlier save, relative to {@code images}; what has not changed since stays there
 * @param switches what is asked for
 * @param groups how control groups are treated; empty: the way that is usual, {@link Groups#SOFT}
 * @param emptyNetwork whether the network namespace is made anew and empty
 * @param pageServer host and port of a server that takes the memory
 * @param status a file that gets a zero byte when memory can be asked for
 * @param lock how connections are kept still meanwhile
 * @param profile the profile of a security module for what is brought back, {@code type:name}
 * @param mountContext the label of its mounts
 */
public record Checkpoint(Path images, Optional<Path> work, Optional<String> parent, Set<Switch> switches, Optional<Groups> groups, boolean emptyNetwork,
        Optional<Address> pageServer, Optional<Path> status, Optional<NetworkLock> lock, Optional<String> profile, Optional<String> mountContext) {
    /** What can be asked for; each is a field of {@code criu_opts} in CRIU's rpc.proto. */
    public enum Switch {
        LEAVE_RUNNING("leave-running", 3, "leave the container running", true, false),
        EXT_UNIX_SK("ext-unix-sk", 4, "allow connections of unix sockets with the outside", true, true),
        TCP_ESTABLISHED("tcp-established", 5, "allow open TCP connections", true, true),
        SHELL_JOB("shell-job", 7, "allow a session or terminal of the outside", true, true),
        FILE_LOCKS("file-locks", 8, "allow file locks", true, true),
        AUTO_DEDUP("auto-dedup", 16, "drop memory from earlier images that later ones have", true, true),
        LINK_REMAP("link-remap", 18, "link files back that have no name any more", true, false),
        TCP_SKIP_IN_FLIGHT("tcp-skip-in-flight", 46, "leave out connections that are being made", true, false),
        LAZY_PAGES("lazy-pages", 48, "bring memory back when it is used", true, true),
        TCP_CLOSE("tcp-close", 52, "close open TCP connections", false, true);

        private final String option;
        private final int field;
        private final String summary;
        private final boolean saves;
        private final boolean restores;

        Switch(String option, int field, String summary, boolean saves, boolean restores) {
            this.option = option;
            this.field = field;
            this.summary = summary;
            this.saves = saves;
            this.restores = restores;
        }

        public String option() {
            return option;
        }

        public String summary() {
            return summary;
        }

        /** Whether it has a meaning for that direction. */
        public boolean applies(boolean restoring) {
            return restoring ? restores : saves;
        }

        int field() {
            return field;
        }
    }

    /** CRIU's ways with control groups; the number is that of {@code criu_cg_mode}. */
    public enum Groups {
        IGNORE, NONE, PROPS, SOFT, FULL, STRICT
    }

    /** How no packet comes through meanwhile; numbered from 1 on. */
    public enum NetworkLock {
        IPTABLES, NFTABLES, SKIP
    }

    /** Where a page server listens. */
    public record Address(String host, int port) {
    }

    /** Where CRIU finds the two directories open, and what else it may find from there on. */
    private static final int IMAGES_FD = 4;
    private static final int WORK_FD = 5;
    static final int FIRST_FD = 6;

    /** The directories, in the order of their descriptors. */
    List<String> files() {
        return List.of(images.toString(), logs().toString());
    }

    public Checkpoint {
        switches = Set.copyOf(switches);
    }

    /** Where the log is. */
    Path logs() {
        return work.orElse(images);
    }

    /** The fields that both directions have. */
    WireMessage options(String log) {
        var message = new WireMessage().number(1, IMAGES_FD).number(9, 4).text(10, log).number(12, 1).number(24, 1).number(50, 1)
                .number(34, groups.orElse(Groups.SOFT).ordinal());
        message.number(17, WORK_FD);
        for (Switch word : List.of(Switch.values())) {
            if (switches.contains(word)) {
                message.number(word.field, 1);
            }
        }
        if (emptyNetwork) {
            message.number(38, 0x40000000);
        }
        lock.ifPresent(method -> message.number(64, method.ordinal() + 1));
        return message;
    }
}
