package dev.carafe.docker.http;

import java.io.IOException;

/** Answers requests; called by many threads. */
public interface HttpHandler {
    /** @throws IOException when the client has gone */
    void handle(Exchange exchange) throws IOException;
}
