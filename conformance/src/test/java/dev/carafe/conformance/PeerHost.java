package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * Where another engine works with our runtime beneath: a network and a mount namespace of its own, a directory, a control group, and the runtime as a
 * script that knows the state directories of the test. Nothing of the machine's own daemons, firewall or mounts is touched.
 */
final class PeerHost implements AutoCloseable {
    private final Carafe carafe;
    private final Path place;
    private final String marker;
    private final Path runtime;
    private final Process keeper;
    private final Deque<Process> daemons = new ArrayDeque<>();
    private final List<String> ownMounts = new ArrayList<>();
    private final Map<String, String> environment = new java.util.HashMap<>();

    PeerHost(Carafe carafe) {
        this.carafe = carafe;
        try {
            // Peers take no longer names for their sockets and run roots.
            place = Files.createTempDirectory("ph-");
            marker = place.getFileName().toString();
            keeper = new ProcessBuilder("unshare", "--net", "--mount", "--propagation", "slave", "sh", "-c", "ip link set lo up; echo; exec sleep 1000")
                    .redirectErrorStream(true).start();
            assumeThat(keeper.getInputStream().read()).as("namespaces can be made here").isEqualTo('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Engines give their runtime an environment of their own, so what a test says there goes by way of a script.
        ProcessBuilder prototype = carafe.builder("version");
        var script = new StringBuilder("#!/bin/sh\n");
        for (String name : List.of("CARAFE_ENGINE", "CARAFE_ENGINE_IDLE", "CARAFE_ROOT", "CARAFE_RUN_ROOT")) {
            script.append("export ").append(name).append("='").append(prototype.environment().get(name)).append("'\n");
        }
        runtime = Tools.write(place.resolve("runtime"), script.append("exec ").append(RuntimeBundle.program()).append(" \"$@\"\n").toString());
        Tools.check("chmod", "755", runtime.toString());
        environment.put("HOME", place.toString());
    }

    Path place() {
        return place;
    }

    /** The runtime's program for engines here. */
    Path runtime() {
        return runtime;
    }

    /** The group for whatever is made here. */
    String group() {
        return "/" + marker;
    }

    /** A file in {@link #place}. */
    Path file(String name, String text) {
        return Tools.write(place.resolve(name), text);
    }

    /** A variable for every command here. */
    void set(String name, String value) {
        environment.put(name, value);
    }

    /** An archive of a small root with busybox, for engines to import. */
    Path archive() {
        Path archive = place.resolve("root.tar");
        var bundle = new RuntimeBundle(carafe);
        Tools.check("tar", "-C", bundle.directory().resolve("rootfs").toString(), "-cf", archive.toString(), ".");
        bundle.close();
        return archive;
    }

    /** An archive of an image of that name with busybox, in docker's form, whose command is that. */
    Path image(String name, String... command) {
        Path layer = archive();
        String digest = Tools.check("sha256sum", layer.toString()).substring(0, 64);
        String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : System.getProperty("os.arch");
        file("config.json", "{\"architecture\":\"" + architecture + "\",\"os\":\"linux\",\"config\":{\"Env\":[\"PATH=/bin\"],\"Cmd\":[\"" + String.join("\",\"", command)
                + "\"]},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:" + digest + "\"]}}");
        file("manifest.json", "[{\"Config\":\"config.json\",\"RepoTags\":[\"" + name + "\"],\"Layers\":[\"root.tar\"]}]");
        Path archive = place.resolve("image.tar");
        Tools.check("tar", "-C", place.toString(), "-cf", archive.toString(), "manifest.json", "config.json", "root.tar");
        return archive;
    }

    ProcessBuilder builder(String... words) {
        var all = new ArrayList<String>(List.of("nsenter", "--net=/proc/" + keeper.pid() + "/ns/net", "--mount=/proc/" + keeper.pid() + "/ns/mnt",
                "--wdns=" + place));
        all.addAll(Arrays.asList(words));
        var builder = new ProcessBuilder(all).redirectInput(new File("/dev/null")).directory(place.toFile());
        builder.environment().putAll(environment);
        return builder;
    }

    /** Runs a command here. */
    Outcome call(String... words) {
        return new Running(builder(words)).await();
    }

    /** Its output; it must succeed. */
    String check(String... words) {
        Outcome outcome = call(words);
        assertThat(outcome.status()).as("%s: %s", List.of(words), outcome).isZero();
        return outcome.out();
    }

    /** Starts what is to stay until this is closed; it logs to a file of that name. */
    Process daemon(String name, String... words) {
        try {
            Process daemon = builder(words).redirectErrorStream(true).redirectOutput(place.resolve(name + ".log").toFile()).start();
            daemons.push(daemon);
            return daemon;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The processes whose environment, arguments or groups tell that they belong here, apart from daemons and engines. */
    List<String> processes() {
        var found = new ArrayList<String>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                long pid = Long.parseLong(process.getFileName().toString());
                String arguments = Tools.read(process.resolve("cmdline")).replace('\0', ' ');
                boolean here = arguments.contains(marker) || Tools.read(process.resolve("cgroup")).contains(marker) || Tools.read(process.resolve("environ")).contains(marker);
                boolean known = arguments.contains("--engine") || arguments.contains("--performer") || pid == ProcessHandle.current().pid()
                        || daemons.stream().anyMatch(d -> d.pid() == pid || d.descendants().anyMatch(c -> c.pid() == pid));
                if (here && !known) {
                    found.add("process " + pid + ": " + arguments);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** Mounts in this mount namespace but those that were there when the daemons had come up. */
    List<String> mounts() {
        return Tools.read(Path.of("/proc/" + keeper.pid() + "/mountinfo")).lines().filter(line -> line.contains(marker) && !ownMounts.contains(line))
                .map(line -> "mount " + line).toList();
    }

    /** The daemons have come up: what is mounted now is theirs. */
    void mark() {
        ownMounts.addAll(mounts().stream().map(line -> line.substring("mount ".length())).toList());
    }

    /** Control groups below that of this place. */
    List<String> groups() {
        var found = new ArrayList<String>();
        for (File hierarchy : new File("/sys/fs/cgroup").listFiles()) {
            File[] below = new File(hierarchy, marker).listFiles(File::isDirectory);
            for (File group : below == null ? new File[0] : below) {
                found.add("cgroup " + group);
            }
        }
        return found;
    }

    /** Ends of cables in this network namespace. */
    List<String> endpoints() {
        return check("ip", "-o", "link").lines().map(line -> line.split(": ")[1]).filter(name -> name.startsWith("veth")).map(name -> "link " + name).toList();
    }

    /** Fails when something of a container stays, though its engine has removed it. */
    void assertNothingLeft() {
        Tools.await(() -> left().isEmpty());
        assertThat(left()).as("what is left on the host").isEmpty();
    }

    private List<String> left() {
        var all = new ArrayList<String>(processes());
        all.addAll(mounts());
        all.addAll(groups());
        all.addAll(endpoints());
        return all;
    }

    /** What the daemons logged, for messages. */
    String log(String name) {
        return Tools.read(place.resolve(name + ".log"));
    }

    /** Ends the daemons, the last one first. */
    void stopDaemons() {
        while (!daemons.isEmpty()) {
            Process daemon = daemons.pop();
            daemon.destroy();
            if (!Tools.await(() -> !daemon.isAlive())) {
                daemon.descendants().forEach(ProcessHandle::destroyForcibly);
                daemon.destroyForcibly();
            }
        }
    }

    @Override
    public void close() {
        stopDaemons();
        // With its only process, the mount namespace and all that is mounted in it goes.
        keeper.destroyForcibly();
        Tools.await(() -> !Files.exists(Path.of("/proc/" + keeper.pid() + "/ns/mnt")));
        for (File hierarchy : new File("/sys/fs/cgroup").listFiles()) {
            Tools.run("find", hierarchy + group(), "-depth", "-type", "d", "-delete");
        }
        carafe.killEngine();
        Tools.await(() -> Tools.run("rm", "-rf", "--one-file-system", place.toString()).status() == 0);
    }
}
