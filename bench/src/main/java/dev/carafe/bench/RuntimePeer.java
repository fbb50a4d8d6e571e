package dev.carafe.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A runtime of the OCI's command line, crun, runc or carafe-runtime, on bundles.
 *
 * @param command the program and its state directory
 * @param bundles which has a directory for each container, {@code run-N} and {@code idle-N}
 */
public record RuntimePeer(String title, CpuGroup group, Shell shell, List<String> command, Path bundles) implements Peer {
    /** Writes the bundles. */
    public static RuntimePeer prepare(Workplace place, Path program, int containers) throws IOException {
        String name = program.getFileName().toString();
        CpuGroup group = place.group(name);
        // crun refuses a machine on which both versions of control groups are mounted.
        Shell shell = place.shell(name, group, name.equals("crun"),
                isCarafe(program) ? Map.of("CARAFE_RUN_ROOT", place.directory().resolve(name).resolve("run").toString()) : Map.of());
        if (name.equals("crun")) {
            hideSecondVersion(shell);
        }
        if (isCarafe(program)) {
            startEngine(shell, program, place.directory().resolve(name).resolve("root"), place.directory().resolve(name).resolve("run"));
        }
        Path directory = Files.createDirectories(place.directory().resolve(name));
        var template = BundleTemplate.docker(place.rootfs(), directory);
        for (int k = 0; k < containers; k++) {
            write(template, directory, place.groupPath(name), "run-" + k, "true");
            write(template, directory, place.groupPath(name), "idle-" + k, "sleep", "100000");
        }
        String version = shell.output(List.of(program.toString(), "--version")).split(" ")[2];
        return new RuntimePeer(name + " " + version, group, shell,
                List.of(program.toString(), "--root", directory.resolve("state").toString()), directory);
    }

    /** Gives the programs of this shell a directory of their own in the usual place. */
    static void hide(Workplace place, Shell shell, Path usual, Path own) throws IOException {
        Files.createDirectory(own);
        if (!Files.exists(usual)) {
            Files.createDirectory(usual);
            place.cleanup().add("remove " + usual, () -> Files.deleteIfExists(usual));
        }
        shell.time(List.of("mount", "--bind", own.toString(), usual.toString()));
    }

    static boolean isCarafe(Path runtime) {
        return runtime.getFileName().toString().equals("carafe-runtime");
    }

    /** Starts a warm engine in the shell's own control group; one that the runtime starts leaves its caller's, and would not be counted. */
    static void startEngine(Shell shell, Path runtime, Path root, Path run) {
        shell.time(List.of(runtime.resolveSibling("carafe").toString(), "--root", root.toString(), "--run-root", run.toString(), "version"));
    }

    private static void write(BundleTemplate template, Path directory, String group, String name, String... arguments)
            throws IOException {
        template.write(Files.createDirectory(directory.resolve(name)), group + "/" + name, List.of(arguments));
    }

    /** Unmounts version 2 where version 1 is there as well, for the programs of this shell alone. */
    static void hideSecondVersion(Shell shell) {
        List<Hierarchy> mounted = Hierarchy.mounted();
        if (Hierarchy.accounting(mounted).version() == 1) {
            for (Hierarchy each : mounted) {
                if (each.version() == 2) {
                    shell.time(List.of("umount", each.root().toString()));
                }
            }
        }
    }

    @Override
    public List<String> run(String number) {
        return Peer.words(command, "run", "--bundle", bundles.resolve("run-" + number).toString(), "run-" + number);
    }

    @Override
    public List<String> start(String number) {
        return Peer.words(command, "run", "--detach", "--bundle", bundles.resolve("idle-" + number).toString(), "idle-" + number);
    }

    @Override
    public List<String> exec(String number) {
        return Peer.words(command, "exec", "idle-" + number, "true");
    }

    @Override
    public List<String> remove(String number) {
        return Peer.words(command, "delete", "--force", "idle-" + number);
    }
}
