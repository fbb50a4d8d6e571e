package dev.carafe.docker;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Output as docker's streams carry it: raw where there is a terminal, else with eight bytes before each piece: 1 for output or 2 for error, three
 * zeros, the length (Engine API, ContainerAttach, "Stream format").
 */
record StreamFrames(OutputStream out, boolean raw) {
    static final String RAW = "application/vnd.docker.raw-stream";
    private static final String MULTIPLEXED = "application/vnd.docker.multiplexed-stream";
    private static final int HEAD = 8;

    /** What a client is told about the form; before 1.42 always the same. */
    static String type(ApiVersion version, boolean raw) {
        return raw || !version.atLeast(42) ? RAW : MULTIPLEXED;
    }

    void put(boolean error, byte[] bytes, int length) throws IOException {
        if (raw) {
            out.write(bytes, 0, length);
            return;
        }
        var framed = new byte[HEAD + length];
        framed[0] = (byte) (error ? 2 : 1);
        for (int k = 0; k < 4; k++) {
            framed[4 + k] = (byte) (length >>> 8 * (3 - k));
        }
        System.arraycopy(bytes, 0, framed, HEAD, length);
        out.write(framed, 0, framed.length);
    }
}
