/**
 * Where a command line comes from and where its words go: the native client, either as the parent of this JVM or at the other end of a
 * warm engine's socket. A command sees only {@link dev.carafe.cli.surface.Console}; it gives the same results either way.
 *
 * <p>In: a {@link dev.carafe.cli.surface.Request}, which the client writes into a memory file, and the far ends of its streams and of its session.
 * Out: words of one letter each, which the client obeys:
 *
 * <pre>
 *     to the client      O, E  print on standard output, error        R  begin a session (raw terminal, signals)
 *                        P     perform a plan                         C  make a system call
 *                        K     the engine listens                     N  this caller is not served
 *                        Q     end with that status
 *     from the client    B     begin                                  c  the system call is made
 *                        s, z  the plan's program runs; has ended     X, D  the session has ended; was left by its detach keys
 * </pre>
 *
 * <p>Invariants: a warm engine serves its own user in its own namespaces and nobody else; at most one serves a run root (a lock beside its
 * socket); it leaves when nobody came for some time, or when the program was built anew, after those that it serves are done.
 *
 * <p>Example: {@code carafe ps}, warm: {@code B} with five descriptors, {@code O} with the table, {@code Q} with 0.
 */
@NullMarked
package dev.carafe.cli.surface;

import org.jspecify.annotations.NullMarked;
