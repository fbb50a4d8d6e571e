/**
 * The options of {@code run}, {@code create} and {@code exec}: their tables, and what they say as the engine's records.
 *
 * <p>In: the words behind the command, and the {@link dev.carafe.cli.run.Caller} (environment, directory, files that options name). Out: a
 * {@link dev.carafe.cli.run.Reading}: {@link dev.carafe.engine.ContainerOptions} or {@link dev.carafe.engine.ExecOptions}, or what to
 * print and the exit status. Only files that options name are read ({@code --env-file}, {@code --label-file}, a seccomp profile); whatever
 * else depends on the host is for the engine to check.
 *
 * <p>Terms: a <em>specification</em> is the value of an option with a grammar of its own, such as {@code /src:/dst:ro} of {@code --volume}.
 *
 * <p>Invariants: the tables list what the records can say and nothing else; refusals are worded as docker's client and daemon word them; a
 * refusal exits with 125, so that it cannot be taken for a status of the container's.
 *
 * <p>Example: {@code -it --rm -v ./src:/src:ro alpine ls /src} is a {@code ContainerOptions} of image {@code alpine}, command {@code ls /src},
 * interactive with a terminal, removed when done, with one read-only bind mount of the caller's {@code src}.
 */
@NullMarked
package dev.carafe.cli.run;

import org.jspecify.annotations.NullMarked;
