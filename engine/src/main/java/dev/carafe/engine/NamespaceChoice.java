package dev.carafe.engine;

import dev.carafe.base.Fault;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Namespace.Type;
import dev.carafe.plan.HostFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which namespaces a container gets for itself, joins or shares with the host (namespaces(7)). */
final class NamespaceChoice {
    private NamespaceChoice() {}

    static List<Namespace> of(ContainerOptions options, Surroundings around, HostFacts host) {
        NamespaceOptions wanted = options.namespaces();
        if (!(wanted.user() instanceof NamespaceMode.Usual || wanted.user() instanceof NamespaceMode.Host)) {
            throw unsupported("--userns", wanted.user());
        }
        var list = new ArrayList<Namespace>();
        list.add(Namespace.of(Type.MOUNT));
        choose(Type.NETWORK, "net", "--network", networkMode(options), around).ifPresent(list::add);
        choose(Type.UTS, "uts", "--uts", wanted.uts(), around).ifPresent(list::add);
        choose(Type.PID, "pid", "--pid", wanted.pid(), around).ifPresent(list::add);
        choose(Type.IPC, "ipc", "--ipc", wanted.ipc(), around).ifPresent(list::add);
        choose(Type.CGROUP, "cgroup", "--cgroupns", cgroup(options, host), around).ifPresent(list::add);
        return list;
    }

    /** What the container's network is, once what cannot be done is refused. */
    private static NamespaceMode networkMode(ContainerOptions options) {
        NetworkChoice.check(options.network());
        return options.network().mode();
    }

    /** As docker does: a container that is privileged sees the host's groups where version 1 is in use. */
    static NamespaceMode cgroup(ContainerOptions options, HostFacts host) {
        NamespaceMode wanted = options.namespaces().cgroup();
        if (!(wanted instanceof NamespaceMode.Usual)) {
            return wanted;
        }
        return options.security().privileged() && !host.cgroups().onlyV2() ? new NamespaceMode.Host() : new NamespaceMode.Private();
    }

    private static Optional<Namespace> choose(Type type, String file, String option, NamespaceMode mode, Surroundings around) {
        if (mode instanceof NamespaceMode.Usual || mode instanceof NamespaceMode.Private
                || mode instanceof NamespaceMode.Named && type == Type.NETWORK
                || mode instanceof NamespaceMode.None && (type == Type.NETWORK || type == Type.IPC)
                || mode instanceof NamespaceMode.Shareable && type == Type.IPC) {
            return Optional.of(Namespace.of(type));
        }
        if (mode instanceof NamespaceMode.Host) {
            return Optional.empty();
        }
        if (mode instanceof NamespaceMode.Container c && (type == Type.NETWORK || type == Type.IPC || type == Type.PID)) {
            Integer init = around.joined().get(c.reference());
            if (init == null) {
                throw Fault.of(Fault.Kind.CONFLICT, "join", "the " + type + " namespace of container \"" + c.reference() + "\"",
                        "the container is not running");
            }
            return Optional.of(Namespace.join(type, "/proc/" + init + "/ns/" + file));
        }
        if (mode instanceof NamespaceMode.At at && type == Type.NETWORK) {
            return Optional.of(Namespace.join(type, at.path()));
        }
        throw unsupported(option, mode);
    }

    private static Fault unsupported(String option, NamespaceMode mode) {
        return Fault.of(Fault.Kind.UNSUPPORTED, "create", option + " " + mode.word(), "not a mode of this namespace").hint("leave it out, or use host");
    }
}
