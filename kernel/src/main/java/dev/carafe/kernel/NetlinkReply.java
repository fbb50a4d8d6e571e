package dev.carafe.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * One message that the kernel sent: netlink(7).
 *
 * @param type such as RTM_NEWLINK
 * @param body behind the header: the type's structure, then attributes
 */
public record NetlinkReply(int type, byte[] body) {
    /** A number of the structure in front. */
    public int int32(int at) {
        return buffer().getInt(at);
    }

    public int int8(int at) {
        return body[at] & 0xff;
    }

    private ByteBuffer buffer() {
        return ByteBuffer.wrap(body).order(ByteOrder.nativeOrder());
    }

    /** The attribute of that type behind a structure of that many bytes. */
    public Optional<byte[]> attribute(int structure, int type) {
        return find(body, structure, type);
    }

    /** An attribute among others: those of another one, or those behind a structure. */
    public static Optional<byte[]> find(byte[] attributes, int from, int type) {
        ByteBuffer buffer = ByteBuffer.wrap(attributes).order(ByteOrder.nativeOrder());
        int at = from;
        while (at + 4 <= attributes.length) {
            int length = buffer.getShort(at) & 0xffff;
            if (length < 4 || at + length > attributes.length) {
                return Optional.empty();
            }
            if ((buffer.getShort(at + 2) & 0x3fff) == type) {
                return Optional.of(Arrays.copyOfRange(attributes, at + 4, at + length));
            }
            at += length + 3 & ~3;
        }
        return Optional.empty();
    }

    /** A text attribute, up to its NUL. */
    public Optional<String> text(int structure, int type) {
        Optional<byte[]> found = attribute(structure, type);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        int end = 0;
        while (end < found.get().length && found.get()[end] != 0) {
            end++;
        }
        return Optional.of(new String(found.get(), 0, end, StandardCharsets.UTF_8));
    }

    public Optional<Integer> number(int structure, int type) {
        Optional<byte[]> found = attribute(structure, type);
        return found.isPresent() && found.get().length >= 4 ? Optional.of(ByteBuffer.wrap(found.get()).order(ByteOrder.nativeOrder()).getInt()) : Optional.empty();
    }
}
