package dev.carafe.bench;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** One TCP stream from one network namespace to another, for {@code bench/networks}: {@code sink PORT} prints MB/s of what {@code source ADDRESS PORT MILLIS} sends. */
public final class Stream {
    private static final int BUFFER = 1 << 18;
    private static final int ATTEMPTS = 2000;
    private static final int WARM_UP_BYTES = 64 << 20;

    private Stream() {
    }

    /** @param words as said of the class */
    public static void main(String[] words) throws Exception {
        if (words[0].equals("sink")) {
            sink(Integer.parseInt(words[1]));
        } else {
            source(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]));
        }
    }

    /** The first megabytes count for nothing: the window grows, and Java compiles. */
    private static void sink(int port) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            listener.bind(new InetSocketAddress(port));
            System.out.println("ready");
            try (SocketChannel from = listener.accept()) {
                ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
                long bytes = 0;
                long counted = 0;
                long begun = 0;
                while (from.read(buffer.clear()) >= 0) {
                    bytes += buffer.position();
                    if (begun == 0 && bytes >= WARM_UP_BYTES) {
                        begun = System.nanoTime();
                        counted = bytes;
                    }
                }
                System.out.println(Math.round((bytes - counted) * 1e3 / (System.nanoTime() - begun)));
            }
        }
    }

    private static void source(String address, int port, int millis) throws Exception {
        for (int attempt = 0;; attempt++) {
            try (SocketChannel to = SocketChannel.open(StandardProtocolFamily.INET)) {
                to.connect(new InetSocketAddress(address, port));
                ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
                for (long end = System.nanoTime() + millis * 1_000_000L; System.nanoTime() < end;) {
                    to.write(buffer.clear());
                }
                return;
            } catch (ConnectException early) {
                if (attempt == ATTEMPTS) {
                    throw early;
                }
                Thread.sleep(5);
            }
        }
    }
}
