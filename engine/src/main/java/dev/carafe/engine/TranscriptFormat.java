package dev.carafe.engine;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** How other engines write a container's output to files. */
final class TranscriptFormat {
    private static final long SECOND = 1_000_000_000;

    private TranscriptFormat() {
    }

    private static String stream(LogReader.Piece piece) {
        return piece.error() ? "stderr" : "stdout";
    }

    /** With all nine digits. */
    private static String stamp(long nanos) {
        String whole = dev.carafe.base.Timestamps.print(java.time.Instant.ofEpochSecond(nanos / SECOND));
        return whole.substring(0, whole.length() - 1) + "." + Long.toString(SECOND + nanos % SECOND).substring(1);
    }

    /** Docker's json-file: an object in each line; what has no line feed at its end goes on in the next of its stream. */
    static final class Json implements Transcript.Format {
        private static final String TIME = ",\"time\":\"";
        private final String attributes;

        Json(Map<String, String> attributes) {
            var text = new StringBuilder();
            attributes.forEach((name, value) -> text.append(text.isEmpty() ? "{" : ",").append(quoted(name)).append(':').append(quoted(value)));
            this.attributes = text.isEmpty() ? "" : ",\"attrs\":" + text + "}";
        }

        @Override
        public void write(ByteArrayOutputStream to, byte[] bytes, int from, int end, LogReader.Piece piece) {
            String line = "{\"log\":" + quoted(new String(bytes, from, end - from, StandardCharsets.UTF_8)) + ",\"stream\":\"" + stream(piece) + "\"" + attributes + TIME
                    + stamp(piece.time()) + "Z\"}\n";
            to.writeBytes(line.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public long time(String line) {
            int at = line.lastIndexOf(TIME);
            return at < 0 ? 0 : Transcript.nanos(line.substring(at + TIME.length(), line.length() - 2));
        }

        /** As docker escapes: as Go's encoding/json does for pages of the web. */
        private static String quoted(String text) {
            var out = new StringBuilder("\"");
            for (int k = 0; k < text.length(); k++) {
                char c = text.charAt(k);
                switch (c) {
                    case '"' -> out.append("\\\"");
                    case '\\' -> out.append("\\\\");
                    case '\n' -> out.append("\\n");
                    case '\r' -> out.append("\\r");
                    case '\t' -> out.append("\\t");
                    default -> {
                        if (c < ' ' || c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029') {
                            out.append(String.format("\\u%04x", (int) c));
                        } else {
                            out.append(c);
                        }
                    }
                }
            }
            return out.append('"').toString();
        }
    }

    /** Kubernetes' and podman's k8s-file: time, stream, F for a whole line or P for a part, the text. */
    static final class Kubernetes implements Transcript.Format {
        @Override
        public void write(ByteArrayOutputStream to, byte[] bytes, int from, int end, LogReader.Piece piece) {
            boolean whole = bytes[end - 1] == '\n';
            to.writeBytes((stamp(piece.time()) + "+00:00 " + stream(piece) + (whole ? " F " : " P ")).getBytes(StandardCharsets.US_ASCII));
            to.write(bytes, from, end - from);
            if (!whole) {
                to.write('\n');
            }
        }

        @Override
        public long time(String line) {
            int blank = line.indexOf(' ');
            return blank < 0 ? 0 : Transcript.nanos(line.substring(0, blank));
        }
    }
}
