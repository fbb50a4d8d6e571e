package dev.carafe.conformance;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** Tests of clients that were made for docker, against one {@code carafe serve}; nothing may be left by any of them. */
@Timeout(180)
abstract class DockerSuite {
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
}
