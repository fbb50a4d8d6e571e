package dev.carafe.junit;

import dev.carafe.base.Fault;
import dev.carafe.engine.Container;
import dev.carafe.engine.ContainerOptions;
import dev.carafe.engine.Engine;
import dev.carafe.engine.Installation;
import dev.carafe.engine.Roots;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The engine of the tests of one JVM, and what cleans up behind it: a shell whose input is a pipe of this process. However this process ends, the kernel closes the
 * pipe; then the shell removes every container that bears this session's label. Closed when all tests have run.
 */
public final class TestSession implements AutoCloseable {
    /** The label of all containers of tests. */
    public static final String LABEL = "dev.carafe.junit";
    private static final String CLEANER = "cat >/dev/null; ids=$(\"$0\" --root \"$1\" --run-root \"$2\" ps -aq --no-trunc --filter \"label=$3\");"
            + " [ -z \"$ids\" ] || exec \"$0\" --root \"$1\" --run-root \"$2\" rm -f -v $ids";

    private final String name = UUID.randomUUID().toString();
    private final Engine engine;
    private final Process cleaner;
    private final Set<Container> containers = ConcurrentHashMap.newKeySet();

    private TestSession(Roots roots, Installation installation) {
        cleaner = cleaner(roots, installation);
        engine = Engine.open(roots, installation);
    }

    /** Opens one on the directories that the properties name. */
    public static TestSession open() {
        return new TestSession(new Roots(path("carafe.root", Roots.DEFAULT_ROOT), path("carafe.run-root", Roots.DEFAULT_RUN)), installation());
    }

    private static Path path(String property, Path usual) {
        String text = System.getProperty(property, "");
        return text.isEmpty() ? usual : Path.of(text);
    }

    private static Installation installation() {
        String home = System.getProperty("carafe.home", "");
        return home.isEmpty() ? Installation.find() : Installation.at(Path.of(home));
    }

    private Process cleaner(Roots roots, Installation installation) {
        var shell = new ProcessBuilder(List.of("setsid", "sh", "-c", CLEANER, installation.program().toString(), roots.root().toString(), roots.run().toString(),
                LABEL + "=" + name));
        // So that it leaves no engine of its own behind.
        shell.environment().put("CARAFE_ENGINE", "off");
        try {
            return shell.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "start", "the shell that cleans up", String.valueOf(e.getMessage())).cause(e).hint("setsid and sh are needed for it");
        }
    }

    public Engine engine() {
        return engine;
    }

    /** Makes a container of those options and starts it. The caller removes it, or else whoever closes this. */
    public Container start(ContainerOptions options) {
        Map<String, String> labels = new LinkedHashMap<>(options.labels());
        labels.put(LABEL, name);
        Container container = engine.containers().create(options.toBuilder().labels(labels).build());
        containers.add(container);
        try {
            container.start();
        } catch (Fault fault) {
            remove(container);
            throw fault;
        }
        return container;
    }

    /** Kills it and removes it with its nameless volumes. */
    public void remove(Container container) {
        container.remove(true, true);
        containers.remove(container);
    }

    @Override
    public void close() {
        try {
            containers.forEach(this::remove);
        } finally {
            engine.close();
            try {
                cleaner.getOutputStream().close();
                cleaner.waitFor();
            } catch (IOException gone) {
                // It was killed; there is nothing left for it to do.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
