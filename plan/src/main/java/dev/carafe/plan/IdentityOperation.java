package dev.carafe.plan;

import dev.carafe.plan.seccomp.SeccompProgram;
import java.util.List;
import java.util.Optional;

/** What the process may do: ids, capabilities(7), no_new_privs, seccomp(2) and the label of a security module. */
public sealed interface IdentityOperation extends Operation {
    /** Drops capabilities from the bounding set for good; names as in capabilities(7). */
    record DropBounding(List<Capability> dropped) implements IdentityOperation {
        @Override
        public String text() {
            return "drop " + dropped.size() + " capabilities from the bounding set";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("capsh --drop=" + Capability.words(dropped));
        }
    }

    /** Changes to the user and its groups; the capabilities of {@code retained} stay for the operations that follow. */
    record SetIds(long uid, long gid, List<Long> groups, long retained) implements IdentityOperation {
        @Override
        public String text() {
            return "become user " + uid + " and group " + gid + (groups.isEmpty() ? "" : " with groups " + groups);
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("setpriv --reuid " + uid + " --regid " + gid + (groups.isEmpty() ? " --clear-groups"
                    : " --groups " + groups.toString().replaceAll("[\\[\\] ]", "")));
        }
    }

    /** The sets that the program starts with, as bit masks by capability number. */
    record SetCapabilities(long effective, long permitted, long inheritable, long ambient) implements IdentityOperation {
        @Override
        public String text() {
            return "set capabilities: effective " + Long.toHexString(effective) + ", permitted " + Long.toHexString(permitted)
                    + ", inheritable " + Long.toHexString(inheritable) + ", ambient " + Long.toHexString(ambient);
        }
    }

    /** No program that is started may gain privileges (PR_SET_NO_NEW_PRIVS(2const)). */
    record NoNewPrivileges() implements IdentityOperation {
        @Override
        public String text() {
            return "allow no new privileges";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("setpriv --no-new-privs");
        }
    }

    record LoadSeccomp(SeccompProgram program) implements IdentityOperation {
        @Override
        public String text() {
            return "load a system call filter of " + program.count() + " instructions";
        }
    }

    /** As {@link LoadSeccomp}, for a filter that asks an agent: waits until the monitor has taken its listener (seccomp_unotify(2)). */
    record LoadListened(SeccompProgram program) implements IdentityOperation {
        @Override
        public String text() {
            return "load a system call filter of " + program.count() + " instructions and hand over its listener";
        }
    }

    /** The label that the program gets when it starts: {@code module} is apparmor or selinux. */
    record Label(String module, String label) implements IdentityOperation {
        @Override
        public String text() {
            return "confine with " + module + " \"" + label + "\"";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of(module.equals("apparmor") ? "aa-exec -p " + label : "runcon " + label);
        }
    }
}
