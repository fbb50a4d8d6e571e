package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Speaks the interface by which Kubernetes asks for containers (runtime.v1 of its cri-api): gRPC over a Unix socket, which curl carries. Messages are
 * written field by field, in the form of protocol buffers.
 */
final class CriClient {
    private final PeerHost host;
    private final Path socket;

    CriClient(PeerHost host, Path socket) {
        this.host = host;
        this.socket = socket;
    }

    /** The answer to a call of the runtime's service, which must succeed. */
    Message call(String method, Message request) {
        try {
            Path body = host.place().resolve("request");
            byte[] message = request.bytes();
            Files.write(body, ByteBuffer.allocate(5 + message.length).put((byte) 0).putInt(message.length).put(message).array());
            Path answer = host.place().resolve("answer");
            Files.deleteIfExists(answer);
            Outcome sent = host.call("curl", "-sS", "--max-time", "60", "--http2-prior-knowledge", "--unix-socket", socket.toString(), "-X", "POST", "-H", "content-type: application/grpc", "-H",
                    "te: trailers", "--data-binary", "@" + body, "-D", host.place() + "/headers", "-o", answer.toString(),
                    "http://localhost/runtime.v1.RuntimeService/" + method);
            String headers = Tools.read(host.place().resolve("headers"));
            assertThat(headers).as("%s: %s", method, sent).containsIgnoringCase("grpc-status: 0");
            byte[] all = Files.readAllBytes(answer);
            return new Message(java.util.Arrays.copyOfRange(all, 5, all.length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fields by number. */
    static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message() {
        }

        private Message(byte[] received) {
            out.writeBytes(received);
        }

        byte[] bytes() {
            return out.toByteArray();
        }

        Message with(int field, String text) {
            return with(field, text.getBytes(StandardCharsets.UTF_8));
        }

        Message with(int field, Message inner) {
            return with(field, inner.bytes());
        }

        Message with(int field, long number) {
            varint((long) field << 3);
            varint(number);
            return this;
        }

        private Message with(int field, byte[] bytes) {
            varint((long) field << 3 | 2);
            varint(bytes.length);
            out.writeBytes(bytes);
            return this;
        }

        private void varint(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                out.write((int) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }

        /** The bytes of a field; empty: it has none of that number, which stands for an empty one. */
        private Optional<byte[]> field(int wanted) {
            ByteBuffer in = ByteBuffer.wrap(bytes());
            while (in.hasRemaining()) {
                long key = varint(in);
                byte[] value;
                if ((key & 7) == 0) {
                    value = ByteBuffer.allocate(8).putLong(varint(in)).array();
                } else {
                    value = new byte[(int) ((key & 7) == 2 ? varint(in) : (key & 7) == 5 ? 4 : 8)];
                    in.get(value);
                }
                if (key >>> 3 == wanted) {
                    return Optional.of(value);
                }
            }
            return Optional.empty();
        }

        private static long varint(ByteBuffer in) {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = in.get();
                value |= (next & 0x7fL) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }

        String text(int field) {
            return new String(field(field).orElse(new byte[0]), StandardCharsets.UTF_8);
        }

        long number(int field) {
            return field(field).map(bytes -> ByteBuffer.wrap(bytes).getLong()).orElse(0L);
        }

        Message message(int field) {
            return new Message(field(field).orElse(new byte[0]));
        }
    }
}
