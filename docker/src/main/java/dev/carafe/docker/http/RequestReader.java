package dev.carafe.docker.http;

import java.io.IOException;

/** Reads heads of requests, strictly (RFC 9112, 2 to 6). */
final class RequestReader {
    private static final int LONGEST_LINE = 16384;
    private static final int LONGEST_FIELD = 65536;
    private static final int MOST_FIELDS = 100;
    private static final int LONGEST_NUMBER = 18;

    private RequestReader() {
    }

    /** The next request; its first byte is there. @param goOn tells a client that waits for it to send the body */
    static Request read(Wire wire, Runnable goOn) throws IOException {
        String line = wire.line(LONGEST_LINE, 414);
        if (line.isEmpty()) {
            // Some clients send an empty line behind a body (RFC 9112, 2.2).
            line = wire.line(LONGEST_LINE, 414);
        }
        String[] words = line.split(" ", -1);
        if (words.length != 3 || !isToken(words[0])) {
            throw new BadRequest(400, "the first line is no request");
        }
        int minor = minor(words[2]);
        Headers headers = headers(wire);
        int hosts = headers.count("host");
        if (hosts > 1 || minor == 1 && hosts == 0) {
            throw new BadRequest(400, hosts == 0 ? "missing required Host header" : "too many Host headers");
        }
        String target = target(words[1]);
        int question = target.indexOf('?');
        boolean chunked = isChunked(headers, minor);
        long length = chunked ? 0 : length(headers);
        boolean waits = minor == 1 && headers.get("expect").filter("100-continue"::equalsIgnoreCase).isPresent();
        if (headers.get("expect").isPresent() && !waits) {
            throw new BadRequest(417, "an expectation that is not known");
        }
        var body = new RequestBody(wire, chunked, length, waits ? goOn : () -> { });
        return new Request(words[0], question < 0 ? target : target.substring(0, question), question < 0 ? "" : target.substring(question + 1), minor, headers, body,
                chunked || length > 0);
    }

    private static int minor(String version) throws BadRequest {
        return switch (version) {
            case "HTTP/1.1" -> 1;
            case "HTTP/1.0" -> 0;
            default -> throw new BadRequest(version.startsWith("HTTP/") ? 505 : 400, "not HTTP/1.1");
        };
    }

    /** Without a scheme and host in front, which proxies put there. */
    private static String target(String text) throws BadRequest {
        for (int k = 0; k < text.length(); k++) {
            if (text.charAt(k) <= ' ' || text.charAt(k) >= 0x7f || text.charAt(k) == '#') {
                throw new BadRequest(400, "the target has characters that must be escaped");
            }
        }
        int scheme = text.indexOf("://");
        int slash = scheme < 0 ? 0 : text.indexOf('/', scheme + 3);
        boolean absolute = scheme > 0 && text.indexOf('/') > scheme;
        String path = absolute ? slash < 0 ? "/" : text.substring(slash) : text;
        if (!path.startsWith("/") && !path.equals("*")) {
            throw new BadRequest(400, "the target is no path");
        }
        return path;
    }

    private static Headers headers(Wire wire) throws IOException {
        var headers = new Headers();
        int bytes = 0;
        for (String line = wire.line(LONGEST_FIELD, 431); !line.isEmpty(); line = wire.line(LONGEST_FIELD, 431)) {
            bytes += line.length();
            int colon = line.indexOf(':');
            if (colon <= 0 || !isToken(line.substring(0, colon))) {
                throw new BadRequest(400, "a line of the head is no field");
            }
            if (headers.size() == MOST_FIELDS || bytes > LONGEST_FIELD) {
                throw new BadRequest(431, "the head is too long");
            }
            headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return headers;
    }

    private static boolean isChunked(Headers headers, int minor) throws BadRequest {
        if (headers.count("transfer-encoding") == 0) {
            return false;
        }
        if (headers.count("transfer-encoding") > 1 || headers.count("content-length") > 0 || minor == 0) {
            throw new BadRequest(400, "the length of the body is said in two ways");
        }
        if (!headers.get("transfer-encoding").orElse("").equalsIgnoreCase("chunked")) {
            throw new BadRequest(501, "unsupported transfer encoding");
        }
        return true;
    }

    private static long length(Headers headers) throws BadRequest {
        if (headers.count("content-length") == 0) {
            return 0;
        }
        String digits = headers.get("content-length").orElse("");
        boolean number = headers.count("content-length") == 1 && !digits.isEmpty() && digits.length() <= LONGEST_NUMBER;
        for (int k = 0; k < digits.length(); k++) {
            number &= digits.charAt(k) >= '0' && digits.charAt(k) <= '9';
        }
        if (!number) {
            throw new BadRequest(400, "the length of the body is no number");
        }
        return Long.parseLong(digits);
    }

    /** RFC 9110, 5.6.2. */
    private static boolean isToken(String text) {
        for (int k = 0; k < text.length(); k++) {
            char c = text.charAt(k);
            if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "!#$%&'*+-.^_`|~".indexOf(c) >= 0)) {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
