/**
 * The grammar of a command line: which options a command has, how arguments are read by that table, and what {@code --help} prints.
 *
 * <p>In: a {@link dev.carafe.cli.flag.CommandSpec} (a table) and the words of the user. Out: an
 * {@link dev.carafe.cli.flag.Outcome}: the values, the help page that was asked for, or the refusal with its exit status. Nothing
 * here reads a file, an environment or a clock, and nothing prints.
 *
 * <p>Terms: an <em>option</em> starts with a dash and has a name, perhaps a letter too; an <em>operand</em> is any other word; a
 * <em>switch</em> is an option that needs no value.
 *
 * <p>Why not a library: the users' fingers and scripts know the grammar of Go's pflag, which docker, podman and kubectl share, and
 * it differs from getopt's and picocli's in a dozen places that matter ({@code -it}, {@code -ePATH}, {@code -e=PATH},
 * {@code --rm=false}, options that end at the image of {@code run}, no abbreviations, the wording of refusals). And it must start cold: annotated
 * picocli costs 330 ms of processor time at start and its programmatic model 80 ms more than nothing; this is a loop over a list.
 *
 * <p>Invariants: options are set in the order given, and the first offence wins; a table is a constant without behaviour; what a
 * table does not list is refused, so that no option is ever accepted and ignored.
 *
 * <p>Example: with {@code -i} and {@code -t} switches and {@code -e} a list, {@code -ite A=1 alpine -x} in a command that stops at its
 * first operand sets i, t and e, and leaves {@code alpine -x} as operands.
 */
@NullMarked
package dev.carafe.cli.flag;

import org.jspecify.annotations.NullMarked;
