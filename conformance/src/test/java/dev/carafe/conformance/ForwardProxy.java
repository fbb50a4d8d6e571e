package dev.carafe.conformance;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy that wants to see a password and knows one host, whatever it is called: a registry on the loopback. */
final class ForwardProxy implements AutoCloseable {
    private final ServerSocket server;
    private final int target;
    private final String wanted;
    /** The first line of each request that was let through. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    ForwardProxy(int target, String user) throws IOException {
        this.target = target;
        this.wanted = "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
        this.server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** One request for each connection: the head is passed on as it is read, with a word that it was the last. */
    private void serve(Socket client) {
        try (client; Socket there = new Socket("127.0.0.1", target)) {
            InputStream in = new BufferedInputStream(client.getInputStream());
            String first = line(in);
            var head = new StringBuilder();
            boolean known = false;
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                String name = line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT);
                known |= name.equals("proxy-authorization") && line.substring(name.length() + 1).strip().equals(wanted);
                if (!name.equals("proxy-authorization") && !name.equals("connection")) {
                    head.append(line).append("\r\n");
                }
            }
            if (!known) {
                client.getOutputStream().write("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=cellar\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                return;
            }
            requests.add(first);
            if (first.startsWith("CONNECT ")) {
                client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } else {
                String[] words = first.split(" ");
                String path = words[1].substring(words[1].indexOf('/', "http://".length()));
                there.getOutputStream().write((words[0] + " " + path + " HTTP/1.1\r\n" + head + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            }
            Thread up = Thread.ofVirtual().start(() -> pump(in, there));
            pump(there.getInputStream(), client);
            up.interrupt();
        } catch (IOException broken) {
            // Whoever waits at the other end sees it.
        }
    }

    private static void pump(InputStream from, Socket to) {
        byte[] buffer = new byte[1 << 16];
        try {
            for (int got = from.read(buffer); got >= 0; got = from.read(buffer)) {
                to.getOutputStream().write(buffer, 0, got);
                to.getOutputStream().flush();
            }
            to.shutdownOutput();
        } catch (IOException broken) {
            // Likewise.
        }
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
