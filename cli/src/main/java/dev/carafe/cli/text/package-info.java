/**
 * How values are written for the reader of a terminal: quoted text, columns, sizes, spans of time, cut-off text.
 *
 * <p>In: values. Out: text, without a trailing line feed unless said. Nothing here prints; nothing here knows a command. The forms are
 * those of docker's client, so that scripts which read its output read ours: quoting as Go's strconv.Quote, columns as Go's
 * text/tabwriter with cells of at least ten places and three of padding, sizes in powers of 1000 with three or four digits.
 *
 * <p>Example: {@code Columns.align("A\tB\nlonger than that\tc\n")} gives
 * <pre>{@code
 * A                  B
 * longer than that   c
 * }</pre>
 */
@NullMarked
package dev.carafe.cli.text;

import org.jspecify.annotations.NullMarked;
