package dev.carafe.plan;

import dev.carafe.oci.runtime.Seccomp;
import dev.carafe.oci.runtime.SeccompAction;
import dev.carafe.oci.runtime.SeccompRule;
import java.util.Optional;

/** What a filter cannot be (runtime-spec config-linux.md#seccomp). */
final class SeccompRules {
    private static final String SECTION = Rules.LINUX + "seccomp";
    private static final String FIELD = "linux.seccomp.";
    /** The kernel takes a larger error number for this one (MAX_ERRNO). */
    private static final int MOST_ERRNO = 4095;

    private SeccompRules() {
    }

    static void check(Seccomp seccomp) {
        number("defaultErrnoRet", seccomp.defaultAction(), seccomp.defaultErrnoRet());
        // The listener is handed over by calls that the filter must let pass.
        if (seccomp.defaultAction() == SeccompAction.SCMP_ACT_NOTIFY) {
            throw Rules.broken(FIELD + "defaultAction", "it cannot be SCMP_ACT_NOTIFY, since the listener is handed over by a write", SECTION);
        }
        boolean notifies = false;
        for (int k = 0; k < seccomp.syscalls().size(); k++) {
            SeccompRule rule = seccomp.syscalls().get(k);
            String field = "syscalls[" + k + "]";
            number(field + ".errnoRet", rule.action(), rule.errnoRet());
            for (int j = 0; j < rule.names().size(); j++) {
                if (rule.names().get(j).isEmpty()) {
                    throw Rules.broken(FIELD + field + ".names[" + j + "]", "expected the name of a system call", SECTION);
                }
            }
            if (rule.action() == SeccompAction.SCMP_ACT_NOTIFY) {
                notifies = true;
                if (rule.names().contains("write")) {
                    throw Rules.broken(FIELD + field + ".action", "write cannot be SCMP_ACT_NOTIFY, since the listener is handed over by a write", SECTION);
                }
            }
        }
        if (notifies && seccomp.listenerPath().isEmpty()) {
            throw Rules.broken(FIELD + "listenerPath", "required, since a rule says SCMP_ACT_NOTIFY", SECTION);
        }
        if (notifies) {
            Rules.absolute(FIELD + "listenerPath", seccomp.listenerPath().orElseThrow(), SECTION);
        } else if (seccomp.flags().contains(Seccomp.Flag.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)) {
            throw Rules.broken(FIELD + "flags", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV needs a rule with SCMP_ACT_NOTIFY", SECTION);
        }
    }

    private static void number(String field, SeccompAction action, Optional<Integer> number) {
        if (number.isEmpty()) {
            return;
        }
        if (action != SeccompAction.SCMP_ACT_ERRNO && action != SeccompAction.SCMP_ACT_TRACE) {
            throw Rules.broken(FIELD + field, action + " takes no error number", SECTION);
        }
        Rules.between(FIELD + field, number.get(), 0, action == SeccompAction.SCMP_ACT_ERRNO ? MOST_ERRNO : 65535, SECTION);
    }
}
