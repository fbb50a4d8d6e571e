package dev.carafe.conformance;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;

/** The reference registry, of the package docker-registry, on a free port of the loopback; it and what it stores vanish with it. */
final class DebianRegistry implements AutoCloseable {
    private final Process process;
    private final int port;

    private final Path log;

    private DebianRegistry(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    static DebianRegistry start(Path directory, String more) {
        assumeThat(Tools.has("docker-registry")).as("docker-registry is installed").isTrue();
        int port = freePort();
        Path file = Tools.write(directory.resolve("registry-" + port + ".yml"), "version: 0.1\nstorage:\n  filesystem: {rootdirectory: " + directory.resolve("registry-" + port)
                + "}\n  delete: {enabled: true}\nlog: {level: error, accesslog: {disabled: false}}\nhttp:\n  addr: 127.0.0.1:" + port + "\n" + more);
        try {
            Process process = new ProcessBuilder("docker-registry", "serve", file.toString()).redirectErrorStream(true)
                    .redirectOutput(directory.resolve("registry-" + port + ".log").toFile()).start();
            if (!Tools.await(() -> answers(port))) {
                process.destroyForcibly();
                throw new AssertionError("docker-registry does not answer: " + Tools.read(directory.resolve("registry-" + port + ".log")));
            }
            return new DebianRegistry(process, port, directory.resolve("registry-" + port + ".log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean answers(int port) {
        try (var socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** As references name it. */
    String domain() {
        return "127.0.0.1:" + port;
    }

    int port() {
        return port;
    }

    /** What it was asked so far, and in which version of HTTP. */
    String log() {
        return Tools.read(log);
    }

    String name(String rest) {
        return domain() + "/" + rest;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
