package dev.carafe.docker.http;

import java.io.IOException;

/** What came is no request that this server takes; after the answer the connection is closed, since nobody knows where the next one begins. */
final class BadRequest extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    BadRequest(int status, String reason) {
        super(reason);
        this.status = status;
    }

    int status() {
        return status;
    }
}
