package dev.carafe.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * A container engine in one configuration, with the commands that do the same with every one: the container has no network, the
 * root file system of the {@link Workplace}, the engine's default privileges, and a control group below the peer's. The
 * number of a container is in the place of its name; it may be {@code {}}, which the shell replaces.
 */
public sealed interface Peer permits CarafePeer, ContainerdPeer, DockerPeer, Floor, PodmanPeer, RuntimePeer {
    /** As {@code --peers} has it. */
    default String name() {
        return group().name();
    }

    /** For the reader, with the version. */
    String title();

    CpuGroup group();

    Shell shell();

    /** A container that runs {@code true} and is removed. */
    List<String> run(String number);

    /** A container that idles, in the background. */
    List<String> start(String number);

    /** {@code true} in a container that idles. */
    List<String> exec(String number);

    /** Ends and removes a container that idles. */
    List<String> remove(String number);

    /** The command with more words. */
    static List<String> words(List<String> command, String... more) {
        var words = new ArrayList<>(command);
        words.addAll(List.of(more));
        return List.copyOf(words);
    }
}
