package dev.carafe.build;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.build.dockerfile.RunMount;
import dev.carafe.build.files.Selection;
import dev.carafe.build.files.TreeWriter;
import dev.carafe.build.graph.Operation;
import dev.carafe.engine.ContainerMount;
import dev.carafe.engine.Workbench;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.LockFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a command finds mounted. Files of contexts, stages and images are copied for it, so that it sees neither what is left out of them nor can change them; caches are directories below
 * {@code ROOT/builds/mounts}; secrets are files that go with the step.
 */
final class RunMounts implements AutoCloseable {
    private static final int INSTANCES = 1000;

    private final Operation.Exec exec;
    private final BuildRequest request;
    private final Workbench bench;
    private final BuildLease lease;
    private final Origins origins;
    private final List<ContainerMount> mounts = new ArrayList<>();
    private final List<String> environment = new ArrayList<>();
    private final List<Path> temporary = new ArrayList<>();
    private final List<AutoCloseable> held = new ArrayList<>();

    private RunMounts(Operation.Exec exec, BuildRequest request, Workbench bench, BuildLease lease, Origins origins) {
        this.exec = exec;
        this.request = request;
        this.bench = bench;
        this.lease = lease;
        this.origins = origins;
    }

    static RunMounts prepare(Operation.Exec exec, BuildRequest request, Workbench bench, BuildLease lease, Origins origins) {
        var all = new RunMounts(exec, request, bench, lease, origins);
        try {
            for (Operation.Mounted mounted : exec.mounts()) {
                all.add(mounted);
            }
            exec.script().ifPresent(all::script);
            return all;
        } catch (RuntimeException e) {
            all.close();
            throw e;
        }
    }

    List<ContainerMount> list() {
        return List.copyOf(mounts);
    }

    List<String> environment() {
        return List.copyOf(environment);
    }

    private String absolute(String target) {
        return Path.of(exec.directory()).resolve(target).normalize().toString();
    }

    private void add(Operation.Mounted mounted) {
        switch (mounted.mount()) {
            case RunMount.Bind bind -> bind(copied(mounted, bind.source()).toString(), bind.target(), !bind.writable());
            case RunMount.Cache cache -> bind(cache(mounted, cache).toString(), cache.target(), cache.readOnly());
            case RunMount.Tmpfs tmpfs -> mounts.add(new ContainerMount.Tmpfs(absolute(tmpfs.target()), tmpfs.bytes().map(size -> List.of("size=" + size, "exec")).orElse(List.of("exec"))));
            case RunMount.Secret secret -> secret(secret);
            case RunMount.Ssh ssh -> agent(ssh);
        }
    }

    private void bind(String source, String target, boolean readOnly) {
        mounts.add(new ContainerMount.Bind(source, absolute(target), readOnly, Optional.empty(), ContainerMount.Recursion.ENABLED, ContainerMount.Relabel.NONE, false));
    }

    private Path copied(Operation.Mounted mounted, String source) {
        Path directory = lease.directory();
        temporary.add(directory);
        fill(directory, "all", mounted, source);
        return directory.resolve("all");
    }

    /** Copies files of an origin to a name in a directory of the host. */
    private void fill(Path directory, String name, Operation.Mounted mounted, String source) {
        try (Origins.Open from = origins.open(mounted.origin().orElseThrow()); Directory into = bench.files().directory(directory.toString())) {
            Selection selection = Selection.of(from.tree(), List.of(source), false, List.of());
            boolean isDirectory = selection.picks().stream().allMatch(pick -> pick.found().isDirectory());
            if (isDirectory) {
                into.mkdir(name, 0755);
            }
            new TreeWriter(into, TreeWriter.Ownership.KEPT, Optional.empty(), Instant.now()).copy(selection, "/" + name, false);
        }
    }

    private void script(Operation.Script script) {
        Path directory = lease.directory();
        temporary.add(directory);
        write(directory, "script", script.text().getBytes(StandardCharsets.UTF_8), 0755, 0, 0);
        bind(directory.resolve("script").toString(), script.path(), true);
    }

    private void write(Path directory, String name, byte[] content, int mode, int uid, int gid) {
        try (Directory into = bench.files().directory(directory.toString()); var file = into.create(name, 0600).orElseThrow()) {
            file.write(content, 0, content.length);
            file.chown(uid, gid);
            file.chmod(mode);
        }
    }

    private void secret(RunMount.Secret secret) {
        byte[] content = request.secrets().get(secret.id());
        if (content == null) {
            if (secret.required()) {
                throw Fault.notFound("mount", "secret \"" + secret.id() + "\"", "not found").hint("give it with --secret id=" + secret.id() + ",src=FILE");
            }
            return;
        }
        secret.variable().ifPresent(name -> environment.add(name + "=" + new String(content, StandardCharsets.UTF_8)));
        if (secret.target().isPresent()) {
            Path directory = lease.directory();
            temporary.add(directory);
            write(directory, "secret", content, secret.mode(), secret.uid(), secret.gid());
            bind(directory.resolve("secret").toString(), secret.target().get(), true);
        }
    }

    private void agent(RunMount.Ssh ssh) {
        Path socket = request.agents().get(ssh.id());
        if (socket == null) {
            if (ssh.required()) {
                throw Fault.notFound("mount", "ssh agent \"" + ssh.id() + "\"", "not found").hint("give it with --ssh " + ssh.id());
            }
            return;
        }
        String target = ssh.target().map(this::absolute).orElse("/run/buildkit/ssh_agent." + environment.size());
        bind(socket.toString(), target, false);
        environment.add("SSH_AUTH_SOCK=" + target);
    }

    private Path cache(Operation.Mounted mounted, RunMount.Cache cache) {
        Path all = bench.roots().builds().resolve("mounts");
        String name = Digest.sha256(cache.id().getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32);
        Directory directory = bench.files().makeDirectory(all.toString(), 0700);
        held.add(directory);
        for (int k = 0; k < INSTANCES; k++) {
            String instance = k == 0 ? name : name + "-" + k;
            if (cache.sharing() == RunMount.Sharing.LOCKED) {
                held.add(LockFile.acquire(directory, instance + ".lock"));
            } else if (cache.sharing() == RunMount.Sharing.PRIVATE) {
                Optional<LockFile> lock = LockFile.tryAcquire(directory, instance + ".lock");
                if (lock.isEmpty()) {
                    continue;
                }
                held.add(lock.get());
            }
            return begun(all, directory, instance, mounted, cache);
        }
        throw Fault.of(Fault.Kind.EXHAUSTED, "mount", "cache \"" + cache.id() + "\"", "all " + INSTANCES + " instances are in use");
    }

    private Path begun(Path all, Directory directory, String instance, Operation.Mounted mounted, RunMount.Cache cache) {
        if (directory.stat(instance).isEmpty()) {
            Path draft = lease.directory();
            try (Directory into = bench.files().directory(draft.toString())) {
                into.mkdir("all", 0755);
                into.chown("all", cache.uid(), cache.gid());
                into.chmod("all", cache.mode());
                if (mounted.origin().isPresent()) {
                    fill(draft, "all", mounted, cache.source());
                }
                // Another build may have been first.
                into.renameNew("all", directory, instance);
                Files.writeString(all.resolve(instance + ".id"), cache.id());
            } catch (IOException e) {
                throw Fault.of(Fault.Kind.UNAVAILABLE, "make", "cache \"" + cache.id() + "\"", String.valueOf(e.getMessage())).cause(e);
            } finally {
                lease.drop(draft);
            }
        }
        return all.resolve(instance);
    }

    @Override
    public void close() {
        temporary.forEach(lease::drop);
        for (AutoCloseable each : held.reversed()) {
            try {
                each.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
