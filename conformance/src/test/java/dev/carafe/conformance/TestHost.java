package dev.carafe.conformance;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A host for tests: a network namespace with nothing but loopback, kept by a process that sleeps. The machine's own network is never touched. */
final class TestHost implements AutoCloseable {
    private final Process keeper;

    TestHost() {
        try {
            keeper = new ProcessBuilder("unshare", "-n", "sh", "-c", "echo; exec sleep 1000").redirectErrorStream(true).start();
            assumeThat(keeper.getInputStream().read()).as("a network namespace can be made here").isEqualTo('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run("ip", "link", "set", "lo", "up");
    }

    long pid() {
        return keeper.pid();
    }

    /** What goes before a command so that it runs here. */
    List<String> prefix() {
        return List.of("nsenter", "--net=/proc/" + keeper.pid() + "/ns/net");
    }

    private String[] words(String... words) {
        var all = new ArrayList<>(prefix());
        all.addAll(Arrays.asList(words));
        return all.toArray(String[]::new);
    }

    /** Its output; it must succeed. */
    String run(String... words) {
        return Tools.check(words(words));
    }

    Outcome call(String... words) {
        return Tools.run(words(words));
    }

    /** One that goes on. */
    Running start(String... words) {
        return new Running(new ProcessBuilder(words(words)).redirectInput(ProcessBuilder.Redirect.PIPE));
    }

    /** Asks a web server; what it answers, or nothing. */
    String get(String url) {
        return call("busybox", "timeout", "2", "busybox", "wget", "-q", "-O", "-", url).out();
    }

    /** Connects it with another one by a cable, the ends of which have those addresses. */
    void cable(TestHost other, String own, String others) {
        run("ip", "link", "add", "cable0", "type", "veth", "peer", "name", "cable0", "netns", Long.toString(other.pid()));
        run("ip", "address", "add", own, "dev", "cable0");
        run("ip", "link", "set", "cable0", "up");
        other.run("ip", "address", "add", others, "dev", "cable0");
        other.run("ip", "link", "set", "cable0", "up");
    }

    /** The names of its links. */
    List<String> links() {
        return run("ip", "-o", "link").lines().map(line -> line.split(" ")[1]).toList();
    }

    boolean hasEndpoints() {
        return links().stream().anyMatch(name -> name.startsWith("veth"));
    }

    String rules() {
        return run("nft", "list", "ruleset");
    }

    @Override
    public void close() {
        keeper.destroyForcibly();
        Tools.await(() -> !Files.exists(Path.of("/proc/" + keeper.pid() + "/ns/net")));
    }
}
