package dev.carafe.engine;

import dev.carafe.base.ContainerId;
import dev.carafe.base.Fault;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.runtime.Linux;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Process;
import dev.carafe.oci.runtime.Root;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.oci.runtime.User;
import dev.carafe.plan.Capability;
import dev.carafe.plan.HostFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a container's bundle out of what its user asked for, what its image says and what is around it, as docker's engine does
 * for its runtime.
 *
 * <p>Pure: the same arguments give the same bundle. What an option asks for and cannot be had is a fault of kind {@code
 * UNSUPPORTED} that names the option; nothing is left out silently. What a bundle does not hold (restart policy, log driver,
 * health check, runtime, removal) is for those who keep the container.
 */
public final class Specifier {
    /** The cgroup that those of containers are made in, unless another is named. */
    public static final String CGROUP_PARENT = "/carafe";

    private Specifier() {}

    /**
     * The bundle of a container that is about to start.
     *
     * @param image the {@code config} of its image
     * @param account whom it runs as
     */
    public static Spec specify(ContainerOptions options, ContainerConfig image, ContainerId id, Account account, HostFacts host,
            Surroundings around) {
        List<Namespace> namespaces = NamespaceChoice.of(options, around, host);
        List<String> bounding = CapabilityChoice.bounding(options.security(), host);
        boolean init = hasInit(options);
        MountChoice mounts = MountChoice.of(options, image, init, host, around);
        HiddenPaths hidden = HiddenPaths.of(options.security(), around.maskedPaths());
        boolean sharesUts = options.namespaces().uts() instanceof NamespaceMode.Host;
        Linux linux = Linux.builder().namespaces(namespaces).cgroupsPath(cgroupsPath(options, id))
                .resources(ResourceChoice.of(options, around)).devices(ResourceChoice.devices(options.security(), around))
                .sysctl(sysctls(options, host)).seccomp(Confinement.seccomp(options.security(), bounding, host))
                .rootfsPropagation(mounts.rootPropagation()).maskedPaths(hidden.masked()).readonlyPaths(hidden.readonly()).build();
        return Spec.builder().process(process(options, image, id, account, host, around, bounding, init))
                .root(new Root("rootfs", options.readOnly()))
                .hostname(sharesUts ? Optional.empty() : Optional.of(hostname(options, id, around)))
                .domainname(options.network().domainname().filter(name -> !name.isEmpty()))
                .mounts(mounts.mounts()).annotations(options.annotations()).linux(linux).build();
    }

    private static Process process(ContainerOptions options, ContainerConfig image, ContainerId id, Account account, HostFacts host,
            Surroundings around, List<String> bounding, boolean init) {
        ProcessOptions process = options.process();
        var arguments = new ArrayList<String>();
        if (init) {
            arguments.addAll(List.of(MountChoice.INIT, "--init"));
        }
        arguments.addAll(CommandLine.of(process, image).arguments());
        return Process.builder().terminal(options.streams().tty()).user(user(account)).args(arguments)
                .env(Variables.of(hostname(options, id, around), options.streams().tty(), Variables.configured(process, image), around.secrets().assignments(),
                        account.home()))
                .cwd(directory(process.workingDirectory().or(image::workingDir))).capabilities(CapabilityChoice.of(bounding, account.uid()))
                .rlimits(options.limits().ulimits()).noNewPrivileges(options.security().noNewPrivileges().orElse(false))
                .apparmorProfile(Confinement.apparmor(options.security())).selinuxLabel(Confinement.selinux(options.security(), host))
                .oomScoreAdj(oomScore(options, host)).build();
    }

    /**
     * A further process in a running container.
     *
     * @param options what the container was made with
     * @param image the {@code config} of its image
     * @param container its bundle
     * @param account whom the new process runs as
     */
    public static Process exec(ExecOptions exec, ContainerOptions options, ContainerConfig image, Spec container, Account account,
            HostFacts host) {
        Process first = container.process().orElseThrow(() -> Fault.invalid("config.json", "process", "the container has none"));
        if (exec.command().isEmpty()) {
            throw Fault.invalid("exec", "container", "no exec command specified");
        }
        List<String> bounding = exec.privileged() ? CapabilityChoice.everything(host)
                : first.capabilities().map(sets -> sets.bounding()).orElse(List.of());
        String hostname = "";
        for (String variable : first.env()) {
            if (variable.startsWith("HOSTNAME=")) {
                hostname = variable.substring("HOSTNAME=".length());
            }
        }
        return first.toBuilder().terminal(exec.streams().tty()).user(user(account)).args(exec.command())
                .env(Variables.of(hostname, exec.streams().tty(), Variables.configured(options.process(), image), exec.environment(),
                        account.home()))
                .cwd(exec.workingDirectory().isPresent() ? directory(exec.workingDirectory()) : first.cwd())
                .capabilities(CapabilityChoice.of(bounding, account.uid())).build();
    }

    /** What the container is called: by its user, by whom it shares the network with, or by its id. */
    public static String hostname(ContainerOptions options, ContainerId id, Surroundings around) {
        Optional<String> given = options.network().hostname().filter(name -> !name.isEmpty());
        boolean sharesUts = options.namespaces().uts() instanceof NamespaceMode.Host;
        if (given.isPresent() && sharesUts) {
            throw Fault.invalid("conflicting options", "", "hostname and the UTS mode");
        }
        NamespaceMode mode = options.network().mode();
        if (mode instanceof NamespaceMode.Container) {
            if (given.isPresent()) {
                throw Fault.invalid("conflicting options", "", "hostname and the network mode");
            }
            return around.sharedName();
        }
        boolean shared = mode instanceof NamespaceMode.Host
                || sharesUts && !(mode instanceof NamespaceMode.Shareable) && !(mode instanceof NamespaceMode.Named);
        return given.orElseGet(() -> shared ? around.sharedName() : id.abbreviated());
    }

    /** Where the container's cgroup is in every hierarchy. */
    public static String cgroupsPath(ContainerOptions options, ContainerId id) {
        return cgroupsPath(options.cgroupParent().orElse(""), id.hex());
    }

    /** @param parent the group that it is made in; empty for the usual one */
    static String cgroupsPath(String parent, String id) {
        String given = parent.isEmpty() ? CGROUP_PARENT : parent;
        String absolute = given.startsWith("/") ? given : "/" + given;
        return (absolute.endsWith("/") ? absolute : absolute + "/") + id;
    }

    /** Docker adds its init only where the container has processes of its own; elsewhere there is one already. */
    private static boolean hasInit(ContainerOptions options) {
        return options.process().init().orElse(false) && !(options.namespaces().pid() instanceof NamespaceMode.Host)
                && !(options.namespaces().pid() instanceof NamespaceMode.Container);
    }

    /** The engine's own score is not passed on, where its privilege lets it be taken back. */
    private static Optional<Integer> oomScore(ContainerOptions options, HostFacts host) {
        return options.limits().oomScore().or(() -> host.can(Capability.SYS_RESOURCE) ? Optional.of(0) : Optional.empty());
    }

    private static User user(Account account) {
        return new User(account.uid(), account.gid(), Optional.empty(), account.additionalGids());
    }

    private static String directory(Optional<String> given) {
        String path = given.filter(text -> !text.isEmpty()).orElse("/");
        if (!path.startsWith("/")) {
            throw Fault.invalid("create", "container", "the working directory '" + path + "' is invalid, it needs to be an absolute path");
        }
        return path;
    }

    /** Docker's for a network of the container's own: any user may ping and open any port; then the user's. */
    private static Map<String, String> sysctls(ContainerOptions options, HostFacts host) {
        var sysctls = new LinkedHashMap<String, String>();
        NamespaceMode network = options.network().mode();
        if (!(network instanceof NamespaceMode.Host || network instanceof NamespaceMode.Container || network instanceof NamespaceMode.At)) {
            if (host.kernel().atLeast(4, 11)) {
                sysctls.put("net.ipv4.ip_unprivileged_port_start", "0");
            }
            sysctls.put("net.ipv4.ping_group_range", "0 2147483647");
        }
        sysctls.putAll(options.security().sysctls());
        return sysctls;
    }
}
