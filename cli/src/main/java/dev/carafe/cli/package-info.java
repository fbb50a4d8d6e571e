/**
 * The command line: words in, calls of the engine, text and an exit status out.
 *
 * <p>{@link dev.carafe.cli.Main} is where the JVM begins. Its rooms: {@code surface} is where a command line comes from, {@code flag} the
 * grammar of options, {@code run} the options of containers, {@code command} the commands, {@code list} and {@code text} tables, {@code template} Go's
 * templates for {@code --format}.
 *
 * <p>Invariants: a command gives the same results whether a warm engine serves it or a JVM of its own; every option in a table is honoured.
 */
@NullMarked
package dev.carafe.cli;

import org.jspecify.annotations.NullMarked;
