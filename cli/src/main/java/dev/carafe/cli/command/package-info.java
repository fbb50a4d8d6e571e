/**
 * The commands: one class each. A command reads its words by its table, calls the engine, and prints; it decides nothing about
 * containers. {@link dev.carafe.cli.command.Commands} knows their names.
 *
 * <p>Exit statuses are docker's: 0, 1 for an engine's refusal, 125 to 127 for {@code run}, {@code create}, {@code start} and {@code exec} that could
 * not start their program, else that of the program itself.
 */
@NullMarked
package dev.carafe.cli.command;

import org.jspecify.annotations.NullMarked;
