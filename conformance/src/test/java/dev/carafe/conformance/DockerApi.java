package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code carafe serve} on a host of its own, and docker's client as Debian has it. */
final class DockerApi implements AutoCloseable {
    private static final String CLIENT = "/usr/bin/docker";

    private final TestHost host;
    private final Carafe carafe;
    private final Path socket;
    private Running server;

    private DockerApi(TestHost host, Carafe carafe) {
        this.host = host;
        this.carafe = carafe;
        this.socket = carafe.work().resolve("docker.sock");
        this.server = start();
        carafe.mark();
    }

    /** Skips the test without docker's client. */
    static DockerApi open() {
        assumeThat(Files.isExecutable(Path.of(CLIENT))).as(CLIENT + " is there: install docker.io").isTrue();
        var host = new TestHost();
        try {
            return new DockerApi(host, Carafe.open(EngineMode.IN_PROCESS, host));
        } catch (RuntimeException | Error e) {
            host.close();
            throw e;
        }
    }

    private Running start() {
        var running = new Running(carafe.builder("serve", "-H", "unix://" + socket));
        Tools.await(() -> running.err().contains("listening on") || !running.isAlive());
        assertThat(running.err()).contains("listening on unix://" + socket);
        return running;
    }

    Carafe carafe() {
        return carafe;
    }

    Path socket() {
        return socket;
    }

    Running server() {
        return server;
    }

    /** Kills the server as nobody should, and starts another one. */
    void killAndStartAgain() {
        server.signal("KILL");
        server.await();
        server = start();
    }

    private ProcessBuilder builder(String... words) {
        var all = new ArrayList<String>(List.of(CLIENT));
        all.addAll(Arrays.asList(words));
        if (words[0].equals("run") || words[0].equals("create")) {
            all.add(2, "--cgroup-parent=" + carafe.group());
        }
        var builder = new ProcessBuilder(all).redirectInput(new File("/dev/null")).directory(carafe.work().toFile());
        builder.environment().put("DOCKER_HOST", "unix://" + socket);
        builder.environment().put("DOCKER_CONFIG", carafe.work().resolve("config").toString());
        builder.environment().put("DOCKER_BUILDKIT", "0");
        return builder;
    }

    /** Calls docker's client. */
    Outcome call(String... words) {
        return new Running(builder(words)).await();
    }

    /** Its output; it must succeed. */
    String check(String... words) {
        Outcome outcome = call(words);
        assertThat(outcome.status()).as("%s: %s", List.of(words), outcome).isZero();
        return outcome.out();
    }

    /** One whose input is a pipe and that goes on. */
    Running begin(String... words) {
        return new Running(builder(words).redirectInput(ProcessBuilder.Redirect.PIPE));
    }

    /** Runs a program of the tests in the server's network, with the server as its docker. */
    Outcome java(Class<?> program, String... arguments) {
        var all = new ArrayList<>(host.prefix());
        all.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), program.getName()));
        all.addAll(Arrays.asList(arguments));
        var builder = new ProcessBuilder(all).redirectInput(new File("/dev/null")).directory(carafe.work().toFile());
        builder.environment().put("DOCKER_HOST", "unix://" + socket);
        builder.environment().put("TESTCONTAINERS_RYUK_DISABLED", "true");
        return new Running(builder).await();
    }

    /** Sends a request as it is, and takes everything up to the end of the connection. */
    String raw(String request) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1)));
            var text = new StringBuilder();
            var buffer = ByteBuffer.allocate(8192);
            while (channel.read(buffer) >= 0) {
                text.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
                buffer.clear();
            }
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One request; status and body, with a blank between them. */
    String request(String method, String path, String body) {
        String answer = raw(method + " " + path + " HTTP/1.1\r\nHost: d\r\nConnection: close\r\n"
                + (body.isEmpty() ? "" : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n") + "\r\n" + body);
        return answer.split(" ")[1] + " " + answer.substring(answer.indexOf("\r\n\r\n") + 4).strip();
    }

    /** What the server tells at that path; it must be there as a whole. */
    JsonElement json(String path) {
        String answer = request("GET", path, "");
        assertThat(answer).startsWith("200 ");
        return JsonParser.parseString(answer.substring(4));
    }

    void nothingIsLeft() {
        carafe.removeContainers();
        carafe.removeVolumes();
        for (String id : carafe.check("network", "ls", "-q", "--filter", "type=custom").lines().toList()) {
            carafe.check("network", "rm", id);
        }
        try {
            carafe.residue().assertNone("after the test");
        } finally {
            carafe.mark();
        }
    }

    @Override
    public void close() {
        server.signal("TERM");
        server.await();
        assertThat(socket).doesNotExist();
        carafe.close();
        host.close();
    }
}
