package dev.carafe.conformance;

import java.nio.charset.StandardCharsets;

/** What a command printed and how it ended. */
record Outcome(int status, byte[] output, String error) {
    String out() {
        return new String(output, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "status " + status + ", output \"" + (output.length > 2000 ? output.length + " bytes" : out()) + "\", error \"" + error + "\"";
    }
}
