package dev.carafe.runtime.oci;

import dev.carafe.base.Fault;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A message in the wire format of protocol buffers, as far as CRIU's rpc.proto uses it: numbers, texts and messages within messages. Fields stand in the order
 * in which they are added; of one that is read and stands there several times, the last counts, as the format says.
 */
final class WireMessage {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Adds a number, a truth (0 or 1) or a word of an enumeration. */
    WireMessage number(int field, long value) {
        varint(field << 3 | VARINT);
        varint(value);
        return this;
    }

    WireMessage text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    WireMessage message(int field, WireMessage value) {
        return bytes(field, value.bytes());
    }

    private WireMessage bytes(int field, byte[] value) {
        varint(field << 3 | BYTES);
        varint(value.length);
        out.writeBytes(value);
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

    byte[] bytes() {
        return out.toByteArray();
    }

    /** A message that came from elsewhere: nothing in it is trusted to be whole. */
    record Read(byte[] bytes, int start, int end) {
        static Read of(byte[] bytes) {
            return new Read(bytes, 0, bytes.length);
        }

        Optional<Long> number(int field) {
            int[] place = find(field, VARINT);
            return place.length == 0 ? Optional.empty() : Optional.of(new Cursor(place[0]).varint());
        }

        boolean truth(int field) {
            return number(field).orElse(0L) != 0;
        }

        Optional<String> text(int field) {
            return message(field).map(part -> new String(bytes, part.start, part.end - part.start, StandardCharsets.UTF_8));
        }

        Optional<Read> message(int field) {
            int[] place = find(field, BYTES);
            return place.length == 0 ? Optional.empty() : Optional.of(new Read(bytes, place[0], place[1]));
        }

        /** Where the last field of that number and kind lies; no numbers when there is none. */
        private int[] find(int field, int kind) {
            int[] found = {};
            var cursor = new Cursor(start);
            while (cursor.at < end) {
                long tag = cursor.varint();
                int from = cursor.at;
                switch ((int) (tag & 7)) {
                    case VARINT -> cursor.varint();
                    case FIXED64 -> cursor.skip(8);
                    case BYTES -> {
                        long size = cursor.varint();
                        from = cursor.at;
                        cursor.skip(size);
                    }
                    case FIXED32 -> cursor.skip(4);
                    default -> throw broken();
                }
                if (tag >>> 3 == field && (tag & 7) == kind) {
                    found = new int[] {from, cursor.at};
                }
            }
            return found;
        }

        private static Fault broken() {
            return Fault.of(Fault.Kind.CORRUPT, "read", "message of criu", "it is not one of protocol buffers");
        }

        private final class Cursor {
            private int at;

            Cursor(int at) {
                this.at = at;
            }

            long varint() {
                long value = 0;
                for (int shift = 0; shift < 64 && at < end; shift += 7) {
                    byte b = bytes[at++];
                    value |= (b & 0x7fL) << shift;
                    if (b >= 0) {
                        return value;
                    }
                }
                throw broken();
            }

            void skip(long count) {
                if (count < 0 || count > end - at) {
                    throw broken();
                }
                at += (int) count;
            }
        }
    }
}
