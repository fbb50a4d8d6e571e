package dev.carafe.network.names;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * A question, read from a message that anybody may have sent (RFC 1035, section 4; EDNS: RFC 6891).
 *
 * @param message the whole message
 * @param name in lower case, without the last dot; empty: the root, or a question that cannot be read
 * @param type such as {@link #A}
 * @param internet whether it is of class IN
 * @param end where the question ends in the message
 * @param extended whether the asker speaks EDNS
 * @param size of the largest answer that a datagram to him may have, in bytes
 * @param refusal why it is not answered: a code of {@link Reply}; 0: it is
 */
record Query(byte[] message, String name, int type, boolean internet, int end, boolean extended, int size, int refusal) {
    static final int A = 1;
    static final int PTR = 12;
    static final int AAAA = 28;
    static final int OPT = 41;
    static final int ANY = 255;
    static final int HEADER = 12;
    /** What every asker takes (RFC 1035, section 4.2.1). */
    static final int SMALL = 512;
    /** No message passes the loopback device in pieces, but an asker may have little room. */
    static final int LARGE = 4096;
    private static final int IN = 1;
    private static final int MOST_NAME = 255;
    private static final int MOST_LABEL = 63;

    /** Empty: nothing that deserves an answer, such as an answer, which two servers would send to and fro for ever. */
    static Optional<Query> read(byte[] message) {
        if (message.length < HEADER || (message[2] & 0x80) != 0) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(message);
        if ((message[2] >> 3 & 15) != 0) {
            return Optional.of(refused(message, Reply.NOT_IMPLEMENTED));
        }
        int questions = in.getShort(4) & 0xffff;
        int answers = in.getShort(6) & 0xffff;
        int authorities = in.getShort(8) & 0xffff;
        int additional = in.getShort(10) & 0xffff;
        in.position(HEADER);
        String name = questions == 1 && answers == 0 && authorities == 0 ? name(in) : null;
        if (name == null || in.remaining() < 4) {
            return Optional.of(refused(message, Reply.MALFORMED));
        }
        int type = in.getShort() & 0xffff;
        boolean internet = (in.getShort() & 0xffff) == IN;
        var plain = new Query(message, name, type, internet, in.position(), false, SMALL, 0);
        return Optional.of(plain.extended(in, additional));
    }

    private static Query refused(byte[] message, int code) {
        return new Query(message, "", 0, true, HEADER, false, SMALL, code);
    }

    /** With what the further records say, of which only EDNS' own matters. */
    private Query extended(ByteBuffer in, int additional) {
        Query known = this;
        for (int k = 0; k < additional; k++) {
            if (!skipName(in) || in.remaining() < 10) {
                return refused(message, Reply.MALFORMED);
            }
            int kind = in.getShort() & 0xffff;
            int room = in.getShort() & 0xffff;
            int flags = in.getInt();
            int length = in.getShort() & 0xffff;
            if (length > in.remaining() || kind == OPT && known.extended) {
                return refused(message, Reply.MALFORMED);
            }
            in.position(in.position() + length);
            if (kind == OPT) {
                known = new Query(message, name, type, internet, end, true, Math.clamp(room, SMALL, LARGE), (flags >> 16 & 0xff) == 0 ? 0 : Reply.BAD_VERSION);
            }
        }
        return known;
    }

    /** A name in a question, where nothing stands before it that it could point to; null: it is none. */
    private static @org.jspecify.annotations.Nullable String name(ByteBuffer in) {
        var text = new StringBuilder();
        while (in.hasRemaining()) {
            int length = in.get() & 0xff;
            if (length == 0) {
                return text.toString().toLowerCase(Locale.ROOT);
            }
            if (length > MOST_LABEL || length > in.remaining() || text.length() + length + 1 >= MOST_NAME) {
                return null;
            }
            byte[] label = new byte[length];
            in.get(label);
            for (byte letter : label) {
                // A dot within a label would be taken for the end of one.
                if (letter == '.') {
                    return null;
                }
            }
            text.append(text.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.ISO_8859_1));
        }
        return null;
    }

    /** Leaves a name behind; a pointer ends it, and is not followed. */
    private static boolean skipName(ByteBuffer in) {
        while (in.hasRemaining()) {
            int length = in.get() & 0xff;
            if (length == 0) {
                return true;
            }
            if (length >= 0xc0) {
                if (!in.hasRemaining()) {
                    return false;
                }
                in.get();
                return true;
            }
            if (length > MOST_LABEL || length > in.remaining()) {
                return false;
            }
            in.position(in.position() + length);
        }
        return false;
    }
}
