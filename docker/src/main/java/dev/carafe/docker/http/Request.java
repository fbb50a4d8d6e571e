package dev.carafe.docker.http;

import java.io.InputStream;

/**
 * One request, with a head that was checked.
 *
 * @param method such as {@code GET}
 * @param path of its target, decoded by whoever takes it apart, without the query
 * @param query behind the question mark; empty: none
 * @param minor of its HTTP version: 0 or 1
 * @param body to be read once; empty where there is none
 * @param hasBody whether the head says that there is one
 */
public record Request(String method, String path, String query, int minor, Headers headers, InputStream body, boolean hasBody) {
    /** Whether another request may come on this connection. */
    boolean keepsConnection() {
        return minor == 1 ? !headers.hasWord("connection", "close") : headers.hasWord("connection", "keep-alive");
    }

    /** Whether the client asks to leave HTTP behind. */
    public boolean upgrades() {
        return headers.hasWord("connection", "upgrade") && headers.get("upgrade").isPresent();
    }
}
