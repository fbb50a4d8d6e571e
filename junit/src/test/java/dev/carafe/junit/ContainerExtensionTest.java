package dev.carafe.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import dev.carafe.engine.Container;
import dev.carafe.engine.ContainerOptions;
import dev.carafe.engine.NamespaceMode;
import dev.carafe.engine.NetworkOptions;
import dev.carafe.engine.ProcessOptions;
import dev.carafe.oci.Healthcheck;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Containers around tests; the tests are their own proof that a container is there when it should be. */
class ContainerExtensionTest {
    static {
        TestPlace.use();
    }

    private static final Set<String> SEEN = new HashSet<>();

    @RegisterExtension
    static final ContainerExtension WEB = ContainerExtension.of(shell("mkdir /www; echo hello > /www/index.html; echo serving; exec httpd -f -p 127.0.0.1:18471 -h /www"))
            .readyWhen(Readiness.all(Readiness.port(18471), Readiness.log("^serv.ng$"), Readiness.http(18471, "/index.html")));

    @RegisterExtension
    final ContainerExtension own = ContainerExtension.of(options("sleep 0.3; touch /well; exec sleep 1000")
            .health(Healthcheck.builder().test(List.of("CMD-SHELL", "test -e /well")).interval(Duration.ofMillis(100)).build()).build()).readyWhen(Readiness.healthy());

    private static ContainerOptions shell(String line) {
        return options(line).build();
    }

    private static ContainerOptions.Builder options(String line) {
        return ContainerOptions.builder("busybox").process(ProcessOptions.builder().command(List.of("sh", "-c", line)).build())
                .network(NetworkOptions.NONE.mode(new NamespaceMode.Host()));
    }

    @Test
    void onesOfAClassStayForAllItsTests() {
        SEEN.add(WEB.container().id());
        assertThat(SEEN).hasSize(1);
        assertThat(WEB.address()).isEqualTo("127.0.0.1");
        assertThat(WEB.output()).isEqualTo("serving\n");
    }

    @Test
    void onesOfAClassStayForTheOtherTestAsWell() {
        SEEN.add(WEB.container().id());
        assertThat(SEEN).hasSize(1);
    }

    @Test
    void onesOfTheInstanceAreReadyAndOfOneTestOnly() {
        assertThat(own.container().status().running()).isTrue();
        assertThat(own.container().id()).isNotEqualTo(WEB.container().id());
        assertThat(own.container().record().labels()).containsKey(TestSession.LABEL);
    }

    @Test
    void oneThatEndsTooEarlySaysWhatItSaid() {
        var bad = ContainerExtension.of(shell("echo oh no; exit 3")).readyWhen(Readiness.port(1));
        try (TestSession session = TestSession.open()) {
            Container container = session.start(shell("echo oh no; exit 3"));
            assertThat(container.await()).isEqualTo(3);
            assertThat(Readiness.port(1).isReady(container)).isFalse();
            assertThat(Readiness.log("oh").isReady(container)).isTrue();
            assertThat(Readiness.started().isReady(container)).isFalse();
        }
        assertThatThrownBy(bad::container).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theEngineRefusesByFault() {
        try (TestSession session = TestSession.open()) {
            assertThatThrownBy(() -> session.start(ContainerOptions.builder("busybox").process(ProcessOptions.builder().command(List.of("/no/such")).build()).build()))
                    .isInstanceOf(Fault.class);
        }
    }

    @Test
    void whatAKilledJvmLeavesIsRemoved() throws IOException, InterruptedException {
        var java = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")) + ":" + System.getProperty("jdk.module.path", ""),
                "-Dcarafe.home=" + System.getProperty("carafe.home"), "-Dcarafe.root=" + System.getProperty("carafe.root"),
                "-Dcarafe.run-root=" + System.getProperty("carafe.run-root"), Victim.class.getName());
        Process victim = java.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(victim.getInputStream()))) {
            String id = out.readLine();
            assertThat(id).hasSize(64);
            assertThat(Files.isDirectory(TestPlace.containers().resolve(id))).isTrue();
            victim.destroyForcibly().waitFor();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (Files.isDirectory(TestPlace.containers().resolve(id)) && System.nanoTime() < end) {
                Thread.sleep(50);
            }
            assertThat(Files.isDirectory(TestPlace.containers().resolve(id))).isFalse();
        }
    }
}
