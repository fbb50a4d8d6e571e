package dev.carafe.kernel;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Names as the kernel keeps them are bytes; here they become text and back without loss.
 *
 * <p>Bytes that are valid UTF-8 read as that text. A byte that is not becomes one lone low surrogate, U+DC80 to U+DCFF, which
 * no valid UTF-8 yields, so {@link #encode} can tell it apart and restore it.
 */
public final class ByteText {
    private static final int ESCAPE = 0xDC00;

    private ByteText() {}

    /** The text of the bytes from {@code start} (inclusive) to {@code end} (exclusive). */
    public static String decode(byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] < 0) {
                return decodeWide(bytes, start, end);
            }
        }
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }

    /** The text of all the bytes. */
    public static String decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length);
    }

    private static String decodeWide(byte[] bytes, int start, int end) {
        var decoder = StandardCharsets.UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        var in = ByteBuffer.wrap(bytes, start, end - start);
        var out = CharBuffer.allocate(end - start);
        while (true) {
            var result = decoder.decode(in, out, true);
            if (!result.isError()) {
                return out.flip().toString();
            }
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (ESCAPE + (in.get() & 0xFF)));
            }
            decoder.reset();
        }
    }

    /** The bytes that {@link #decode} made the text from; text from elsewhere becomes its UTF-8. */
    public static byte[] encode(String text) {
        int escapes = 0;
        boolean ascii = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            ascii &= c < 0x80;
            escapes += isEscape(text, i) ? 1 : 0;
        }
        if (ascii) {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }
        if (escapes == 0) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        return encodeEscaped(text);
    }

    private static byte[] encodeEscaped(String text) {
        var out = ByteBuffer.allocate(text.length() * 3);
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            if (isEscape(text, i)) {
                put(out, text, from, i);
                out.put((byte) (text.charAt(i) - ESCAPE));
                from = i + 1;
            }
        }
        put(out, text, from, text.length());
        byte[] bytes = new byte[out.position()];
        out.get(0, bytes);
        return bytes;
    }

    private static void put(ByteBuffer out, String text, int from, int to) {
        try {
            out.put(StandardCharsets.UTF_8.newEncoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .encode(CharBuffer.wrap(text, from, to)));
        } catch (CharacterCodingException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static boolean isEscape(String text, int i) {
        char c = text.charAt(i);
        return c >= 0xDC80 && c <= 0xDCFF && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }
}
