package dev.carafe.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The machine beside Carafe: other commands, files, patience. */
final class Tools {
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private Tools() {
    }

    static Outcome run(String... words) {
        return new Running(new ProcessBuilder(words).redirectInput(new java.io.File("/dev/null"))).await();
    }

    /** Its output; it must succeed. */
    static String check(String... words) {
        Outcome outcome = run(words);
        if (outcome.status() != 0) {
            throw new AssertionError(List.of(words) + ": " + outcome);
        }
        return outcome.out();
    }

    static boolean has(String program) {
        return Stream.of("/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/", "/usr/local/bin/").anyMatch(d -> Files.isExecutable(Path.of(d + program)));
    }

    /** Waits for something that is bound to happen; false when it does not for long. */
    static boolean await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            LockSupport.parkNanos(2_000_000);
        }
        return true;
    }

    static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A file that may vanish, or be a process's that ends: then nothing. */
    static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void deleteTree(Path tree) {
        if (!Files.exists(tree, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
