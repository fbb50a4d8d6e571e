/**
 * Where a command line comes from and where its words go: the native client, either as the parent of this JVM or at the other end of a
 * warm engine's socket. A command sees only {@link dev.carafe.cli.surface.Console}; it gives the same results either way.
 *
 * <p>The client writes the {@link dev.carafe.cli.surface.Request} into a memory file and then obeys words of one letter each: O and E print,
 * R begins a session (raw terminal, signals), P performs a plan, C makes a system call, K says that the engine listens, N that it does not serve
 * this caller, Q ends with a status. It says B to begin and D when the user typed the detach keys.
 */
@NullMarked
package dev.carafe.cli.surface;

import org.jspecify.annotations.NullMarked;
