package dev.carafe.runtime.oci;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Fd;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.Sockets;
import dev.carafe.kernel.SystemCall;
import dev.carafe.oci.Json;
import dev.carafe.oci.runtime.Device;
import dev.carafe.oci.runtime.Linux;
import dev.carafe.oci.runtime.Mount;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.oci.runtime.State;
import dev.carafe.plan.Cgroups;
import dev.carafe.plan.CheckpointPlanner;
import dev.carafe.plan.Launch;
import dev.carafe.plan.MountOptions;
import dev.carafe.plan.Plan;
import dev.carafe.runtime.Execution;
import dev.carafe.runtime.Launcher;
import dev.carafe.runtime.Performer;
import dev.carafe.runtime.SessionStreams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Saving containers to files and bringing them back, by CRIU, as runc and crun do it and so that the files are theirs too: binds, masked files and devices are
 * for whoever restores to provide, pipes of the standard streams are connected anew, and namespaces of others must be there again.
 */
public final class Checkpoints {
    private static final String DESCRIPTORS = "descriptors.json";
    private static final String SAVE_LOG = "dump.log";
    private static final String RESTORE_LOG = "restore.log";
    private static final int O_CLOEXEC = 02000000;

    private final OciRuntime runtime;
    private final Kernel kernel;
    private final Criu criu;

    /** @param criu how CRIU is called */
    public Checkpoints(OciRuntime runtime, Criu criu) {
        this.runtime = runtime;
        this.kernel = runtime.kernel;
        this.criu = criu;
    }

    /**
     * CRIU's program.
     *
     * @param path its path, or its name
     * @param environment of the caller: it runs other programs
     */
    public record Criu(String path, List<String> environment) {
    }

    /**
     * Saves a container. What is not to be left running is gone afterwards, with its groups and state.
     *
     * @param preliminary only its memory is saved, and it runs on
     */
    public void save(OciContainer container, Checkpoint how, boolean preliminary) {
        State.Status status = container.status();
        if (status != State.Status.RUNNING && status != State.Status.PAUSED) {
            throw Fault.of(Fault.Kind.CONFLICT, "checkpoint", subject(container.id()), "container cannot be checkpointed in " + status + " state");
        }
        root("checkpoint");
        make(how);
        Spec spec = container.spec();
        if (!preliminary) {
            StateRoot.write(how.images().resolve(DESCRIPTORS), Json.compact(streams(container.pid())));
        }
        WireMessage options = how.options(SAVE_LOG).number(2, container.pid()).text(13, container.rootfs());
        how.parent().ifPresent(parent -> options.text(14, parent).number(15, 1));
        how.pageServer().ifPresent(server -> options.message(11, new WireMessage().text(1, server.host()).number(2, server.port())));
        config(options, spec);
        container.groups().flatMap(groups -> groups.directory("freezer")).ifPresent(freezer -> options.text(44, freezer.toString()));
        for (Namespace namespace : linux(spec).namespaces()) {
            if (external(namespace)) {
                options.text(37, word(namespace.type()) + "[" + inode(namespace.path().orElseThrow()) + "]:" + key(namespace));
            }
        }
        if (!preliminary) {
            for (String place : places(spec, container)) {
                options.message(23, new WireMessage().text(1, place).text(2, place));
            }
        }
        Path socket = container.directory().resolve("criu");
        Plan plan = CheckpointPlanner.save(new CheckpointPlanner.Criu(criu.path, criu.environment, socket.toString(), how.files()));
        ask(plan, container.directory().resolve("criu.plan"), socket, preliminary ? CriuService.Request.PRE_DUMP : CriuService.Request.DUMP, options,
                SessionStreams.NONE, container.id(), "checkpoint", how.logs().resolve(SAVE_LOG), (script, pid, descriptors) -> {
                    if (script.equals("status-ready")) {
                        ready(how);
                    }
                }).close();
        if (!preliminary && !how.switches().contains(Checkpoint.Switch.LEAVE_RUNNING)) {
            container.delete(true);
        }
    }

    /**
     * Brings a container back, under the id of the creation. Blocks until it runs.
     *
     * @return what is being performed, as for a creation
     */
    public Performer.Performance restore(OciRuntime.Creation creation, Checkpoint how) {
        root("restore");
        if (!Files.isDirectory(how.images())) {
            throw Fault.of(Errno.ENOENT, "restore from", "\"" + how.images() + "\"");
        }
        make(how);
        return runtime.claim(creation, (spec, directory, rootfs) -> restore(creation, how, spec, directory, rootfs));
    }

    private Performer.Performance restore(OciRuntime.Creation creation, Checkpoint how, Spec spec, Path directory, String rootfs) {
        boolean terminal = spec.process().orElseThrow().terminal();
        Launch.Caller asked = creation.caller();
        if (terminal && asked.console().isEmpty()) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "restore", subject(creation.id()), "its terminal needs somebody to hold its near side")
                    .hint("give --console-socket");
        }
        Path gate = directory.resolve(StateRoot.GATE);
        runtime.makeFifo(gate);
        Path place = directory.resolve("criu-root");
        StateRoot.makeDirectories(place);
        var caller = new Launch.Caller(creation.bundle().toString(), Optional.of(gate.toString()), Optional.empty(), asked.pidfd(), 0, asked.pipes(), 0,
                asked.keyring(), asked.pivot(), asked.foreground(), Map.of());
        var launch = new Launch(creation.id(), new Launch.Root.Directory(rootfs), directory.toString(), directory.toString(), Optional.empty(), true, false,
                creation.session(), Optional.of(caller));
        Path socket = directory.resolve("criu");
        var files = new ArrayList<>(how.files());
        WireMessage options = how.options(RESTORE_LOG).number(6, 1).number(26, 1).text(13, place.toString());
        how.profile().ifPresent(profile -> options.text(53, profile));
        how.mountContext().ifPresent(label -> options.text(63, label));
        config(options, spec);
        for (Namespace namespace : linux(spec).namespaces()) {
            if (external(namespace)) {
                options.message(27, new WireMessage().text(1, key(namespace)).number(2, Checkpoint.FIRST_FD - 2L + files.size()));
                files.add(namespace.path().orElseThrow());
            } else if (namespace.path().isPresent()) {
                options.message(39, new WireMessage().text(1, word(namespace.type())).text(2, namespace.path().get()));
            }
        }
        sources(options, spec, creation.bundle(), rootfs);
        pipes(options, how);
        linux(spec).cgroupsPath().ifPresent(path -> groups(options, path));
        Plan plan = CheckpointPlanner.restore(spec, rootfs, place.toString(),
                new CheckpointPlanner.Criu(criu.path, criu.environment, socket.toString(), files), launch, runtime.host);
        Path program = directory.resolve("plan");
        return ask(plan, program, socket, CriuService.Request.RESTORE, options, creation.streams(), creation.id(), "restore",
                how.logs().resolve(RESTORE_LOG), (script, pid, descriptors) -> {
                    if (script.equals("post-restore")) {
                        tell(gate, pid);
                    } else if (script.equals("orphan-pts-master") && !descriptors.isEmpty() && asked.console().isPresent()) {
                        try (Fd console = Sockets.connectStream(kernel, Path.of(asked.console().get()))) {
                            Sockets.send(kernel, console, new byte[] {'t'}, descriptors.getFirst().number());
                        }
                    }
                });
    }

    /** Has the plan performed, in which CRIU serves, and asks it. What failed before CRIU ran is the plan's to tell, what failed in it its log's. */
    private Performer.Performance ask(Plan plan, Path program, Path socket, CriuService.Request request, WireMessage options, SessionStreams streams, String id,
            String operation, Path log, CriuService.Stages stages) {
        StateRoot.removeTree(program);
        StateRoot.removeTree(socket);
        CriuService.Outcome outcome;
        Performer.Performance performance;
        try (CriuService service = CriuService.listen(kernel, socket)) {
            performance = runtime.launcher().begin(plan, program, streams);
            try {
                outcome = service.ask(request, options, stages, () -> Execution.read(program).flatMap(Execution::failure).isPresent());
            } catch (RuntimeException e) {
                performance.close();
                throw e;
            }
        }
        boolean started = performance.awaitStart();
        if (outcome.well() && started) {
            return performance;
        }
        performance.awaitEnd();
        performance.close();
        // A plan that failed before CRIU ran says why; afterwards CRIU's end is all that it knows.
        Optional<Fault> failed = outcome.well() ? Optional.empty() : Launcher.failed(plan, program, subject(id));
        if (failed.isPresent() && (failed.get().kind() == Fault.Kind.NOT_FOUND || !Files.exists(log))) {
            throw failed.get().kind() == Fault.Kind.NOT_FOUND ? Fault.of(Fault.Kind.UNSUPPORTED, operation, subject(id), "criu is not installed")
                    .hint("install the package criu, or name its program with --criu").cause(failed.get()) : failed.get();
        }
        throw CriuService.failure(operation, subject(id), log, outcome.reason());
    }

    private static String subject(String id) {
        return "container \"" + id + "\"";
    }

    private void root(String operation) {
        if (runtime.host.uid() != 0) {
            throw Fault.of(Fault.Kind.PERMISSION, operation, "container", "criu needs root for it").hint("call it as root");
        }
    }

    private static void make(Checkpoint how) {
        StateRoot.makeDirectories(how.images());
        how.work().ifPresent(StateRoot::makeDirectories);
        if (how.parent().isPresent()) {
            Path parent = how.images().resolve(how.parent().get());
            if (how.parent().get().startsWith("/")) {
                throw Fault.invalid("use", "--parent-path \"" + how.parent().get() + "\"", "--parent-path must be relative").hint("it counts from --image-path");
            }
            if (!Files.isDirectory(parent)) {
                throw Fault.of(Files.exists(parent) ? Errno.ENOTDIR : Errno.ENOENT, "use", "--parent-path \"" + parent + "\"");
            }
        }
    }

    private static Linux linux(Spec spec) {
        return spec.linux().orElseGet(() -> Linux.builder().build());
    }

    /** What its first process has for standard streams: which of them are pipes, CRIU must be told again when it brings them back. */
    private static JsonArray streams(int pid) {
        var array = new JsonArray();
        for (int stream = 0; stream < 3; stream++) {
            String target = "";
            try {
                target = Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/" + stream)).toString();
            } catch (IOException closed) {
                // It has none.
            }
            array.add(target);
        }
        return array;
    }

    private static void pipes(WireMessage options, Checkpoint how) {
        int stream = 0;
        for (JsonElement target : Json.parse(DESCRIPTORS, OciRuntime.read(how.images().resolve(DESCRIPTORS))).getAsJsonArray()) {
            if (target.getAsString().startsWith("pipe:")) {
                options.message(27, new WireMessage().text(1, target.getAsString()).number(2, stream));
            }
            stream++;
        }
    }

    /** A file of settings, by the annotation that CRIU's users know. */
    private static void config(WireMessage options, Spec spec) {
        String file = spec.annotations().getOrDefault("org.criu.config", "/etc/criu/runc.conf");
        if (!file.isEmpty()) {
            options.text(51, file);
        }
    }

    /** CRIU leaves these alone, and others that have a path are joined. */
    private static boolean external(Namespace namespace) {
        return namespace.path().isPresent() && (namespace.type() == Namespace.Type.NETWORK || namespace.type() == Namespace.Type.PID);
    }

    private static String key(Namespace namespace) {
        return namespace.type() == Namespace.Type.NETWORK ? "extRootNetNS" : "extRootPidNS";
    }

    private static String word(Namespace.Type type) {
        return switch (type) {
            case MOUNT -> "mnt";
            case NETWORK -> "net";
            case PID, IPC, UTS, USER, CGROUP, TIME -> type.toString();
        };
    }

    private static long inode(String path) {
        try {
            return (Long) Files.getAttribute(Path.of(path), "unix:ino");
        } catch (IOException e) {
            throw StateRoot.fault("look at", Path.of(path), e);
        }
    }

    private static boolean isBind(Mount mount) {
        return mount.type().orElse("").equals("bind") || MountOptions.parse(mount.options()).bind();
    }

    /** What was mounted from outside: it is not saved, only its place is. */
    private static List<String> places(Spec spec, OciContainer container) {
        var places = new ArrayList<String>();
        for (Mount mount : spec.mounts()) {
            if (isBind(mount)) {
                places.add(Places.within(container.rootfs(), mount.destination()));
            }
        }
        for (String path : linux(spec).maskedPaths()) {
            // An empty directory in place of one is saved like any other.
            if (!Files.isDirectory(Path.of("/proc/" + container.pid() + "/root" + path))) {
                places.add(path);
            }
        }
        for (Device device : linux(spec).devices()) {
            places.add(device.path());
        }
        if (linux(spec).namespaces().stream().anyMatch(namespace -> namespace.type() == Namespace.Type.USER)) {
            places.addAll(Places.DEVICES);
        }
        return places;
    }

    /** What is mounted there when it comes back. */
    private static void sources(WireMessage options, Spec spec, Path bundle, String rootfs) {
        for (Mount mount : spec.mounts()) {
            if (isBind(mount)) {
                options.message(23, new WireMessage().text(1, Places.within(rootfs, mount.destination())).text(2, bundle.resolve(mount.source().orElse("")).toString()));
            }
        }
        for (String path : linux(spec).maskedPaths()) {
            options.message(23, new WireMessage().text(1, path).text(2, "/dev/null"));
        }
        for (Device device : linux(spec).devices()) {
            options.message(23, new WireMessage().text(1, device.path()).text(2, device.path()));
        }
        for (String path : Places.DEVICES) {
            options.message(23, new WireMessage().text(1, path).text(2, path));
        }
    }

    /** The groups by controller, as /proc/PID/cgroup names them: what was saved in others comes back in these. */
    private void groups(WireMessage options, String path) {
        Cgroups host = runtime.host.cgroups();
        for (Cgroups.V1 hierarchy : host.v1()) {
            for (String controller : hierarchy.controllers()) {
                options.message(25, new WireMessage().text(1, controller).text(2, path));
            }
        }
        if (host.v2().isPresent()) {
            options.message(25, new WireMessage().text(1, "").text(2, path));
        }
    }

    /** The performer reads the four bytes when CRIU has ended. */
    private void tell(Path gate, int pid) {
        try (Memory name = kernel.string(gate.toString()); Memory number = kernel.allocate(8);
                Fd fd = new Fd(kernel, (int) Kernel.check(kernel.call(SystemCall.OPENAT, -100, name.address(), 1 | 04000 | O_CLOEXEC, 0), "open", "\"" + gate + "\""))) {
            number.bytes().order(java.nio.ByteOrder.nativeOrder()).putInt(0, pid);
            Kernel.check(kernel.call(SystemCall.WRITE, fd.number(), number.address(), 4), "write", "\"" + gate + "\"");
        }
    }

    private static void ready(Checkpoint how) {
        how.status().ifPresent(file -> {
            try {
                Files.write(file, new byte[1], java.nio.file.StandardOpenOption.WRITE);
            } catch (IOException e) {
                throw StateRoot.fault("write", file, e);
            }
        });
    }
}
