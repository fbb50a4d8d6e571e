package dev.carafe.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A command that runs, with its output gathered while it does. */
final class Running implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream error = new ByteArrayOutputStream();
    private final Thread outputReader;
    private final Thread errorReader;

    Running(ProcessBuilder builder) {
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        outputReader = gather(process.getInputStream(), output);
        errorReader = gather(process.getErrorStream(), error);
    }

    private static Thread gather(InputStream from, ByteArrayOutputStream to) {
        return Thread.ofVirtual().start(() -> {
            try (from) {
                from.transferTo(to);
            } catch (IOException closed) {
                // It was ended by force.
            }
        });
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String out() {
        return output.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return error.toString(StandardCharsets.UTF_8);
    }

    /** Where the command reads from; closing it is the end of its input. */
    OutputStream in() {
        return process.getOutputStream();
    }

    void type(String text) {
        try {
            in().write(text.getBytes(StandardCharsets.UTF_8));
            in().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void signal(String name) {
        Tools.check("kill", "-" + name, Long.toString(pid()));
    }

    /** Waits until it has printed that. */
    void awaitOutput(String text) {
        Tools.await(() -> out().contains(text) || !process.isAlive());
        if (!out().contains(text)) {
            throw new AssertionError("it never printed \"" + text + "\" but \"" + out() + "\" and \"" + err() + "\"");
        }
    }

    /** Waits for its end, and for that of everybody who has its output open. */
    Outcome await() {
        try {
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            outputReader.join(5000);
            errorReader.join(5000);
            if (!ended || outputReader.isAlive() || errorReader.isAlive()) {
                throw new AssertionError((ended ? "somebody keeps the output open of " : "it does not end: ") + process.info().commandLine().orElse("a command")
                        + "; output \"" + out() + "\", error \"" + err() + "\"");
            }
            return new Outcome(process.exitValue(), output.toByteArray(), err());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
