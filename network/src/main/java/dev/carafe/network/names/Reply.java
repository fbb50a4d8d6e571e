package dev.carafe.network.names;

import dev.carafe.base.IpAddress;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes answers (RFC 1035, section 4.1; EDNS: RFC 6891). */
final class Reply {
    static final int FINE = 0;
    static final int MALFORMED = 1;
    static final int FAILED = 2;
    static final int UNKNOWN = 3;
    static final int NOT_IMPLEMENTED = 4;
    static final int REFUSED = 5;
    static final int BAD_VERSION = 16;
    /** Containers come and go, so that nobody may remember an answer for long. */
    private static final int SECONDS = 5;
    private static final int OPT_BYTES = 11;
    private static final int IN = 1;
    /** To the name of the question, which always stands behind the header. */
    private static final int TO_QUESTION = 0xc000 | Query.HEADER;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Query query;
    private final int limit;
    private int answers;
    private boolean cut;

    private Reply(Query query, int limit) {
        this.query = query;
        this.limit = limit - (query.extended() ? OPT_BYTES : 0);
        byte[] question = query.message();
        out.write(question, 0, query.end());
    }

    /** Without any answer. @param code such as {@link #FAILED} */
    static byte[] of(Query query, int code) {
        return new Reply(query, Query.SMALL).end(code);
    }

    /** The addresses of a name; as many as there is room for. @param limit in bytes */
    static byte[] addresses(Query query, List<IpAddress> addresses, int limit) {
        var reply = new Reply(query, limit);
        for (IpAddress address : addresses) {
            reply.record(address.six() ? Query.AAAA : Query.A, address.bytes());
        }
        return reply.end(FINE);
    }

    /** The name of an address. */
    static byte[] pointer(Query query, String name, int limit) {
        var target = new ByteArrayOutputStream();
        for (String label : name.split("\\.")) {
            byte[] bytes = label.getBytes(StandardCharsets.ISO_8859_1);
            target.write(bytes.length);
            target.writeBytes(bytes);
        }
        target.write(0);
        var reply = new Reply(query, limit);
        reply.record(Query.PTR, target.toByteArray());
        return reply.end(FINE);
    }

    private void record(int type, byte[] data) {
        if (out.size() + 12 + data.length > limit) {
            cut = true;
            return;
        }
        put16(TO_QUESTION);
        put16(type);
        put16(IN);
        put16(0);
        put16(SECONDS);
        put16(data.length);
        out.writeBytes(data);
        answers++;
    }

    private void put16(int value) {
        out.write(value >> 8);
        out.write(value);
    }

    private byte[] end(int code) {
        if (query.extended()) {
            out.write(0);
            put16(Query.OPT);
            put16(Query.LARGE);
            // The upper bits of a code that the header has no room for; the version, 0; flags.
            out.write(code >> 4);
            out.write(0);
            put16(0);
            put16(0);
        }
        byte[] message = out.toByteArray();
        // An answer, in authority, to a question that may have asked for recursion, which is there.
        message[2] = (byte) (0x80 | message[2] & 0x79 | (code == FINE ? 0x04 : 0) | (cut ? 0x02 : 0));
        message[3] = (byte) (0x80 | code & 15);
        count(message, 4, query.end() > Query.HEADER ? 1 : 0);
        count(message, 6, answers);
        count(message, 8, 0);
        count(message, 10, query.extended() ? 1 : 0);
        return message;
    }

    private static void count(byte[] message, int at, int value) {
        message[at] = (byte) (value >> 8);
        message[at + 1] = (byte) value;
    }
}
