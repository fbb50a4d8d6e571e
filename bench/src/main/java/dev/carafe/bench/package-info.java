/**
 * Compares Carafe with the container engines that are installed on a machine, in one interleaved run, and prints tables.
 *
 * <p>Into it flow {@link Options}; out of it flows a {@link Report} in Markdown. On the way a {@link Workplace} makes a root file
 * system, bundles and one control group for each {@link Peer}; a {@link Shell} that sits in that group runs the peer's
 * commands and takes the wall time; {@link CpuGroup} tells the processor time of all that ran there, whoever's child it was; and
 * {@link Comparison} takes the {@link Sample samples} in turns.
 *
 * <p>Terms: a <em>peer</em> is one engine in one configuration; its <em>tools</em> are the client, the engine and the daemons that
 * work for it; a <em>monitor</em> is the process on the host's side that is the parent of one container; a <em>round</em> takes
 * one sample of every peer; the <em>reference</em> is the peer to which the ratios relate.
 *
 * <p>Invariants: every process that works for a peer, and every container of it, is below the control group of that peer; nothing
 * is left when the run ends, however it ends ({@link Cleanup}).
 *
 * <p>An example: {@code bench/run --rounds 25 --peers carafe,crun,podman --out figures.md}.
 */
@NullMarked
package dev.carafe.bench;

import org.jspecify.annotations.NullMarked;
