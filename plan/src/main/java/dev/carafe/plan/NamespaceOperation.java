package dev.carafe.plan;

import dev.carafe.oci.runtime.IdMapping;
import dev.carafe.oci.runtime.Namespace;
import java.util.List;
import java.util.Optional;

/** Namespaces: namespaces(7), clone(2), setns(2), user_namespaces(7). */
public sealed interface NamespaceOperation extends Operation {
    /**
     * Clones the process that becomes the container's init.
     *
     * @param namespaces the kinds that are new for it
     * @param cgroup the version 2 group that it is born into; empty: that of the monitor
     * @param users the user namespace at a path that it is born into, and that owns the new ones; empty: that of the monitor, or a new one
     */
    record CloneInit(List<Namespace.Type> namespaces, Optional<String> cgroup, Optional<String> users) implements NamespaceOperation {
        public CloneInit(List<Namespace.Type> namespaces, Optional<String> cgroup) {
            this(namespaces, cgroup, Optional.empty());
        }

        @Override
        public String text() {
            return "clone init" + users.map(path -> " in user namespace \"" + path + "\"").orElse("") + (namespaces.isEmpty() ? "" : " with new " + words()) + cgroup.map(c -> " in cgroup \"" + c + "\"").orElse("");
        }

        private String words() {
            var words = new StringBuilder();
            for (Namespace.Type type : namespaces) {
                words.append(words.isEmpty() ? "" : ", ").append(type);
            }
            return words.append(namespaces.size() == 1 ? " namespace" : " namespaces").toString();
        }

        @Override
        public Optional<String> shell() {
            var command = new StringBuilder(users.map(path -> "nsenter --user=" + path + " ").orElse("")).append("unshare --fork");
            for (Namespace.Type type : namespaces) {
                command.append(" --").append(type == Namespace.Type.NETWORK ? "net" : type.toString());
            }
            return Optional.of(command.toString());
        }
    }

    /** Joins the namespace that a host path names. */
    record Join(Namespace.Type type, String path) implements NamespaceOperation {
        @Override
        public String text() {
            return "join " + type + " namespace \"" + path + "\"";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("nsenter --" + (type == Namespace.Type.NETWORK ? "net" : type.toString()) + "=" + path);
        }
    }

    /**
     * Joins namespaces of a running process, named by its process id as the monitor sees it. Joining a pid namespace concerns
     * the children to come, so the monitor does that; the rest is for init (setns(2) with a pidfd, Linux 5.8).
     */
    record JoinProcess(int pid, List<Namespace.Type> types) implements NamespaceOperation {
        @Override
        public String text() {
            var words = new StringBuilder();
            for (Namespace.Type type : types) {
                words.append(words.isEmpty() ? "" : ", ").append(type);
            }
            return types.isEmpty() ? "take hold of process " + pid : "join " + words + (types.size() == 1 ? " namespace" : " namespaces") + " of process " + pid;
        }

        @Override
        public Optional<String> shell() {
            var command = new StringBuilder("nsenter -t ").append(pid);
            for (Namespace.Type type : types) {
                command.append(" --").append(type == Namespace.Type.NETWORK ? "net" : type.toString());
            }
            return Optional.of(command.toString());
        }
    }

    /** Leaves the namespace of that kind for a new one, without a new process. */
    record Unshare(Namespace.Type type) implements NamespaceOperation {
        @Override
        public String text() {
            return "unshare " + type + " namespace";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("unshare --" + type);
        }
    }

    /** Children to come are in the caller's own namespaces again, which for these kinds may differ from those of its children. */
    record Leave(List<Namespace.Type> types) implements NamespaceOperation {
        @Override
        public String text() {
            var words = new StringBuilder();
            for (Namespace.Type type : types) {
                words.append(words.isEmpty() ? "" : ", ").append(type);
            }
            return "return to the own " + words + (types.size() == 1 ? " namespace" : " namespaces");
        }
    }

    /** Brings up the loopback interface, which in a new network namespace is down (netdevice(7)). */
    record RaiseLoopback() implements NamespaceOperation {
        @Override
        public String text() {
            return "bring up the loopback interface";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("ip link set lo up");
        }
    }

    /** Writes the id maps of init's user namespace, on its behalf. */
    record MapIds(List<IdMapping> uids, List<IdMapping> gids) implements NamespaceOperation {
        @Override
        public String text() {
            return "map user ids " + lines(uids) + " and group ids " + lines(gids);
        }

        /** One map in the form that /proc/PID/uid_map takes, entries parted by a comma. */
        static String lines(List<IdMapping> map) {
            var text = new StringBuilder();
            for (IdMapping m : map) {
                text.append(text.isEmpty() ? "" : ", ").append(m.containerId()).append(' ').append(m.hostId()).append(' ').append(m.size());
            }
            return text.toString();
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("echo '" + lines(uids) + "' > /proc/$init/uid_map; echo '" + lines(gids) + "' > /proc/$init/gid_map");
        }
    }

    /** Init waits until the monitor has written its id maps. */
    record AwaitIds() implements NamespaceOperation {
        @Override
        public String text() {
            return "wait for the id maps";
        }
    }

    /**
     * Moves a network device of the host into init's network namespace, brings it up there, and gives it its addresses again, which the move takes
     * (rtnetlink(7)).
     *
     * @param name what it is called there; a {@code %d} in it becomes a number that makes the name unique
     * @param namespace the network namespace that init will join; empty: the one that it has
     * @param addresses with the length of their prefix, such as {@code 192.0.2.1/24}
     */
    record MoveDevice(String device, String name, Optional<String> namespace, List<String> addresses) implements NamespaceOperation {
        @Override
        public String text() {
            return "move network device \"" + device + "\" into the container" + (name.equals(device) ? "" : " as \"" + name + "\"")
                    + (addresses.isEmpty() ? "" : " with " + String.join(", ", addresses));
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("ip link set " + device + " netns " + namespace.orElse("$init") + " name " + name + " up");
        }
    }

    /** Init becomes root of the user namespace that it was born into. */
    record BecomeRoot() implements NamespaceOperation {
        @Override
        public String text() {
            return "become root of its user namespace";
        }
    }

    /** Sets the offset of a clock in the time namespace of the children to come (time_namespaces(7)). */
    record OffsetClock(String clock, long seconds, long nanoseconds) implements NamespaceOperation {
        @Override
        public String text() {
            return "offset clock " + clock + " by " + seconds + " s " + nanoseconds + " ns";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("echo '" + clock + " " + seconds + " " + nanoseconds + "' > /proc/self/timens_offsets");
        }
    }
}
