package dev.carafe.network.names;

import dev.carafe.base.IpAddress;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Hands questions on to other servers and their answers back, unread but for what makes an answer one to this question: RFC 5452. Each has a socket, and so a port of
 * chance, and a number of chance.
 */
final class Forwarder {
    private static final int DNS = 53;
    /** An asker gives up after five seconds (resolv.conf(5)). */
    private static final int SERVER_MILLIS = 1500;
    private static final int TOTAL_MILLIS = 4500;
    private static final int MOST_BYTES = 4 * Query.LARGE;

    private final SecureRandom random = new SecureRandom();

    /** Makes sockets where the servers are reached from. */
    interface Place {
        <T> T make(Callable<T> socket) throws IOException;
    }

    /**
     * Asks one server after the other. Blocks for less than five seconds.
     *
     * @param stream by TCP, as the asker did; where a server does not speak that, by UDP
     * @return empty: nobody has answered
     */
    Optional<byte[]> ask(Query query, Acquaintance.Upstream upstream, Place place, boolean stream) {
        long end = System.nanoTime() + TOTAL_MILLIS * 1_000_000L;
        Optional<byte[]> refusal = Optional.empty();
        for (int round = 0; round < 2; round++) {
            for (IpAddress server : upstream.servers()) {
                int left = (int) Math.min(SERVER_MILLIS, (end - System.nanoTime()) / 1_000_000);
                if (left <= 0) {
                    return refusal;
                }
                Optional<byte[]> answer = stream ? byStream(query, server, place, left) : Optional.empty();
                if (answer.isEmpty()) {
                    answer = byDatagram(query, server, place, left);
                }
                if (answer.isPresent()) {
                    int code = answer.get()[3] & 15;
                    if (code != Reply.FAILED && code != Reply.REFUSED && code != Reply.NOT_IMPLEMENTED) {
                        return answer;
                    }
                    refusal = answer;
                }
            }
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return refusal;
    }

    private byte[] numbered(Query query, int number) {
        byte[] message = query.message().clone();
        message[0] = (byte) (number >> 8);
        message[1] = (byte) number;
        return message;
    }

    /** The answer with the asker's own number, if it is one to this question. */
    private static Optional<byte[]> matching(Query query, int number, byte[] answer) {
        boolean ours = answer.length >= Query.HEADER && (answer[2] & 0x80) != 0 && ((answer[0] & 0xff) << 8 | answer[1] & 0xff) == number;
        if (!ours) {
            return Optional.empty();
        }
        boolean empty = answer[4] == 0 && answer[5] == 0 && (answer[3] & 15) != 0;
        if (!empty) {
            Optional<String> name = questioned(answer, query.end());
            if (name.isEmpty() || !name.get().equals(questioned(query.message(), query.end()).orElse(""))) {
                return Optional.empty();
            }
        }
        answer[0] = query.message()[0];
        answer[1] = query.message()[1];
        return Optional.of(answer);
    }

    /** The bytes of the question, in which letters are the same in both cases. */
    private static Optional<String> questioned(byte[] message, int end) {
        return message.length < end ? Optional.empty()
                : Optional.of(new String(message, Query.HEADER, end - Query.HEADER, java.nio.charset.StandardCharsets.ISO_8859_1).toLowerCase(java.util.Locale.ROOT));
    }

    private Optional<byte[]> byDatagram(Query query, IpAddress server, Place place, int millis) {
        int number = random.nextInt(1 << 16);
        byte[] message = numbered(query, number);
        long end = System.nanoTime() + millis * 1_000_000L;
        try (DatagramSocket socket = place.make(DatagramSocket::new)) {
            socket.connect(address(server));
            socket.send(new DatagramPacket(message, message.length));
            var packet = new DatagramPacket(new byte[MOST_BYTES], MOST_BYTES);
            while (true) {
                int left = (int) ((end - System.nanoTime()) / 1_000_000);
                if (left <= 0) {
                    return Optional.empty();
                }
                socket.setSoTimeout(left);
                packet.setLength(MOST_BYTES);
                socket.receive(packet);
                Optional<byte[]> answer = matching(query, number, Arrays.copyOf(packet.getData(), packet.getLength()));
                if (answer.isPresent()) {
                    return answer;
                }
            }
        } catch (IOException silent) {
            return Optional.empty();
        }
    }

    private Optional<byte[]> byStream(Query query, IpAddress server, Place place, int millis) {
        int number = random.nextInt(1 << 16);
        byte[] message = numbered(query, number);
        try (Socket socket = place.make(Socket::new)) {
            socket.connect(address(server), millis);
            socket.setSoTimeout(millis);
            byte[] framed = new byte[2 + message.length];
            framed[0] = (byte) (message.length >> 8);
            framed[1] = (byte) message.length;
            System.arraycopy(message, 0, framed, 2, message.length);
            socket.getOutputStream().write(framed);
            var in = new DataInputStream(socket.getInputStream());
            byte[] answer = new byte[in.readUnsignedShort()];
            in.readFully(answer);
            return matching(query, number, answer);
        } catch (SocketTimeoutException slow) {
            return Optional.empty();
        } catch (IOException refused) {
            return Optional.empty();
        }
    }

    private static InetSocketAddress address(IpAddress server) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(server.bytes()), DNS);
    }
}
