/**
 * Docker's Engine API on top of the engine, for clients that were made for docker (its reference: {@code api/swagger.yaml} of moby, versions 1.24 to 1.51).
 *
 * <p>What comes in: requests, by {@link dev.carafe.docker.http}. What goes out: calls of {@link dev.carafe.engine.Engine}, and its documents, which have
 * docker's shape already. {@link dev.carafe.docker.Router} finds the operation for a method and a path; each group of operations is one class, which names
 * its routes. Statuses and texts of refusals are dockerd's where clients go by them, else the fault's own line.
 *
 * <p>The server keeps nothing that matters: processes that were asked for and not yet started, and sessions that wait for a start. When it is killed,
 * containers, their output and their exit codes stay, and the next one, or any command, goes on with them.
 */
@NullMarked
package dev.carafe.docker;

import org.jspecify.annotations.NullMarked;
