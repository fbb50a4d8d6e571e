package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** docker-java and Testcontainers against {@code carafe serve}, from a program in the server's network. */
class DockerJavaTest extends DockerSuite {
    private static Outcome run(String... arguments) {
        return docker.java(DockerJavaProgram.class, arguments);
    }

    @Test
    void dockerJavaAttachesWaitsAndRemoves() {
        Outcome outcome = run("docker-java", docker.carafe().group());
        assertThat(outcome.out().lines()).as("%s", outcome).containsExactly("api 1.51", "attached through", "code 0", "logs through", "listed 1", "inspected exited", "gone");
    }

    @Test
    void testcontainersStartsWaitsCopiesAndConnects() {
        Outcome outcome = run("testcontainers");
        assertThat(outcome.out().lines()).as("%s", outcome).containsExactly("executed copied", "served", "reached", "copied copied");
    }
}
