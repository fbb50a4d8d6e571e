package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;

/** What tests of networks have in common: a host of their own, with another host outside. */
abstract class NetworkSuite {
    static final String SERVE = "mkdir -p /w; echo \"$NAME\" > /w/index.html; exec httpd -f -p 80 -h /w";

    static TestHost host;
    static TestHost outside;
    static Carafe carafe;
    static List<String> links;
    static String rules;

    @Parameter
    EngineMode mode;

    @BeforeParameterizedClassInvocation
    static void open(EngineMode mode) {
        host = new TestHost();
        outside = new TestHost();
        host.cable(outside, "198.51.100.1/24", "198.51.100.2/24");
        outside.run("ip", "route", "add", "default", "via", "198.51.100.1");
        carafe = Carafe.open(mode, host);
        // The usual network is there from the first container on, with its bridge and the tables.
        Tools.await(() -> !host.hasEndpoints());
        links = host.links();
        rules = host.rules();
    }

    @AfterParameterizedClassInvocation
    static void close() {
        carafe.close();
        host.close();
        outside.close();
    }

    @AfterEach
    void nothingIsLeft() {
        carafe.removeContainers();
        for (String id : carafe.check("network", "ls", "-q", "--filter", "type=custom").lines().toList()) {
            carafe.check("network", "rm", id);
        }
        try {
            // Namespaces are taken apart by the kernel in its own time.
            Tools.await(() -> host.links().equals(links));
            assertThat(host.links()).isEqualTo(links);
            assertThat(withoutCounters(host.rules())).isEqualTo(withoutCounters(rules));
            carafe.residue().assertNone("after the test");
        } finally {
            carafe.mark();
        }
    }

    static String withoutCounters(String rules) {
        return rules.replaceAll("packets [0-9]+ bytes [0-9]+", "");
    }

    static String address(String name) {
        return carafe.inspect(name).getAsJsonObject("NetworkSettings").get("IPAddress").getAsString();
    }

    static void serve(String name, String... options) {
        var words = new ArrayList<>(List.of("--name", name, "-e", "NAME=" + name));
        words.addAll(List.of(options));
        words.addAll(List.of("busybox", "sh", "-c", SERVE));
        carafe.detached(words.toArray(String[]::new));
        int pid = carafe.pid(name);
        Tools.await(() -> Tools.read(Path.of("/proc/" + pid + "/net/tcp6")).contains(":0050 ") || Tools.read(Path.of("/proc/" + pid + "/net/tcp")).contains(":0050 "));
    }

    static Outcome get(String container, String url) {
        return carafe.call("exec", container, "timeout", "2", "wget", "-q", "-O", "-", url);
    }

    static String networkAddress(String container, String network) {
        return carafe.inspect(container).getAsJsonObject("NetworkSettings").getAsJsonObject("Networks").getAsJsonObject(network).get("IPAddress").getAsString();
    }
}
