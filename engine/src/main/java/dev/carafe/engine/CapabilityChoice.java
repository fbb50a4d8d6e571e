package dev.carafe.engine;

import dev.carafe.base.Fault;
import dev.carafe.oci.runtime.Capabilities;
import dev.carafe.plan.Capability;
import dev.carafe.plan.HostFacts;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which capabilities a container's processes have (capabilities(7), docker's reference of {@code docker container run
 * --cap-add}).
 *
 * <p>The chosen ones bound every process of the container. Root also starts with them; another user starts with none, as after
 * execve(2), and gains them by set-user-id programs or file capabilities alone. None is inheritable.
 */
final class CapabilityChoice {
    private static final String ALL = "ALL";

    /** Docker's since its beginnings. */
    private static final List<Capability> USUAL = List.of(Capability.CHOWN, Capability.DAC_OVERRIDE, Capability.FSETID, Capability.FOWNER,
            Capability.MKNOD, Capability.NET_RAW, Capability.SETGID, Capability.SETUID, Capability.SETFCAP, Capability.SETPCAP,
            Capability.NET_BIND_SERVICE, Capability.SYS_CHROOT, Capability.KILL, Capability.AUDIT_WRITE);

    private CapabilityChoice() {}

    /** The bounding set, as the runtime-spec spells it. */
    static List<String> bounding(SecurityOptions options, HostFacts host) {
        if (options.privileged()) {
            return everything(host);
        }
        List<String> added = normalized("CapAdd", options.capabilitiesAdded());
        List<String> dropped = normalized("CapDrop", options.capabilitiesDropped());
        var chosen = new LinkedHashSet<String>();
        if (added.contains(ALL)) {
            chosen.addAll(everything(host));
            dropped.forEach(chosen::remove);
        } else if (dropped.contains(ALL)) {
            chosen.addAll(added);
        } else {
            USUAL.forEach(each -> chosen.add(each.word()));
            dropped.forEach(chosen::remove);
            chosen.addAll(added);
        }
        return List.copyOf(chosen);
    }

    /** All that the engine itself could pass on. */
    static List<String> everything(HostFacts host) {
        var all = new ArrayList<String>();
        for (Capability each : Capability.of(host.capabilities())) {
            all.add(each.word());
        }
        return all;
    }

    /** The sets of a process of that user. */
    static Capabilities of(List<String> bounding, long uid) {
        List<String> own = uid == 0 ? bounding : List.of();
        return new Capabilities(bounding, own, List.of(), own, List.of());
    }

    /** Names as the runtime-spec spells them, or {@code ALL}. */
    static List<String> normalized(String option, List<String> names) {
        var normalized = new ArrayList<String>();
        for (String name : names) {
            String upper = name.toUpperCase(Locale.ROOT);
            if (!upper.equals(ALL) && !upper.startsWith("CAP_")) {
                upper = "CAP_" + upper;
            }
            if (!upper.equals(ALL) && !known().contains(upper)) {
                throw Fault.invalid("invalid " + option, "", "unknown capability: \"" + upper + '"')
                        .hint("capabilities(7) lists their names");
            }
            normalized.add(upper);
        }
        return normalized;
    }

    private static Set<String> known() {
        var known = new LinkedHashSet<String>();
        for (Capability each : Capability.values()) {
            known.add(each.word());
        }
        return known;
    }
}
