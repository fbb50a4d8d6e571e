package dev.carafe.junit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Directories of these tests' own, and the installation of this source tree. */
final class TestPlace {
    private static final int TURNS = 100;
    private static final long PAUSE_NANOS = 50_000_000;
    private static final Path PLACE = place();

    private TestPlace() {
    }

    private static Path place() {
        try {
            Path place = Files.createTempDirectory("carafe-junit-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(place)));
            return place;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The keeper of health checks leaves a warm engine, which would stay for some minutes. */
    private static void leave(Path place) {
        ProcessHandle.allProcesses().filter(process -> process.info().commandLine().filter(line -> line.contains(place.toString())).isPresent())
                .filter(process -> process.pid() != ProcessHandle.current().pid()).forEach(process -> {
                    process.destroyForcibly();
                    process.onExit().join();
                });
        // What those did last may still appear.
        for (int turn = 0; turn < TURNS && Files.exists(place); turn++) {
            try (Stream<Path> files = Files.walk(place)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException | UncheckedIOException changing) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** To be called before a container is asked for. */
    static void use() {
        assumeTrue(System.getProperty("user.name").equals("root"), "containers need root");
        Path home = Path.of("").toAbsolutePath().getParent().resolve("build/dist");
        assumeTrue(Files.isExecutable(home.resolve("bin/carafe")), home + "/bin/carafe exists: build it with scripts/build");
        System.setProperty("carafe.home", home.toString());
        System.setProperty("carafe.root", PLACE.resolve("root").toString());
        System.setProperty("carafe.run-root", PLACE.resolve("run").toString());
    }

    static Path containers() {
        return PLACE.resolve("root/containers");
    }
}
