package dev.carafe.engine;

import dev.carafe.base.Fault;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys that take a terminal away from a container and leave it running.
 *
 * @param codes what the terminal sends for each key, in order; empty: no keys do
 */
public record DetachKeys(List<Byte> codes) {
    /** Docker's: control-p, then control-q. */
    public static final DetachKeys USUAL = new DetachKeys(List.of((byte) 16, (byte) 17));

    private static final String CONTROL = "ctrl-";

    public DetachKeys {
        codes = List.copyOf(codes);
    }

    /**
     * Reads keys with commas between them, each a single character or {@code ctrl-} with one of {@code a} to {@code z}, {@code @ [ \ ] ^ _}; an
     * empty text for no keys.
     *
     * @throws Fault of kind {@code INVALID}
     */
    public static DetachKeys parse(String text) {
        var codes = new ArrayList<Byte>();
        for (String key : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            codes.add(code(text, key));
        }
        return new DetachKeys(codes);
    }

    private static byte code(String text, String key) {
        if (key.length() == 1 && key.charAt(0) < 0x80) {
            return (byte) key.charAt(0);
        }
        if (key.startsWith(CONTROL) && key.length() == CONTROL.length() + 1) {
            char c = Character.toUpperCase(key.charAt(CONTROL.length()));
            if (c >= '@' && c <= '_') {
                return (byte) (c - '@');
            }
        }
        throw Fault.invalid("invalid detach keys", "(" + text + ")", "unknown character: '" + key + "'");
    }

    /** The codes as an array of the caller's own. */
    public byte[] bytes() {
        var bytes = new byte[codes.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = codes.get(i);
        }
        return bytes;
    }
}
