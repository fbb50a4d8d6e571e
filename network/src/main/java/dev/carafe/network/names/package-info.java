/**
 * Who answers containers' questions for names: a server for each on 127.0.0.11 within its network namespace, as docker has it.
 *
 * <p>In: DNS messages (RFC 1035, RFC 6891) of programs that nobody trusts, and a {@link dev.carafe.network.names.NameTable} of whom the asker shares a network with.
 * Out: answers from that table, or what a server of the host has answered.
 *
 * <p>Invariants: nothing of a message is believed before it was measured, no name of a question is ever followed by a pointer, and nobody learns of a network that he
 * is not on. One container's flood takes its own turns only: it has so many questions a turn, so many in a moment, and so many that are on their way to
 * other servers. The namespace of a container is held no longer than its init lives.
 *
 * <p>No process and no thread belongs to a server: one thread reads for all, by turns. When its process is killed, the kernel closes its sockets
 * and takes its rules back, so that a question is refused at once and its asker goes on to the next server in resolv.conf(5).
 */
@NullMarked
package dev.carafe.network.names;

import org.jspecify.annotations.NullMarked;
