/**
 * The lifecycle of the runtime-spec: containers that belong to their caller.
 *
 * <p>In: a bundle, an id, and what the caller passes on. Out: a container whose init is a descendant of the caller, and a directory that tells of it.
 * {@link dev.carafe.runtime.oci.OciRuntime} creates and finds containers, {@link dev.carafe.runtime.oci.OciContainer} is one of them.
 *
 * <p>Terms. The <em>state root</em> holds a directory for each container. The <em>gate</em> is a fifo: init, ready but for its program, holds it open
 * and reads; {@code start} writes one byte and waits until init has let go of it, which the kernel does for init at execve(2) or at its death.
 * The <em>groups</em> are the container's directories in all hierarchies of control groups.
 *
 * <pre>
 *     create ─▶ creating ─▶ created ──start──▶ running ⇄ paused
 *                  │            │                 │
 *                  └──failed    └──────kill───────┴──▶ stopped ──delete──▶ (nothing)
 * </pre>
 *
 * <p>Invariants:
 * <ul>
 *   <li>No process of ours outlives a call, but for the foreground of {@code run} and {@code exec}.
 *   <li>Status is derived at each question: from /proc by number and start time of init, from the freezer, and from the mark that init itself
 *       made in the program's file when it passed the gate.
 *   <li>Whoever changes a container holds its lock, which the kernel takes back when they die. Killed at any point, a command leaves a container that
 *       {@code delete --force} removes whole.
 *   <li>A performer that dies before the container is created takes init with it: init then writes to a pipe without a reader.
 * </ul>
 *
 * <p>Example:
 * <pre>{@code
 *     var runtime = new OciRuntime(new StateRoot(Path.of("/run/carafe-runtime")), kernel, host, filters, performer, InstantSource.system(), System.getenv());
 *     OciContainer web = runtime.container("web");
 *     web.start();
 *     web.kill(Signal.TERM.number(), false);
 * }</pre>
 */
@NullMarked
package dev.carafe.runtime.oci;

import org.jspecify.annotations.NullMarked;
