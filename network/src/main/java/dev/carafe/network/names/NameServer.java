package dev.carafe.network.names;

import dev.carafe.base.Fault;
import dev.carafe.base.IpAddress;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** The server of one container: what it is asked, and what it answers. {@link NameServers} says when it is its turn. */
final class NameServer implements AutoCloseable {
    /** Questions in a turn; then the other servers have theirs. */
    private static final int BATCH = 32;
    /** Who asks more within a window waits for its end; the kernel drops what the socket has no room for meanwhile. */
    private static final int BURST = 200;
    private static final long WINDOW_NANOS = 50_000_000;
    private static final int FORWARDS = 16;
    private static final int CONNECTIONS = 4;
    private static final int IDLE_MILLIS = 3000;
    private static final int STREAM_BYTES = 65535;

    private final NameSockets sockets;
    private final Acquaintance acquaintance;
    private final Forwarder forwarder;
    private final Executor threads;
    private final Semaphore forwards = new Semaphore(FORWARDS);
    private final Semaphore connections = new Semaphore(CONNECTIONS);
    private final AtomicInteger turn = new AtomicInteger();
    private final ByteBuffer buffer = ByteBuffer.allocate(Query.LARGE);
    private long window;
    private int count;

    /** @param threads those that may block; refuses when there are no more of them */
    NameServer(NameSockets sockets, Acquaintance acquaintance, Forwarder forwarder, Executor threads) {
        this.sockets = sockets;
        this.acquaintance = acquaintance;
        this.forwarder = forwarder;
        this.threads = threads;
    }

    NameSockets sockets() {
        return sockets;
    }

    /**
     * Answers the datagrams that are there, as many as a turn allows.
     *
     * @return until when it is not to be asked again, as of {@link System#nanoTime}; 0: at any time
     */
    long receive() throws IOException {
        for (int k = 0; k < BATCH; k++) {
            buffer.clear();
            SocketAddress asker = sockets.datagrams.receive(buffer);
            if (asker == null) {
                return 0;
            }
            byte[] message = new byte[buffer.flip().remaining()];
            buffer.get(message);
            Query.read(message).ifPresent(query -> answer(query, asker));
            long now = System.nanoTime();
            if (now - window > WINDOW_NANOS) {
                window = now;
                count = 0;
            }
            if (++count >= BURST) {
                return window + WINDOW_NANOS;
            }
        }
        return 0;
    }

    private void answer(Query query, SocketAddress asker) {
        Optional<byte[]> known = known(query, query.size());
        if (known.isPresent()) {
            send(known.get(), asker);
        } else if (!apart(forwards, () -> send(forward(query, false), asker))) {
            send(Reply.of(query, Reply.FAILED), asker);
        }
    }

    /** Does something that may take long, if there is room for it. */
    private boolean apart(Semaphore room, Runnable task) {
        if (!room.tryAcquire()) {
            return false;
        }
        try {
            threads.execute(() -> {
                try {
                    task.run();
                } finally {
                    room.release();
                }
            });
            return true;
        } catch (RejectedExecutionException full) {
            room.release();
            return false;
        }
    }

    private void send(byte[] answer, SocketAddress asker) {
        try {
            sockets.datagrams.send(ByteBuffer.wrap(answer), asker);
        } catch (IOException gone) {
            // Nobody waits for it any more.
        }
    }

    /** What is known here; empty: others have to be asked. What cannot be found out, since a file vanishes or is damaged, fails this question and no other. */
    private Optional<byte[]> known(Query query, int limit) {
        if (query.refusal() != 0) {
            return Optional.of(Reply.of(query, query.refusal()));
        }
        try {
            return known(query, acquaintance.table(), limit);
        } catch (Fault unreadable) {
            return Optional.of(Reply.of(query, Reply.FAILED));
        }
    }

    private Optional<byte[]> known(Query query, NameTable table, int limit) {
        if (query.internet() && table.knows(query.name())) {
            boolean four = query.type() == Query.A || query.type() == Query.ANY;
            boolean six = query.type() == Query.AAAA;
            // A name of ours has no records of other kinds, and nobody else is told of it.
            List<IpAddress> held = four || six ? table.of(query.name(), six, turn.getAndIncrement()) : List.of();
            return Optional.of(Reply.addresses(query, held, limit));
        }
        if (query.internet() && query.type() == Query.PTR) {
            return NameTable.reversed(query.name()).map(address -> table.names().get(address)).map(name -> Reply.pointer(query, name, limit));
        }
        return Optional.empty();
    }

    /** Blocks for some seconds at most. */
    private byte[] forward(Query query, boolean stream) {
        try {
            Acquaintance.Upstream upstream = acquaintance.upstream();
            Forwarder.Place place = upstream.inside() ? sockets::make : NameServer::makeHere;
            return forwarder.ask(query, upstream, place, stream).orElseGet(() -> Reply.of(query, Reply.FAILED));
        } catch (Fault gone) {
            // The container has ended meanwhile.
            return Reply.of(query, Reply.FAILED);
        }
    }

    private static <T> T makeHere(Callable<T> socket) throws IOException {
        try {
            return socket.call();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /** Takes the connections that are there. */
    void accept() throws IOException {
        for (int k = 0; k < BATCH; k++) {
            SocketChannel connection = sockets.connections.accept();
            if (connection == null) {
                return;
            }
            if (!apart(connections, () -> converse(connection))) {
                connection.close();
            }
        }
    }

    /** Questions on one connection, one after the other, each behind its length (RFC 1035, section 4.2.2). */
    private void converse(SocketChannel connection) {
        try (connection; Socket socket = connection.socket()) {
            socket.setSoTimeout(IDLE_MILLIS);
            var in = new DataInputStream(socket.getInputStream());
            while (true) {
                int length = in.readUnsignedShort();
                if (length > Query.LARGE) {
                    return;
                }
                byte[] message = new byte[length];
                in.readFully(message);
                Optional<Query> query = Query.read(message);
                if (query.isEmpty()) {
                    return;
                }
                byte[] answer = known(query.get(), STREAM_BYTES).orElseGet(() -> forward(query.get(), true));
                socket.getOutputStream().write(ByteBuffer.allocate(2 + answer.length).putShort((short) answer.length).put(answer).array());
            }
        } catch (IOException gone) {
            // The other side has had enough, or said nothing for long.
        }
    }

    @Override
    public void close() {
        sockets.close();
    }
}
