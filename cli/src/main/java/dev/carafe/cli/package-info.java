/**
 * The command line: parse, call the engine, print.
 *
 * <p>In: the words of the user, the environment, the directory and the three standard streams. Out: text on those streams and an exit
 * status. All that is a function of values lives in inner packages that do no I/O: {@link dev.carafe.cli.flag} (the grammar of
 * options), {@link dev.carafe.cli.template} (Go templates for {@code --format}), {@link dev.carafe.cli.list} (what {@code ps} and
 * {@code images} print) and {@link dev.carafe.cli.text} (how values are written).
 *
 * <p>Invariants: an option is honoured or unknown, never accepted and ignored; a command that is not called costs nothing at start.
 *
 * <p>Example: {@code carafe ps --format '{{.Names}}'} reads its options by a table of {@link dev.carafe.cli.flag.CommandSpec}, asks the engine for
 * containers, turns them into rows and prints what {@link dev.carafe.cli.list.ContainerList} makes of them.
 */
@NullMarked
package dev.carafe.cli;

import org.jspecify.annotations.NullMarked;
