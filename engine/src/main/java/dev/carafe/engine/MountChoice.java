package dev.carafe.engine;

import dev.carafe.base.Fault;
import dev.carafe.engine.ContainerMount.Bind;
import dev.carafe.engine.ContainerMount.Recursion;
import dev.carafe.engine.ContainerMount.Relabel;
import dev.carafe.engine.ContainerMount.Tmpfs;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.runtime.Mount;
import dev.carafe.plan.HostFacts;
import dev.carafe.plan.MountOptions;
import dev.carafe.plan.MountOptions.Propagation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A container's mounts, in the order in which they are made: the kernel's own file systems, the engine's init, then what the user
 * asked for, shallow targets first, so that no mount hides one that came before it (docker's reference of {@code --volume} and
 * {@code --mount}).
 *
 * <p>A mount of the user's on the target of a usual one takes its place; one on /dev takes the place of all below it.
 *
 * @param mounts in order
 * @param rootPropagation what the root must be so that a bind can stay connected with the host
 */
record MountChoice(List<Mount> mounts, Optional<String> rootPropagation) {
    /** Where the engine's own init is in a container that has one. */
    static final String INIT = dev.carafe.plan.Launch.INIT;

    /** Docker's. */
    static final long SHM_BYTES = 64 << 20;

    private static final Set<String> TMPFS_DATA = Set.of("size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol", "huge");

    MountChoice {
        mounts = List.copyOf(mounts);
    }

    static MountChoice of(ContainerOptions options, ContainerConfig image, boolean init, HostFacts host, Surroundings around) {
        Map<String, Mount> own = own(options, image, host, around);
        var mounts = new ArrayList<Mount>();
        for (Mount usual : usual(options)) {
            boolean replaced = own.containsKey(usual.destination())
                    || own.containsKey("/dev") && usual.destination().startsWith("/dev/");
            if (!replaced) {
                mounts.add(usual);
            }
        }
        if (init) {
            mounts.add(Mount.of(INIT, "bind", host.sealedProgram(), "bind", "ro"));
        }
        var sorted = new ArrayList<>(own.values());
        sorted.sort((a, b) -> Integer.compare(depth(a.destination()), depth(b.destination())));
        mounts.addAll(sorted);
        return new MountChoice(mounts, rootPropagation(sorted));
    }

    private static int depth(String path) {
        int depth = 0;
        for (int at = 0; at < path.length(); at++) {
            depth += path.charAt(at) == '/' ? 1 : 0;
        }
        return depth;
    }

    /** Docker's list. */
    private static List<Mount> usual(ContainerOptions options) {
        boolean writable = options.security().privileged();
        var list = new ArrayList<Mount>();
        list.add(Mount.of("/proc", "proc", "proc", "nosuid", "noexec", "nodev"));
        list.add(Mount.of("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"));
        list.add(Mount.of("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"));
        list.add(readonly(Mount.of("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev"), !writable));
        list.add(readonly(Mount.of("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev"), !writable));
        list.add(Mount.of("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"));
        if (!(options.namespaces().ipc() instanceof NamespaceMode.None)) {
            list.add(Mount.of("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777",
                    "size=" + options.shmBytes().orElse(SHM_BYTES)));
        }
        return list;
    }

    private static Mount readonly(Mount mount, boolean on) {
        if (!on) {
            return mount;
        }
        var options = new ArrayList<>(mount.options());
        options.add("ro");
        return mount.toBuilder().options(options).build();
    }

    /** The container's own, by target. */
    private static Map<String, Mount> own(ContainerOptions options, ContainerConfig image, HostFacts host, Surroundings around) {
        var own = new LinkedHashMap<String, Mount>();
        for (ContainerMount wanted : options.mounts()) {
            String target = clean(wanted.target());
            Mount mount;
            if (wanted instanceof Bind bind) {
                mount = bind(bind, target, host);
            } else if (wanted instanceof ContainerMount.Volume volume) {
                mount = volume(volume, target, host, around);
            } else if (wanted instanceof Tmpfs memory) {
                mount = Mount.of(target, "tmpfs", "tmpfs").toBuilder().options(tmpfs(memory.options())).build();
            } else {
                throw new MatchException(String.valueOf(wanted), null);
            }
            if (own.put(target, mount) != null) {
                throw Fault.invalid("create", "container", "Duplicate mount point: " + target);
            }
        }
        for (String volume : image.volumes()) {
            Surroundings.Volume found = around.volumes().get(volume);
            if (found != null) {
                own.putIfAbsent(clean(volume), Mount.of(clean(volume), "bind", found.path(), "rbind", "rprivate"));
            }
        }
        sharedMemory(options.namespaces().ipc(), around).ifPresent(path ->
                own.putIfAbsent("/dev/shm", Mount.of("/dev/shm", "bind", path, "rbind", "rprivate")));
        if (!around.secrets().files().isEmpty()) {
            around.secrets().files().forEach((target, source) -> own.putIfAbsent(clean(target), Mount.of(clean(target), "bind", source, "bind", "ro", "rprivate")));
        }
        file(own, "/etc/resolv.conf", around.resolver());
        file(own, "/etc/hostname", around.hostname());
        file(own, "/etc/hosts", around.hosts());
        return own;
    }

    private static void file(Map<String, Mount> own, String target, Optional<String> source) {
        source.ifPresent(path -> own.putIfAbsent(target, Mount.of(target, "bind", path, "rbind", "rprivate")));
    }

    private static Optional<String> sharedMemory(NamespaceMode ipc, Surroundings around) {
        if (ipc instanceof NamespaceMode.Host) {
            return Optional.of("/dev/shm");
        }
        return ipc instanceof NamespaceMode.Container ? around.sharedMemory() : Optional.empty();
    }

    private static Mount bind(Bind bind, String target, HostFacts host) {
        relabel(bind.relabel(), host);
        var words = new ArrayList<String>();
        words.add(bind.recursion() == Recursion.DISABLED ? "bind" : "rbind");
        if (bind.readOnly()) {
            boolean below = host.kernel().atLeast(5, 12);
            words.add(switch (bind.recursion()) {
                case ENABLED -> below ? "rro" : "ro";
                case DISABLED, WRITABLE -> "ro";
                case READONLY -> {
                    if (!below) {
                        throw Fault.of(Fault.Kind.UNSUPPORTED, "mount", "\"" + bind.source() + "\" with bind-recursive=readonly",
                                "this kernel cannot make mounts below it read-only: it is " + host.kernel() + ", older than 5.12");
                    }
                    yield "rro";
                }
            });
        }
        words.add(bind.propagation().orElse(Propagation.RPRIVATE).word());
        return Mount.of(target, "bind", bind.source()).toBuilder().options(words).build();
    }

    private static Mount volume(ContainerMount.Volume volume, String target, HostFacts host, Surroundings around) {
        relabel(volume.relabel(), host);
        Surroundings.Volume found = around.volumes().get(volume.target());
        if (found == null) {
            throw Fault.notFound("mount", "volume \"" + volume.name().orElse(target) + "\"", "no such volume");
        }
        var words = new ArrayList<>(volume.readOnly() ? List.of("rbind", "ro", "rprivate") : List.of("rbind", "rprivate"));
        // Mount(8)'s word for a part of what is mounted.
        volume.subpath().ifPresent(part -> words.add("X-mount.subdir=" + part));
        return Mount.of(target, "bind", found.path()).toBuilder().options(words).build();
    }

    /** Without SELinux there are no labels to change. */
    private static void relabel(Relabel relabel, HostFacts host) {
        if (relabel != Relabel.NONE && host.securityModules().contains("selinux")) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "mount", "option " + (relabel == Relabel.SHARED ? "\"z\"" : "\"Z\""),
                    "changing SELinux labels is not there yet").hint("chcon -R -t container_file_t does it");
        }
    }

    /** Docker's words, then the user's; of words that contradict each other the last one stays. */
    static List<String> tmpfs(List<String> own) {
        var all = new ArrayList<>(List.of("noexec", "nosuid", "nodev", "rprivate"));
        all.addAll(own);
        var last = new LinkedHashMap<String, String>();
        for (String word : all) {
            String subject = subject(word);
            last.remove(subject);
            last.put(subject, word);
        }
        return List.copyOf(last.values());
    }

    /** What an option is about: the same for {@code exec} and {@code noexec}, for {@code size=1m} and {@code size=2m}. */
    private static String subject(String word) {
        int equals = word.indexOf('=');
        if (equals > 0 && TMPFS_DATA.contains(word.substring(0, equals))) {
            return word.substring(0, equals);
        }
        if (Propagation.parse(word).isPresent()) {
            return "propagation";
        }
        MountOptions meaning = MountOptions.parse(List.of(word));
        long bits = meaning.set() | meaning.clear() | meaning.recursiveSet() | meaning.recursiveClear();
        if (bits != 0) {
            return Long.toString(bits);
        }
        if (word.equals("defaults") || word.equals("tmpcopyup")) {
            return word;
        }
        throw Fault.invalid("invalid tmpfs option", "[\"" + word + "\"]", "not one of mount(8) for tmpfs");
    }

    private static Optional<String> rootPropagation(List<Mount> mounts) {
        Optional<String> chosen = Optional.empty();
        for (Mount mount : mounts) {
            Optional<Propagation> propagation = mount.type().filter("bind"::equals).flatMap(bind -> MountOptions.parse(mount.options()).propagation());
            if (propagation.isPresent()) {
                switch (propagation.get()) {
                    case SHARED, RSHARED -> {
                        return Optional.of("shared");
                    }
                    case SLAVE, RSLAVE -> chosen = Optional.of("rslave");
                    case PRIVATE, RPRIVATE, UNBINDABLE, RUNBINDABLE -> {
                    }
                }
            }
        }
        return chosen;
    }

    private static String clean(String target) {
        return Path.of(target).normalize().toString();
    }
}
