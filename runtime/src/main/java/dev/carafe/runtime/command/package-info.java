/**
 * The command line of the runtime, word for word that of runc: what podman, containerd and docker call.
 *
 * <p>In: a {@link dev.carafe.runtime.command.Caller}, that is arguments, surroundings and streams of whoever called, and a performer in its process.
 * Out: an exit status, what is printed, and for errors one line in the log that engines parse. {@link dev.carafe.runtime.command.RuntimeCommand} is
 * the entry; what the commands do is in {@link dev.carafe.runtime.oci}.
 *
 * <p>Invariants: a command works the same whether the JVM was started for it or serves others too, so nothing here uses the JVM's own streams,
 * directory, environment or process id; paths are the caller's. Only the table of the command that is called is made.
 *
 * <p>Example: {@code carafe-runtime --root /run/demo --log /tmp/log --log-format json state web} prints the state of "web"; when there is none, it
 * ends with status 1, and the log's last line is
 * <pre>
 *   {"level":"error","msg":"open container \"web\": container does not exist","time":"2026-01-01T00:00:00Z"}
 * </pre>
 */
@NullMarked
package dev.carafe.runtime.command;

import org.jspecify.annotations.NullMarked;
