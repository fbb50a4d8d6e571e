/**
 * Control groups by way of systemd, which owns them where it runs: a container's groups are those of a transient scope (systemd.scope(5)), which systemd makes
 * and removes, asked over D-Bus. What goes in is a path of the form slice:prefix:name and limits; what comes out is the group's path, in which everything else
 * works as without systemd.
 *
 * <p>{@link dev.carafe.runtime.systemd.Bus} speaks the protocol over one connection, {@link dev.carafe.runtime.systemd.BusMessage} is its wire format, as far as
 * this needs it; {@link dev.carafe.runtime.systemd.ScopeUnit} asks systemd, {@link dev.carafe.runtime.systemd.ScopeProperties} are limits in its words.
 */
@NullMarked
package dev.carafe.runtime.systemd;

import org.jspecify.annotations.NullMarked;
