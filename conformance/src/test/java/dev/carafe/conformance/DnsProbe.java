package dev.carafe.conformance;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Speaks DNS for tests, as a program of its own so that it can be run in the network namespace of a container: asks, answers, and sends what no server should be sent.
 */
final class DnsProbe {
    private static final int MILLIS = 6000;

    private DnsProbe() {
    }

    /** The words of a command that runs this with those arguments. */
    static List<String> command(String... arguments) {
        String classes = DnsProbe.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        var words = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx64m", "-cp", classes,
                DnsProbe.class.getName()));
        words.addAll(List.of(arguments));
        return words;
    }

    public static void main(String[] words) throws Exception {
        switch (words[0]) {
            case "ask" -> System.out.print(ask(words[1], words[2], words[3], words.length > 4 && words[4].equals("tcp"),
                    words.length > 5 ? Integer.parseInt(words[5]) : 0));
            case "serve" -> serve(words[1]);
            case "annoy" -> annoy(words[1]);
            case "storm" -> storm(words[1], Integer.parseInt(words[2]));
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private static int number(String type) {
        return switch (type) {
            case "A" -> 1;
            case "PTR" -> 12;
            case "MX" -> 15;
            case "AAAA" -> 28;
            default -> throw new IllegalArgumentException(type);
        };
    }

    static byte[] question(int id, String name, int type, int room) {
        ByteBuffer out = ByteBuffer.allocate(600);
        out.putShort((short) id).putShort((short) 0x0100).putShort((short) 1).putShort((short) 0).putShort((short) 0).putShort((short) (room > 0 ? 1 : 0));
        for (String label : name.split("\\.")) {
            out.put((byte) label.length()).put(label.getBytes(StandardCharsets.ISO_8859_1));
        }
        out.put((byte) 0).putShort((short) type).putShort((short) 1);
        if (room > 0) {
            out.put((byte) 0).putShort((short) 41).putShort((short) room).putInt(0).putShort((short) 0);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    /** A line {@code CODE FLAGS COUNT}, then one for each answer. */
    private static String ask(String server, String type, String name, boolean tcp, int room) throws IOException {
        byte[] message = question(4711, name, number(type), room);
        byte[] answer;
        if (tcp) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(server, 53), MILLIS);
                socket.setSoTimeout(MILLIS);
                ByteBuffer framed = ByteBuffer.allocate(message.length + 2).putShort((short) message.length).put(message);
                socket.getOutputStream().write(framed.array());
                var in = new DataInputStream(socket.getInputStream());
                answer = new byte[in.readUnsignedShort()];
                in.readFully(answer);
            }
        } else {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.setSoTimeout(MILLIS);
                socket.connect(new InetSocketAddress(server, 53));
                socket.send(new DatagramPacket(message, message.length));
                var packet = new DatagramPacket(new byte[65535], 65535);
                socket.receive(packet);
                answer = Arrays.copyOf(packet.getData(), packet.getLength());
            } catch (java.net.PortUnreachableException refused) {
                return "refused\n";
            } catch (SocketTimeoutException silent) {
                return "silence\n";
            }
        }
        return print(answer);
    }

    private static String print(byte[] answer) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(answer);
        int id = in.getShort() & 0xffff;
        int flags = in.getShort() & 0xffff;
        int questions = in.getShort();
        int count = in.getShort() & 0xffff;
        in.position(12);
        if (id != 4711 || (flags & 0x8000) == 0) {
            return "no answer to this\n";
        }
        var text = new StringBuilder().append(flags & 15).append((flags & 0x0200) != 0 ? " cut" : "").append((flags & 0x80) != 0 ? " recursion" : "").append(' ').append(count)
                .append(' ').append(answer.length).append('\n');
        for (int k = 0; k < questions; k++) {
            name(in);
            in.getInt();
        }
        for (int k = 0; k < count; k++) {
            name(in);
            int type = in.getShort();
            in.getInt();
            in.getShort();
            byte[] data = new byte[in.getShort() & 0xffff];
            if (type == 12) {
                in.mark();
                text.append(name(in)).append('\n');
                in.reset();
            }
            in.get(data);
            if (type == 1 || type == 28) {
                text.append(InetAddress.getByAddress(data).getHostAddress()).append('\n');
            }
        }
        return text.toString();
    }

    private static String name(ByteBuffer in) {
        var text = new StringBuilder();
        while (true) {
            int length = in.get() & 0xff;
            if (length == 0) {
                return text.toString();
            }
            if (length >= 0xc0) {
                in.get();
                return text + "*";
            }
            byte[] label = new byte[length];
            in.get(label);
            text.append(new String(label, StandardCharsets.ISO_8859_1)).append('.');
        }
    }

    /** Knows every name that begins with a number, and "big", whose hundred addresses fit into no datagram; fails of names that begin with "fail". Prints what it is asked. */
    private static void serve(String address) throws Exception {
        var place = new InetSocketAddress(address, 53);
        try (DatagramSocket datagrams = new DatagramSocket(place); ServerSocket connections = new ServerSocket()) {
            connections.bind(place);
            System.out.println("ready");
            Thread.ofPlatform().daemon().start(() -> {
                while (true) {
                    try (Socket socket = connections.accept()) {
                        var in = new DataInputStream(socket.getInputStream());
                        byte[] message = new byte[in.readUnsignedShort()];
                        in.readFully(message);
                        byte[] answer = answer(message, true);
                        socket.getOutputStream().write(ByteBuffer.allocate(answer.length + 2).putShort((short) answer.length).put(answer).array());
                    } catch (IOException gone) {
                        // The next one.
                    }
                }
            });
            while (true) {
                var packet = new DatagramPacket(new byte[4096], 4096);
                datagrams.receive(packet);
                byte[] answer = answer(Arrays.copyOf(packet.getData(), packet.getLength()), false);
                datagrams.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        }
    }

    private static byte[] answer(byte[] message, boolean tcp) {
        ByteBuffer in = ByteBuffer.wrap(message).position(12);
        String name = name(in);
        in.getInt();
        int end = in.position();
        System.out.println((tcp ? "tcp " : "udp ") + name);
        boolean big = name.startsWith("big.");
        int count = big ? tcp ? 100 : 0 : Character.isDigit(name.charAt(0)) ? 1 : 0;
        int code = name.startsWith("fail") ? 2 : count == 0 && !big ? 3 : 0;
        ByteBuffer out = ByteBuffer.allocate(end + 16 * count);
        out.put(message, 0, end);
        out.put(2, (byte) (0x81 | (big && !tcp ? 2 : 0))).put(3, (byte) (0x80 | code)).putShort(4, (short) 1).putShort(6, (short) count).putInt(8, 0);
        for (int k = 0; k < count; k++) {
            out.putShort((short) 0xc00c).putShort((short) 1).putShort((short) 1).putInt(60).putShort((short) 4).put(new byte[] {(byte) 192, 0, 2, (byte) (big ? k : 7)});
        }
        return out.array();
    }

    /** Sends what is no question, by both ways, and prints how often anything came back. */
    private static void annoy(String server) throws Exception {
        var messages = new ArrayList<byte[]>();
        byte[] good = question(1, "server", 1, 0);
        for (int k = 0; k <= good.length; k++) {
            messages.add(Arrays.copyOf(good, k));
        }
        byte[] loop = Arrays.copyOf(good, 18);
        loop[12] = (byte) 0xc0;
        loop[13] = 12;
        messages.add(loop);
        byte[] answer = good.clone();
        answer[2] |= (byte) 0x80;
        messages.add(answer);
        byte[] many = good.clone();
        Arrays.fill(many, 4, 12, (byte) 0xff);
        messages.add(many);
        byte[] longLabel = good.clone();
        longLabel[12] = 0x7f;
        messages.add(longLabel);
        byte[] endless = new byte[4000];
        Arrays.fill(endless, (byte) 1);
        System.arraycopy(good, 0, endless, 0, 12);
        messages.add(endless);
        byte[] additional = question(1, "server", 1, 1232);
        additional[additional.length - 1] = (byte) 0xff;
        messages.add(additional);
        messages.add(new byte[60000]);
        var random = new Random(1);
        for (int k = 0; k < 2000; k++) {
            byte[] noise = k % 2 == 0 ? new byte[random.nextInt(600)] : good.clone();
            if (k % 2 == 0) {
                random.nextBytes(noise);
            } else {
                noise[random.nextInt(noise.length)] = (byte) random.nextInt();
            }
            messages.add(noise);
        }
        int heard = 0;
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(server, 53));
            for (byte[] message : messages) {
                socket.send(new DatagramPacket(message, message.length));
            }
            socket.setSoTimeout(1000);
            var packet = new DatagramPacket(new byte[4096], 4096);
            while (true) {
                socket.receive(packet);
                heard++;
            }
        } catch (SocketTimeoutException end) {
            System.out.println("heard " + heard);
        }
        // Connections that say nothing, half a message, or a length that never comes.
        var open = new ArrayList<Socket>();
        for (int k = 0; k < 100; k++) {
            try {
                var socket = new Socket();
                socket.connect(new InetSocketAddress(server, 53), 1000);
                socket.getOutputStream().write(k % 3 == 0 ? new byte[] {} : k % 3 == 1 ? new byte[] {0, 50, 1, 2} : new byte[] {(byte) 0xff, (byte) 0xff, 7});
                open.add(socket);
            } catch (IOException refused) {
                break;
            }
        }
        System.out.println("connected " + open.size());
        for (Socket socket : open) {
            socket.close();
        }
    }

    /** Asks without a pause, for names that are known and names that are not, and hears nothing. */
    private static void storm(String server, int seconds) throws Exception {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        System.out.println("storming");
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(server, 53));
            for (int k = 0; System.nanoTime() < end; k++) {
                byte[] message = question(k & 0xffff, k % 2 == 0 ? "server" : "x" + k + ".example", 1, 0);
                try {
                    socket.send(new DatagramPacket(message, message.length));
                } catch (IOException full) {
                    // It goes on.
                }
            }
        }
    }
}
