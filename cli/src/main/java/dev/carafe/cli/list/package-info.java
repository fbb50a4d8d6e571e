/**
 * Lists of things as text: what {@code ps} and {@code images} print, and the filters that chose their rows.
 *
 * <p>In: plain rows ({@link dev.carafe.cli.list.ContainerRow}, {@link dev.carafe.cli.list.ImageRow}), the moment and the time zone, and what the
 * user asked for ({@link dev.carafe.cli.list.View}). Out: text that ends with a line feed, ready for standard output. Nothing here asks a
 * store, a clock or the environment.
 *
 * <p>Terms: a <em>column</em> is a name that {@code --format} may use; a <em>heading</em> is its title in a table. Formats are docker's: nothing or
 * {@code table} for the default table, {@code table TEMPLATE}, {@code json} for an object a line, or a template that is applied to each row.
 *
 * <p>Invariants: a column has the same text in every format; the order of rows is that of the input; a template that names an unknown
 * column is a fault even when there are no rows.
 *
 * <p>Example: {@code View.of("table {{.ID}}\t{{.Names}}")} over one container gives
 * <pre>{@code
 * CONTAINER ID   NAMES
 * 0123456789ab   web
 * }</pre>
 */
@NullMarked
package dev.carafe.cli.list;

import org.jspecify.annotations.NullMarked;
