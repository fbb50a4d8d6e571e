package dev.carafe.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Carafe through its native client, with state of its own.
 *
 * @param command the client and its roots
 * @param options of a container
 */
public record CarafePeer(String title, CpuGroup group, Shell shell, List<String> command, List<String> options) implements Peer {
    private static final String IMAGE = "localhost/bench:latest";

    /**
     * Imports the image; the first command starts the engine, if there is to be one, in the peer's control group.
     *
     * @param warm whether a warm engine serves the client, or each command starts Java
     */
    public static CarafePeer prepare(Workplace place, Path program, boolean warm) throws IOException {
        String name = warm ? "carafe" : "carafe-cold";
        Path directory = Files.createDirectory(place.directory().resolve(name));
        CpuGroup group = place.group(name);
        Shell shell = place.shell(name, group, false, warm ? Map.of() : Map.of("CARAFE_ENGINE", "off"));
        var command = List.of(program.toString(), "--root", directory.resolve("root").toString(), "--run-root",
                directory.resolve("run").toString());
        shell.time(Peer.words(command, "import", "--change", "ENV PATH=/usr/sbin:/usr/bin:/sbin:/bin", place.layer().toString(), IMAGE));
        return new CarafePeer(warm ? "Carafe, warm engine" : "Carafe, no engine", group, shell, command,
                List.of("--network", "none", "--cgroup-parent", place.groupPath(name)));
    }

    @Override
    public List<String> run(String number) {
        return container(List.of("run", "--rm"), "true");
    }

    @Override
    public List<String> start(String number) {
        return container(List.of("run", "--detach", "--name", "idle-" + number), "sleep", "100000");
    }

    private List<String> container(List<String> verb, String... arguments) {
        var words = new ArrayList<>(command);
        words.addAll(verb);
        words.addAll(options);
        words.add(IMAGE);
        words.addAll(List.of(arguments));
        return words;
    }

    @Override
    public List<String> exec(String number) {
        return Peer.words(command, "exec", "idle-" + number, "true");
    }

    @Override
    public List<String> remove(String number) {
        return Peer.words(command, "rm", "--force", "idle-" + number);
    }
}
