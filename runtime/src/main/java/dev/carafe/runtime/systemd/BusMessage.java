package dev.carafe.runtime.systemd;

import dev.carafe.base.Fault;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A message of D-Bus in its wire format, little endian (D-Bus Specification, "Message Protocol"): a head with fields, then a body of values one after the other,
 * each aligned to its own size from the message's start.
 *
 * @param type call, return, error or signal
 * @param serial of the sender, from 1 on
 * @param replySerial of the call that is answered; 0: none
 * @param signature the types in the body
 */
record BusMessage(int type, int serial, int replySerial, Optional<String> path, Optional<String> interfaceName, Optional<String> member, Optional<String> error,
        Optional<String> destination, String signature, byte[] body) {
    static final int CALL = 1;
    static final int RETURN = 2;
    static final int ERROR = 3;
    static final int SIGNAL = 4;
    /** What a message may measure at most; the specification's limit is higher, but systemd says nothing that long here. */
    static final int MOST_BYTES = 1 << 24;
    private static final int HEAD_BYTES = 16;

    /** A call. */
    static BusMessage call(int serial, String destination, String path, String interfaceName, String member, String signature, byte[] body) {
        return new BusMessage(CALL, serial, 0, Optional.of(path), Optional.of(interfaceName), Optional.of(member), Optional.empty(),
                destination.isEmpty() ? Optional.empty() : Optional.of(destination), signature, body);
    }

    byte[] bytes() {
        var fields = new Writer();
        int count = 0;
        for (Object[] field : new Object[][] {{1, "o", path}, {2, "s", interfaceName}, {3, "s", member}, {4, "s", error}, {6, "s", destination}}) {
            Optional<?> value = (Optional<?>) field[2];
            if (value.isPresent()) {
                fields.align(8).octet((Integer) field[0]).signature((String) field[1]).text((String) value.get());
                count++;
            }
        }
        if (replySerial != 0) {
            fields.align(8).octet(5).signature("u").number(replySerial);
            count++;
        }
        if (!signature.isEmpty()) {
            fields.align(8).octet(8).signature("g").signature(signature);
            count++;
        }
        assert count > 0;
        byte[] head = fields.bytes();
        var message = new Writer().octet('l').octet(type).octet(0).octet(1).number(body.length).number(serial).number(head.length).raw(head).align(8).raw(body);
        return message.bytes();
    }

    /** How many bytes a message has whose first sixteen these are. */
    static int size(byte[] head) {
        ByteBuffer buffer = ByteBuffer.wrap(head).order(head[0] == 'B' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        long fields = Integer.toUnsignedLong(buffer.getInt(12));
        long size = HEAD_BYTES + (fields + 7 & ~7L) + Integer.toUnsignedLong(buffer.getInt(4));
        if (head[0] != 'l' && head[0] != 'B' || size > MOST_BYTES) {
            throw broken();
        }
        return (int) size;
    }

    static BusMessage parse(byte[] bytes) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes).order(bytes[0] == 'B' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
            var reader = new Reader(buffer);
            int bodySize = buffer.getInt(4);
            int end = HEAD_BYTES + buffer.getInt(12);
            var texts = new String[10];
            int reply = 0;
            buffer.position(HEAD_BYTES);
            while (buffer.position() < end) {
                reader.align(8);
                int code = buffer.get() & 0xff;
                String type = reader.signature();
                switch (type) {
                    case "s", "o" -> texts[Math.min(code, 9)] = reader.text();
                    case "g" -> texts[Math.min(code, 9)] = reader.signature();
                    case "u" -> {
                        int number = reader.number();
                        reply = code == 5 ? number : reply;
                    }
                    default -> throw broken();
                }
            }
            reader.align(8);
            var body = new byte[bodySize];
            buffer.get(body);
            return new BusMessage(bytes[1], buffer.getInt(8), reply, Optional.ofNullable(texts[1]), Optional.ofNullable(texts[2]), Optional.ofNullable(texts[3]),
                    Optional.ofNullable(texts[4]), Optional.ofNullable(texts[6]), texts[8] == null ? "" : texts[8], body);
        } catch (java.nio.BufferUnderflowException | IndexOutOfBoundsException | NegativeArraySizeException | IllegalArgumentException e) {
            throw broken();
        }
    }

    /** The texts at the beginning of the body, as far as it begins with texts; numbers between them are passed over. */
    List<String> texts() {
        var texts = new java.util.ArrayList<String>();
        var reader = new Reader(ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN));
        try {
            for (char type : signature.toCharArray()) {
                switch (type) {
                    case 's', 'o' -> texts.add(reader.text());
                    case 'u', 'i' -> reader.number();
                    case 'v' -> {
                        String inner = reader.signature();
                        if (!inner.equals("s") && !inner.equals("o")) {
                            return texts;
                        }
                        texts.add(reader.text());
                    }
                    default -> {
                        return texts;
                    }
                }
            }
        } catch (java.nio.BufferUnderflowException | IllegalArgumentException e) {
            throw broken();
        }
        return texts;
    }

    private static Fault broken() {
        return Fault.of(Fault.Kind.CORRUPT, "read", "message of D-Bus", "it does not keep to the protocol");
    }

    /** Values in the order in which they are written. */
    static final class Writer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Writer align(int size) {
            while (out.size() % size != 0) {
                out.write(0);
            }
            return this;
        }

        Writer octet(int value) {
            out.write(value);
            return this;
        }

        Writer number(int value) {
            align(4);
            return raw(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
        }

        Writer longNumber(long value) {
            align(8);
            return raw(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
        }

        Writer text(String value) {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            return number(utf8.length).raw(utf8).octet(0);
        }

        Writer signature(String value) {
            return octet(value.length()).raw(value.getBytes(StandardCharsets.US_ASCII)).octet(0);
        }

        Writer raw(byte[] bytes) {
            out.writeBytes(bytes);
            return this;
        }

        /** An array: its size in bytes, then its elements from the first one's alignment on. */
        Writer array(int alignment, java.util.function.Consumer<Writer> elements) {
            align(4);
            int before = out.size();
            // The elements are aligned as if they stood here.
            var inner = new Writer();
            inner.raw(new byte[before + 4]).align(alignment);
            int start = inner.out.size();
            elements.accept(inner);
            byte[] all = inner.bytes();
            number(all.length - start);
            return raw(java.util.Arrays.copyOfRange(all, before + 4, all.length));
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }

    private record Reader(ByteBuffer buffer) {
        void align(int size) {
            buffer.position(buffer.position() + size - 1 & -size);
        }

        int number() {
            align(4);
            return buffer.getInt();
        }

        String text() {
            int size = number();
            if (size < 0 || size > buffer.remaining()) {
                throw broken();
            }
            return string(size);
        }

        String signature() {
            return string(buffer.get() & 0xff);
        }

        private String string(int size) {
            var utf8 = new byte[size];
            buffer.get(utf8).get();
            return new String(utf8, StandardCharsets.UTF_8);
        }
    }
}
