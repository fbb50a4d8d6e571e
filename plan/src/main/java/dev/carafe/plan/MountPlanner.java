package dev.carafe.plan;

import dev.carafe.base.Fault;
import dev.carafe.oci.runtime.Device;
import dev.carafe.oci.runtime.Linux;
import dev.carafe.oci.runtime.Mount;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Spec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The container's file tree, from the first mount to the last read-only path, and the names that live in its namespaces. */
final class MountPlanner {
    private static final String LINUX = "runtime-spec config-linux.md#";
    private static final String CONFIG = "runtime-spec config.md#";
    private static final List<String> IPC_SYSCTLS = List.of("kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall",
            "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced");

    private final Spec spec;
    private final Linux linux;
    private final Launch launch;
    private final HostFacts host;
    private final Map<Namespace.Type, Optional<String>> namespaces;

    MountPlanner(Spec spec, Linux linux, Launch launch, HostFacts host, Map<Namespace.Type, Optional<String>> namespaces) {
        this.spec = spec;
        this.linux = linux;
        this.launch = launch;
        this.host = host;
        this.namespaces = namespaces;
    }

    /** What the mount could not be on any host, apart from what its options say. */
    static void check(Mount mount, String field) {
        Rules.text(field + ".destination", mount.destination(), CONFIG + "mounts");
        Rules.text(field + ".source", mount.source().orElse(""), CONFIG + "mounts");
        Rules.text(field + ".type", mount.type().orElse(""), CONFIG + "posix-platform-mounts");
        Rules.texts(field + ".options", mount.options(), CONFIG + "mounts");
        LinuxRules.mappings(field + ".uidMappings", mount.uidMappings());
        LinuxRules.mappings(field + ".gidMappings", mount.gidMappings());
    }

    void plan(Steps steps, HookPlanner hooks) {
        if (own()) {
            ownTree(steps, hooks);
        } else {
            othersTree(steps, hooks);
        }
        spec.hostname().ifPresent(name -> {
            needUts("hostname");
            steps.init(new ProcessOperation.Hostname(name), "hostname", CONFIG + "hostname");
        });
        spec.domainname().ifPresent(name -> {
            needUts("domainname");
            steps.init(new ProcessOperation.Domainname(name), "domainname", CONFIG + "domainname");
        });
    }

    /** Whether the container has a mount namespace that is new. */
    boolean own() {
        return namespaces.containsKey(Namespace.Type.MOUNT) && namespaces.get(Namespace.Type.MOUNT).isEmpty();
    }

    /**
     * In a mount namespace of others, perhaps the host's, what they see must stay as it is: a pivot would take the root from each of them. So the tree is
     * as whoever made the namespace left it; of the bundle, only root.path counts, as with crun.
     */
    private void othersTree(Steps steps, HookPlanner hooks) {
        if (!(launch.root() instanceof Launch.Root.Directory directory)) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "plan", "linux.namespaces", "a mount namespace of others has no place for the layers of an image")
                    .hint("leave the path out");
        }
        hooks.beforePivot(steps);
        steps.init(new MountOperation.ChangeRoot(directory.path()), "root.path, in a mount namespace of others", CONFIG + "root");
    }

    private void ownTree(Steps steps, HookPlanner hooks) {
        sharedSources(steps);
        var propagation = linux.rootfsPropagation().map(word -> MountOptions.Propagation.parse(word).orElseThrow(
                () -> Fault.invalid("config.json", "linux.rootfsPropagation", "unknown propagation \"" + word + "\" (" + LINUX
                        + "rootfs-mount-propagation)"))).orElse(MountOptions.Propagation.RPRIVATE);
        steps.init(new MountOperation.Propagation("/", switch (propagation) {
            case PRIVATE, RPRIVATE, UNBINDABLE, RUNBINDABLE -> MountOptions.Propagation.RPRIVATE;
            case SLAVE, RSLAVE, SHARED, RSHARED -> MountOptions.Propagation.RSLAVE;
        }), "nothing mounted here shows on the host", "mount_namespaces(7)");
        Launch.Root root = launch.root();
        if (root instanceof Launch.Root.Overlay o) {
            steps.init(new MountOperation.OverlayRoot(o.lower(), o.upper(), o.work(), o.options(),
                    o.mountpoint()), "the image's layers, and the container's own on top", "the kernel's overlayfs document");
        } else if (root instanceof Launch.Root.Volatile v) {
            steps.init(new MountOperation.VolatileRoot(v.lower(), v.mountpoint()),
                    "the directory stays as it is", "the kernel's overlayfs document");
        } else if (root instanceof Launch.Root.Directory d) {
            steps.init(new MountOperation.BindRoot(d.path()), "root.path", CONFIG + "root");
        } else {
            throw new MatchException(String.valueOf(root), null);
        }
        for (int k = 0; k < spec.mounts().size(); k++) {
            mount(steps, spec.mounts().get(k), "mounts[" + k + "]");
        }
        devices(steps);
        if (mounts("/dev").isPresent() && isReadonlyDev(mounts("/dev").get())) {
            if (spec.process().orElseThrow().terminal()) {
                steps.init(new MountOperation.MakePlace(Optional.of("/dev/null"), "/dev/console"), "process.terminal, in a /dev that becomes read-only", CONFIG + "process");
            }
            steps.init(new MountOperation.Remount("/dev", MountOptions.parse(List.of("ro"))), "mounts[\"/dev\"], now that its devices and the mounts in it are made",
                    CONFIG + "mounts");
        }
        // Hooks before the pivot find all mounts done; what they make, such as a network device, may have parameters to be set.
        hooks.beforePivot(steps);
        for (Map.Entry<String, String> sysctl : linux.sysctl().entrySet()) {
            sysctl(steps, sysctl.getKey(), sysctl.getValue());
        }
        String cwd = spec.process().orElseThrow().cwd();
        if (!cwd.equals("/")) {
            steps.init(new MountOperation.MakeDirectory(cwd), "process.cwd", CONFIG + "process");
        }
        for (String path : linux.readonlyPaths()) {
            steps.init(new MountOperation.MakeReadonly(path), "linux.readonlyPaths", LINUX + "readonly-paths");
        }
        for (String path : new LinkedHashSet<>(linux.maskedPaths())) {
            steps.init(new MountOperation.Mask(path), "linux.maskedPaths", LINUX + "masked-paths");
        }
        if (launch.caller().isEmpty() || launch.caller().get().pivot()) {
            steps.init(new MountOperation.PivotRoot(), "the host's files are out of reach", "pivot_root(2)");
        } else {
            steps.init(new MountOperation.MoveRoot(), "an initial ramdisk cannot be pivoted away", "pivot_root(2)");
        }
        if (spec.root().isPresent() && spec.root().get().readonly()) {
            steps.init(new MountOperation.ReadonlyRoot(), "root.readonly", CONFIG + "root");
        }
        if (propagation == MountOptions.Propagation.SHARED || propagation == MountOptions.Propagation.RSHARED
                || propagation == MountOptions.Propagation.UNBINDABLE || propagation == MountOptions.Propagation.RUNBINDABLE) {
            steps.init(new MountOperation.Propagation("/", propagation), "linux.rootfsPropagation", LINUX + "rootfs-mount-propagation");
        }
    }

    /** A bind that stays connected with the host must be taken before this namespace cuts its ties; one of another process, from there. */
    private void sharedSources(Steps steps) {
        for (Mount mount : spec.mounts()) {
            MountOptions options = MountOptions.parse(mount.options());
            if (!isBind(mount, options) || options.idMap() != MountOptions.IdMap.NONE || !mount.uidMappings().isEmpty()) {
                continue;
            }
            if (MountOperation.TakeForeign.isForeign(mount.source().orElse(""))) {
                steps.init(new MountOperation.TakeForeign(source(mount), options.recursive()),
                        "mounts[\"" + mount.destination() + "\"].source", "open_tree(2), setns(2)");
            } else if (options.staysConnected()) {
                steps.init(new MountOperation.TakeSource(source(mount), options.recursive()),
                        "mounts[].options: " + options.propagation().orElseThrow().word(), "mount_namespaces(7)");
            }
        }
    }

    private static boolean isBind(Mount mount, MountOptions options) {
        return options.bind() || mount.type().orElse("").equals("bind");
    }

    /** Absolute, or relative to the bundle. */
    private String source(Mount mount) {
        String source = mount.source().filter(text -> !text.isEmpty()).orElseThrow(() -> Fault.invalid("config.json",
                "mounts[" + spec.mounts().indexOf(mount) + "].source", "a bind needs the path of what it shows (" + CONFIG + "mounts)"));
        return source.startsWith("/") ? source : launch.bundle() + "/" + source;
    }

    /** Absolute within the container, without detours; relative ones are meant from its root (they are deprecated). */
    private static String destination(Mount mount, String field) {
        String path = withoutDetours(mount.destination());
        if (path.equals("/")) {
            throw Fault.invalid("config.json", field + ".destination", "\"" + mount.destination() + "\" is the container's root, which a mount would hide ("
                    + CONFIG + "mounts)");
        }
        return path;
    }

    private static String withoutDetours(String destination) {
        var path = new ArrayList<String>();
        for (String part : destination.split("/")) {
            if (part.equals("..")) {
                if (!path.isEmpty()) {
                    path.removeLast();
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                path.add(part);
            }
        }
        return "/" + String.join("/", path);
    }

    /** Binds with a map of ids, which are taken hold of before there is an init. */
    void mapped(Steps steps) {
        for (int k = 0; k < spec.mounts().size(); k++) {
            Mount mount = spec.mounts().get(k);
            if (mount.options().contains("idmap") || mount.options().contains("ridmap") || !mount.uidMappings().isEmpty()) {
                mapped(steps, mount, "mounts[" + k + "]");
            }
        }
    }

    private void mapped(Steps steps, Mount mount, String field) {
        MountOptions options = MountOptions.parse(mount.options());
        if (!isBind(mount, options)) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "config.json", field + ".options", "only a bind can have a map of ids here (" + CONFIG + "linux-mount-options)");
        }
        boolean own = !mount.uidMappings().isEmpty();
        Optional<String> users = own ? Optional.empty() : namespaces.getOrDefault(Namespace.Type.USER, Optional.empty());
        if (!own && !namespaces.containsKey(Namespace.Type.USER)) {
            throw Fault.invalid("config.json", field + ".options", "idmap needs uidMappings and gidMappings, or a user namespace of the container ("
                    + CONFIG + "linux-mount-options)");
        }
        steps.monitor(new MountOperation.TakeMapped(source(mount), destination(mount, field), options.recursive(),
                options.idMap() == MountOptions.IdMap.NONE ? MountOptions.IdMap.SINGLE : options.idMap(), options.staysConnected(),
                own ? mount.uidMappings() : linux.uidMappings(), own ? mount.gidMappings() : linux.gidMappings(), users), field + ".uidMappings, gidMappings",
                CONFIG + "linux-mount-options");
    }

    private Optional<Mount> mounts(String destination) {
        for (Mount mount : spec.mounts()) {
            if (mount.destination().equals(destination)) {
                return Optional.of(mount);
            }
        }
        return Optional.empty();
    }

    /** What is made in a container's own /dev is made before it becomes read-only. */
    private static boolean isReadonlyDev(Mount mount) {
        MountOptions options = MountOptions.parse(mount.options());
        return mount.type().orElse("").equals("tmpfs") && (options.set() & MountOptions.READONLY) != 0 && !options.remount() && !options.bind();
    }

    private void mount(Steps steps, Mount mount, String field) {
        MountOptions given = MountOptions.parse(mount.options());
        MountOptions options = mount.destination().equals("/dev") && isReadonlyDev(mount) ? given.writable() : given;
        String why = "mounts[\"" + mount.destination() + "\"]";
        String destination = destination(mount, field);
        if (options.remount()) {
            steps.init(new MountOperation.Remount(destination, options), why, CONFIG + "linux-mount-options");
            return;
        }
        if (isBind(mount, options)) {
            steps.init(new MountOperation.Bind(source(mount), destination, mount.uidMappings().isEmpty() || options.idMap() != MountOptions.IdMap.NONE
                    ? options : options.mapped()), why, CONFIG + "mounts");
            return;
        }
        String type = mount.type().filter(text -> !text.isEmpty()).orElseThrow(() -> Fault.invalid("config.json", field + ".type",
                "required, since options have neither bind nor rbind (" + CONFIG + "posix-platform-mounts)"));
        if (options.copyUp() && !type.equals("tmpfs")) {
            throw Fault.invalid("config.json", field + ".options", "tmpcopyup is for a tmpfs, not for " + type + " (" + CONFIG + "linux-mount-options)");
        }
        if (type.equals("cgroup") || type.equals("cgroup2")) {
            cgroups(steps, destination, options, why);
        } else {
            steps.init(new MountOperation.Filesystem(type, mount.source().filter(text -> !text.isEmpty()).orElse(type), destination, labelled(type, options)),
                    why, CONFIG + "mounts");
        }
    }

    /** With the context of linux.mountLabel, where the file system takes one: those of the kernel itself have labels of their own. */
    private MountOptions labelled(String type, MountOptions options) {
        Optional<String> label = linux.mountLabel().filter(text -> !text.isEmpty());
        if (label.isEmpty() || !BundleRules.labelsMounts(host) || type.equals("proc") || type.equals("sysfs") || type.equals("mqueue")) {
            return options;
        }
        return options.with("context=" + label.get());
    }

    private void cgroups(Steps steps, String destination, MountOptions options, String why) {
        String own = linux.cgroupsPath().orElse("");
        Cgroups cgroups = host.cgroups();
        boolean ownView = namespaces.containsKey(Namespace.Type.CGROUP);
        if (cgroups.onlyV2()) {
            String directory = cgroups.v2().orElseThrow().mountpoint() + own;
            steps.init(ownView ? new MountOperation.Filesystem("cgroup2", "cgroup2", destination, options)
                    : new MountOperation.Bind(directory, destination, options), why, "cgroups(7)");
            return;
        }
        var hierarchies = new ArrayList<MountOperation.CgroupTree.Hierarchy>();
        var aliases = new ArrayList<MountOperation.CgroupTree.Alias>();
        for (Cgroups.V1 hierarchy : cgroups.v1()) {
            hierarchies.add(new MountOperation.CgroupTree.Hierarchy(hierarchy.name(), hierarchy.mountpoint() + own));
            if (hierarchy.controllers().size() > 1) {
                hierarchy.controllers().forEach(c -> aliases.add(new MountOperation.CgroupTree.Alias(c, hierarchy.name())));
            }
        }
        cgroups.v2().ifPresent(v2 -> hierarchies.add(new MountOperation.CgroupTree.Hierarchy(
                v2.mountpoint().substring(v2.mountpoint().lastIndexOf('/') + 1), v2.mountpoint() + own)));
        steps.init(new MountOperation.CgroupTree(destination, List.copyOf(hierarchies), List.copyOf(aliases), options), why, "cgroups(7)");
    }

    /** The default devices, where /dev is the container's own and the bundle has no others in their place, and those of the bundle. */
    private void devices(Steps steps) {
        Optional<Mount> dev = mounts("/dev");
        boolean own = dev.isPresent() && !isBind(dev.get(), MountOptions.parse(dev.get().options()));
        if (own) {
            for (MountOperation.MakeDevice device : DEFAULT_DEVICES) {
                if (linux.devices().stream().noneMatch(d -> d.path().equals(device.destination()))) {
                    steps.init(device, "default device", LINUX + "default-devices");
                }
            }
            for (MountOperation.MakeLink link : DEFAULT_LINKS) {
                steps.init(link, "default link", "runtime-spec runtime-linux.md#dev-symbolic-links");
            }
            if (mounts("/dev/pts").isPresent()) {
                steps.init(new MountOperation.MakeLink("/dev/ptmx", "pts/ptmx"), "default device", LINUX + "default-devices");
            }
        }
        for (Device device : linux.devices()) {
            String path = withoutDetours(device.path());
            if (own && path.equals("/dev/ptmx") && mounts("/dev/pts").isPresent()) {
                // Whoever passes all devices of a host on passes this one too, and the container's is the one of its own devpts.
                continue;
            }
            steps.init(new MountOperation.MakeDevice(path, device.type().toString().charAt(0), device.major(), device.minor(),
                    device.fileMode().orElse(0666) & 07777, device.uid().orElse(0L), device.gid().orElse(0L)), "linux.devices", LINUX + "devices");
        }
    }

    private static final List<MountOperation.MakeDevice> DEFAULT_DEVICES = List.of(character("null", 1, 3), character("zero", 1, 5),
            character("full", 1, 7), character("random", 1, 8), character("urandom", 1, 9), character("tty", 5, 0));
    private static final List<MountOperation.MakeLink> DEFAULT_LINKS = List.of(new MountOperation.MakeLink("/dev/fd", "/proc/self/fd"),
            new MountOperation.MakeLink("/dev/stdin", "/proc/self/fd/0"), new MountOperation.MakeLink("/dev/stdout", "/proc/self/fd/1"),
            new MountOperation.MakeLink("/dev/stderr", "/proc/self/fd/2"));

    private static MountOperation.MakeDevice character(String name, int major, int minor) {
        return new MountOperation.MakeDevice("/dev/" + name, 'c', major, minor, 0666, 0, 0);
    }

    /** Only parameters of a namespace that the container does not share with the host may be set. */
    private void sysctl(Steps steps, String key, String value) {
        String dotted = key.replace('/', '.');
        Namespace.Type type = dotted.startsWith("net.") ? Namespace.Type.NETWORK
                : dotted.startsWith("fs.mqueue.") || IPC_SYSCTLS.contains(dotted) ? Namespace.Type.IPC
                : dotted.equals("kernel.domainname") || dotted.equals("kernel.hostname") ? Namespace.Type.UTS : null;
        if (type == null || dotted.contains("..")) {
            throw Fault.invalid("config.json", "linux.sysctl[\"" + key + "\"]", "it belongs to the whole machine, not to a namespace (" + LINUX + "sysctl)");
        }
        Optional<String> name = dotted.equals("kernel.hostname") ? Optional.of("hostname") : dotted.equals("kernel.domainname")
                && !spec.domainname().orElse(value).equals(value) ? Optional.of("domainname") : Optional.empty();
        if (name.isPresent()) {
            throw Fault.invalid("config.json", "linux.sysctl[\"" + key + "\"]", "it conflicts with " + name.get() + ", which names the container (" + CONFIG
                    + name.get() + ")");
        }
        if (!namespaces.containsKey(type)) {
            throw Fault.invalid("config.json", "linux.sysctl[\"" + key + "\"]", "the container shares the host's " + type + " namespace (" + LINUX + "sysctl)");
        }
        steps.init(new MountOperation.Sysctl(dotted, value), "linux.sysctl", LINUX + "sysctl");
    }

    private void needUts(String field) {
        if (!namespaces.containsKey(Namespace.Type.UTS)) {
            throw Fault.invalid("config.json", field, "the container shares the host's uts namespace (" + CONFIG + field + ")");
        }
    }
}
