package dev.carafe.plan;

import dev.carafe.base.Fault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** The capabilities of capabilities(7), in the order of their numbers. */
public enum Capability {
    CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER, FSETID, KILL, SETGID, SETUID, SETPCAP, LINUX_IMMUTABLE,
    NET_BIND_SERVICE, NET_BROADCAST, NET_ADMIN, NET_RAW, IPC_LOCK, IPC_OWNER, SYS_MODULE, SYS_RAWIO, SYS_CHROOT,
    SYS_PTRACE, SYS_PACCT, SYS_ADMIN, SYS_BOOT, SYS_NICE, SYS_RESOURCE, SYS_TIME, SYS_TTY_CONFIG, MKNOD, LEASE,
    AUDIT_WRITE, AUDIT_CONTROL, SETFCAP, MAC_OVERRIDE, MAC_ADMIN, SYSLOG, WAKE_ALARM, BLOCK_SUSPEND, AUDIT_READ,
    PERFMON, BPF, CHECKPOINT_RESTORE;

    /** Every capability that this version knows. */
    public static final long ALL = (1L << values().length) - 1;

    private static final Capability[] EACH = values();
    private static final String PREFIX = "CAP_";

    /** The capability of that name; {@code CAP_} may lead, case does not matter. */
    public static Capability parse(String name) {
        String plain = name.toUpperCase(Locale.ROOT);
        if (plain.startsWith("CAP_")) {
            plain = plain.substring(4);
        }
        for (Capability c : values()) {
            if (c.name().equals(plain)) {
                return c;
            }
        }
        throw Fault.invalid("capability", "\"" + name + "\"", "unknown capability").hint("capabilities(7) lists their names");
    }

    /** As the specs spell it: {@code CAP_NET_RAW}. */
    public String word() {
        return "CAP_" + name();
    }

    public long bit() {
        return 1L << ordinal();
    }

    /** The mask of the named capabilities. */
    public static long mask(Collection<String> names) {
        long mask = 0;
        for (String name : names) {
            mask |= parse(name).bit();
        }
        return mask;
    }

    /** The mask of those of the named capabilities that there are, case and {@code CAP_} apart. */
    static long known(Collection<String> names) {
        long mask = 0;
        for (String name : names) {
            // Asked seven times by every start, so without a text for each comparison.
            int prefix = name.regionMatches(true, 0, PREFIX, 0, PREFIX.length()) ? PREFIX.length() : 0;
            int length = name.length() - prefix;
            for (Capability c : EACH) {
                if (c.name().length() == length && c.name().regionMatches(true, 0, name, prefix, length)) {
                    mask |= c.bit();
                    break;
                }
            }
        }
        return mask;
    }

    /** The capabilities of a mask; bits that this version does not know are left out. */
    public static List<Capability> of(long mask) {
        var list = new ArrayList<Capability>();
        for (Capability c : values()) {
            if ((mask & c.bit()) != 0) {
                list.add(c);
            }
        }
        return list;
    }

    static String words(List<Capability> list) {
        var words = new StringBuilder();
        for (Capability c : list) {
            words.append(words.isEmpty() ? "" : ",").append(c.word().toLowerCase(Locale.ROOT));
        }
        return words.toString();
    }
}
