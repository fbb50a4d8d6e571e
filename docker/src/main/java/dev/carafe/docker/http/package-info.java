/**
 * HTTP/1.1 as Docker's clients speak it (RFC 9112): requests in, answers out, and connections that leave HTTP behind ({@code Upgrade: tcp}).
 *
 * <p>What comes in: bytes of a connection, on a Unix socket, TCP or TLS. What goes out: a {@link dev.carafe.docker.http.Request} with a head that was
 * checked whole, and an {@link dev.carafe.docker.http.Exchange} to answer it. Whatever two readers might understand differently is refused: a length said
 * twice, a length beside chunks, folded lines, blanks before a colon, line feeds alone. Heads, lines and numbers have limits; time-outs keep
 * those away who begin a request and do not end it.
 *
 * <p>Each connection has a virtual thread, which reads from top to bottom.
 */
@NullMarked
package dev.carafe.docker.http;

import org.jspecify.annotations.NullMarked;
