/**
 * The commands: one class each. A command reads its words by its table, calls the engine, and prints; it decides nothing about
 * containers. {@link dev.carafe.cli.command.Commands} knows their names.
 *
 * <p>In: a {@link dev.carafe.cli.command.Call}: who calls, the words behind the command, and what opens the engine when it is first needed. Out: text on
 * the {@link dev.carafe.cli.surface.Console}, and an exit status. Exit statuses are docker's: 0, 1 for an engine's refusal, 125 to 127 for
 * {@code run}, {@code create}, {@code start} and {@code exec} that could not start their program, else that of the program itself.
 *
 * <p>Invariants: only the command that is called is built, since a cold start pays for every class; a fault becomes one line on standard
 * error; of several operands, one that fails is told and does not keep the others from their turn.
 *
 * <p>Example: {@code container ls -q} is found by its longer spelling as {@code ps}; its table reads {@code -q}; the command asks the engine
 * for all containers, and prints the ids of those that run.
 */
@NullMarked
package dev.carafe.cli.command;

import org.jspecify.annotations.NullMarked;
