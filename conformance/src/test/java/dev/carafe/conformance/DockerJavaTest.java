package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** docker-java and Testcontainers against {@code carafe serve}, from a program in the server's network. */
@Timeout(180)
class DockerJavaTest {
    static DockerApi docker;

    @BeforeAll
    static void open() {
        docker = DockerApi.open();
    }

    @AfterAll
    static void close() {
        if (docker != null) {
            docker.close();
        }
    }

    @AfterEach
    void nothingIsLeft() {
        docker.nothingIsLeft();
    }

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
