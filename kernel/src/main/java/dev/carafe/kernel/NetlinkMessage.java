package dev.carafe.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes one netlink message: netlink(7). A header of 16 bytes, a structure that the message's type fixes, then attributes, of which
 * some hold attributes themselves. Numbers are in the machine's order unless a method says otherwise.
 */
public final class NetlinkMessage {
    public static final int HEADER_BYTES = 16;
    /** The error number in an answer of type {@link #ERROR}: minus errno, or 0. */
    public static final int ERROR_AT = HEADER_BYTES;
    /** NLMSG_ERROR: an answer that says whether a request was fulfilled. */
    public static final int ERROR = 2;
    /** NLMSG_DONE: the end of an answer in several parts. */
    public static final int DONE = 3;

    public static final int REQUEST = 1;
    public static final int ACK = 4;
    public static final int DUMP = 0x300;
    public static final int CREATE = 0x400;
    public static final int EXCLUSIVE = 0x200;
    /** NLM_F_APPEND: behind what is there, where order counts. */
    public static final int APPEND = 0x800;

    private static final int NESTED = 0x8000;

    private ByteBuffer bytes = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());

    /** @param flags besides REQUEST, which every message to the kernel has */
    public NetlinkMessage(int type, int flags) {
        bytes.putInt(0).putShort((short) type).putShort((short) (flags | REQUEST)).putInt(0).putInt(0);
    }

    private ByteBuffer room(int count) {
        if (bytes.remaining() < count) {
            bytes = ByteBuffer.allocate(Math.max(2 * bytes.capacity(), bytes.position() + count)).order(ByteOrder.nativeOrder()).put(bytes.flip());
        }
        return bytes;
    }

    /** How many bytes it has so far, which is where the next ones go. */
    public int size() {
        return bytes.position();
    }

    public NetlinkMessage put8(int value) {
        room(1).put((byte) value);
        return this;
    }

    public NetlinkMessage put16(int value) {
        room(2).putShort((short) value);
        return this;
    }

    public NetlinkMessage put32(int value) {
        room(4).putInt(value);
        return this;
    }

    public NetlinkMessage attribute(int type, byte[] value) {
        int padded = value.length + 3 & ~3;
        room(4 + padded).putShort((short) (4 + value.length)).putShort((short) type).put(value);
        return pad(padded - value.length);
    }

    private NetlinkMessage pad(int count) {
        for (int k = 0; k < count; k++) {
            bytes.put((byte) 0);
        }
        return this;
    }

    /** A text with the NUL that ends it. */
    public NetlinkMessage attribute(int type, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return attribute(type, Arrays.copyOf(utf8, utf8.length + 1));
    }

    public NetlinkMessage attribute8(int type, int value) {
        return attribute(type, new byte[] {(byte) value});
    }

    public NetlinkMessage attribute32(int type, int value) {
        room(8).putShort((short) 8).putShort((short) type).putInt(value);
        return this;
    }

    /** In network order, as netfilter wants its numbers. */
    public NetlinkMessage attributeBig32(int type, int value) {
        return attribute(type, new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value});
    }

    /** Begins an attribute of attributes; what it returns goes to {@link #end}. */
    public int begin(int type) {
        int at = bytes.position();
        room(4).putShort((short) 0).putShort((short) (type | NESTED));
        return at;
    }

    public NetlinkMessage end(int begun) {
        bytes.putShort(begun, (short) (bytes.position() - begun));
        return this;
    }

    /** Whole, with its length in its header, padded to four bytes so that another may follow. */
    public byte[] bytes() {
        int size = bytes.position();
        bytes.putInt(0, size);
        byte[] whole = new byte[size + 3 & ~3];
        bytes.get(0, whole, 0, size);
        return whole;
    }
}
