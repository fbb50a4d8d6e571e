package dev.carafe.plan;

import dev.carafe.oci.runtime.Linux;
import dev.carafe.oci.runtime.Mount;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Process;
import dev.carafe.oci.runtime.Spec;
import java.util.List;
import java.util.Optional;

/**
 * Plans about CRIU (criu(8)), the program that saves the processes of a container and brings them back. It serves one request over a socket; who asks is not
 * in the plan. What it brings back is its sibling, so that a container is the performer's child whether it was started or restored.
 */
public final class CheckpointPlanner {
    private static final String SOURCE = "criu(8) swrk";

    private CheckpointPlanner() {
    }

    /**
     * How CRIU is started.
     *
     * @param path of its program, or a name to be sought along PATH of the environment
     * @param environment for it, since it runs other programs
     * @param socket where the one who asks listens
     * @param files that it finds open from descriptor 4 on: directories, and namespaces of the container that exist already
     */
    public record Criu(String path, List<String> environment, String socket, List<String> files) {
        public Criu {
            environment = List.copyOf(environment);
            files = List.copyOf(files);
        }
    }

    /** The plan that saves: CRIU serves and ends, and the container is left to it. */
    public static Plan save(Criu criu) {
        var steps = new Steps();
        steps.monitor(new MonitorOperation.TakeStreams(0, 0), "standard streams", "fchown(2)");
        steps.monitor(new NamespaceOperation.CloneInit(List.of(), Optional.empty(), Optional.empty()), "the process to be CRIU", "clone(2)");
        steps.init(new ProcessOperation.NewSession(), "signals to the caller are not CRIU's", "setsid(2)");
        serve(steps, criu);
        steps.monitor(new MonitorOperation.AwaitExecute(), "a program that is missing is told of", "execve(2)");
        steps.monitor(new MonitorOperation.Report(), "the caller waits for it", "pipe(7)");
        steps.monitor(new MonitorOperation.AwaitEnd(false), "nothing of CRIU stays", "waitid(2)");
        steps.monitor(new MonitorOperation.Leave(), "all is saved", SOURCE);
        steps.after(new MonitorOperation.EndInit(), "nothing of CRIU stays", "pidfd_send_signal(2)");
        return steps.plan();
    }

    /**
     * The plan that brings a container back. CRIU serves in the container's groups, which those that it brings back inherit, with the container's root
     * where it wants it: a mount of its own, whose parent no other mount covers.
     *
     * @param spec the bundle; its process counts only for the streams
     * @param rootfs the root directory on the host
     * @param place an empty directory on the host, where CRIU will find the root
     * @param launch the caller's gate is where the number of the process that came back is told, in four bytes
     */
    public static Plan restore(Spec spec, String rootfs, String place, Criu criu, Launch launch, HostFacts host) {
        Linux linux = spec.linux().orElseGet(() -> Linux.builder().build());
        Process process = spec.process().orElseThrow();
        Launch.Caller caller = launch.caller().orElseThrow();
        var steps = new Steps();
        var cgroups = new CgroupPlanner(linux, host);
        cgroups.make(steps);
        steps.monitor(new MonitorOperation.TakeStreams(process.terminal() ? 0 : caller.pipes(), process.user().uid()), "standard streams", "fchown(2)");
        steps.monitor(new MonitorOperation.OpenGate(caller.gate().orElseThrow()), "whom CRIU brings back is told there", "fifo(7)");
        steps.monitor(new NamespaceOperation.CloneInit(List.of(), cgroups.birthplace(), Optional.empty()), "the process to be CRIU", "clone(2)");
        cgroups.join(steps);
        steps.init(new ProcessOperation.NewSession(), "the caller's terminal is not the container's", "setsid(2)");
        steps.init(new NamespaceOperation.Unshare(Namespace.Type.MOUNT), "what CRIU needs mounted shows nowhere else", "mount_namespaces(7)");
        steps.init(new MountOperation.Propagation("/", MountOptions.Propagation.RSLAVE), "nothing mounted here shows on the host", "mount_namespaces(7)");
        steps.init(new MountOperation.PlaceRoot(rootfs, place), "CRIU wants a mount of its own for the root", "criu(8) --root");
        for (int k = 0; k < spec.mounts().size(); k++) {
            Mount mount = spec.mounts().get(k);
            String type = mount.type().orElse("");
            if (type.equals("cgroup") || type.equals("cgroup2") || onTmpfs(mount.destination(), spec.mounts())) {
                continue;
            }
            Optional<String> bound = type.equals("bind") || MountOptions.parse(mount.options()).bind() ? mount.source() : Optional.empty();
            steps.init(new MountOperation.MakePlace(bound.map(source -> source.startsWith("/") ? source : launch.bundle() + "/" + source),
                    mount.destination().startsWith("/") ? mount.destination() : "/" + mount.destination()), "mounts[" + k + "]",
                    "CRIU mounts, and makes no place for it");
        }
        steps.init(new ProcessOperation.Inherit(true, 0, 0), "standard streams", "dup(2)");
        serve(steps, criu);
        steps.monitor(new MonitorOperation.AwaitExecute(), "a program that is missing is told of", "execve(2)");
        steps.monitor(new MonitorOperation.AwaitEnd(true), "CRIU ends when all is back", "waitid(2)");
        steps.monitor(new MonitorOperation.Adopt(), "init is whom CRIU brought back", SOURCE);
        if (caller.pidfd().isPresent()) {
            steps.monitor(new MonitorOperation.SendPidfd(caller.pidfd().get()), "the caller can wait for it", "pidfd_open(2)");
        }
        steps.monitor(new MonitorOperation.Report(), "the caller waits for it", "pipe(7)");
        if (caller.foreground()) {
            steps.monitor(new MonitorOperation.Watch(false, false, launch.session()), "until it ends", "waitid(2)");
        }
        steps.monitor(new MonitorOperation.Leave(), "the container is its caller's", "runtime-spec runtime.md#lifecycle");
        steps.after(new MonitorOperation.EndInit(), "a restore that failed leaves nothing", "pidfd_send_signal(2)");
        cgroups.remove(steps);
        return steps.plan();
    }

    private static void serve(Steps steps, Criu criu) {
        steps.init(new ProcessOperation.Connect(criu.socket(), criu.files()), "whoever asks listens there", SOURCE);
        steps.init(new ProcessOperation.Execute(Programs.candidates(criu.path(), criu.environment()), List.of(criu.path(), "swrk", "3"), criu.environment(),
                Optional.empty()), "it does the work", SOURCE);
    }

    /** CRIU brings back what is in a tmpfs, places for mounts too. */
    private static boolean onTmpfs(String destination, List<Mount> mounts) {
        for (Mount mount : mounts) {
            if (mount.type().orElse("").equals("tmpfs") && destination.startsWith(mount.destination() + "/")) {
                return true;
            }
        }
        return false;
    }
}
