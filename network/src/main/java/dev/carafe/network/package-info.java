/**
 * Networks of containers: what they are, which addresses and ports are leased to whom, and what connects a container with them, as data.
 *
 * <p>In: a network's definition, and what a container asks for ({@link dev.carafe.network.EndpointRequest}). Out: an {@link
 * dev.carafe.network.Attachment}, which says what it got, and {@link dev.carafe.plan.Connections}, the operations that its monitor performs when it starts and
 * takes back at its end.
 *
 * <p>Terms: a <em>network</em> is a definition on disk and, once it was used, a bridge and some elements in the packet filter. An <em>endpoint</em> is one
 * container on one network: a device with addresses. A <em>lease</em> is a link in a directory, whose name is an address or a port and whose text is the
 * container that holds it: only one process can make it, and a reader never sees half of it.
 *
 * <p>Invariants: an address is leased before it is used, and given back after the endpoint is gone. The packet filter holds nothing of ours outside of the two
 * tables of one name, one for packets and one for frames. Nothing of others is changed, but for forwarding, which is switched on.
 */
@NullMarked
package dev.carafe.network;

import org.jspecify.annotations.NullMarked;
