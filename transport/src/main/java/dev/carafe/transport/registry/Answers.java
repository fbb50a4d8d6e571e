package dev.carafe.transport.registry;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.oci.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Turns answers that are no success, and connections that fail, into faults that say what to do. */
final class Answers {
    private static final int LONGEST_ERROR = 64 << 10;
    private static final int LONGEST_LINE = 300;

    private Answers() {}

    /** Reads a document and ends the body; one that is longer is a fault. */
    static byte[] read(HttpResponse<InputStream> response, int limit, String what) {
        try (InputStream in = response.body()) {
            byte[] bytes = in.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw Fault.of(Fault.Kind.EXHAUSTED, "read", what, "longer than the " + limit + " bytes that are allowed");
            }
            return bytes;
        } catch (IOException e) {
            throw fault("read", what, e);
        }
    }

    /** Ends a body that nobody wants. */
    static void discard(HttpResponse<InputStream> response) {
        try (InputStream in = response.body()) {
            in.readNBytes(LONGEST_ERROR);
        } catch (IOException unimportant) {
            // The connection is not used again, and that is all.
        }
    }

    /** What a registry says of a failure: its first error (distribution-spec spec.md#error-codes), or nothing. */
    static String said(HttpResponse<InputStream> response) {
        try (InputStream in = response.body()) {
            String text = new String(in.readNBytes(LONGEST_ERROR), StandardCharsets.UTF_8);
            JsonObject object = Json.parseObject("answer", text);
            JsonElement first = object.has("errors") && object.get("errors").isJsonArray() && !object.getAsJsonArray("errors").isEmpty()
                    ? object.getAsJsonArray("errors").get(0) : object;
            if (!first.isJsonObject()) {
                return "";
            }
            String message = text(first.getAsJsonObject(), "message");
            message = message.isEmpty() ? text(object, "details") : message;
            return oneLine(message.isEmpty() ? text(first.getAsJsonObject(), "code").toLowerCase(Locale.ROOT) : message);
        } catch (IOException | Fault notJson) {
            return "";
        }
    }

    private static String text(JsonObject object, String name) {
        return object.get(name) instanceof com.google.gson.JsonPrimitive value ? value.getAsString() : "";
    }

    /** What comes from elsewhere may neither break the line nor move the cursor. */
    static String oneLine(String text) {
        var line = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), LONGEST_LINE); i++) {
            line.append(Character.isISOControl(text.charAt(i)) ? ' ' : text.charAt(i));
        }
        return line.toString().strip();
    }

    /** The fault for an answer that is no success; its body is read to the end. */
    static Fault fault(String operation, String object, String domain, HttpResponse<InputStream> response) {
        int status = response.statusCode();
        Optional<Duration> asked = Retry.asked(response);
        String said = said(response);
        String because = said.isEmpty() ? "" : ": " + said;
        String code = " (HTTP " + status + ")";
        return switch (status) {
            case 401 -> Fault.of(Fault.Kind.PERMISSION, operation, object, "the registry asks for credentials" + because + code).hint("carafe login " + domain);
            case 403 -> Fault.of(Fault.Kind.PERMISSION, operation, object, "the registry denies it" + because + code)
                    .hint("check the name, and who is logged in: carafe login --get-login " + domain);
            case 404 -> Fault.notFound(operation, object, "not found in the registry" + because + code);
            case 405 -> Fault.of(Fault.Kind.UNSUPPORTED, operation, object, "the registry does not allow this" + because + code);
            case 407 -> refusedByProxy(status, object);
            case 413 -> Fault.of(Fault.Kind.EXHAUSTED, operation, object, "too large for the registry" + because + code);
            case 429 -> Fault.of(Fault.Kind.EXHAUSTED, operation, object, "too many requests" + because + code)
                    .hint((asked.isPresent() ? "try again in " + asked.get().toSeconds() + " s" : "try again later") + ", log in for a higher limit, or configure a mirror");
            default -> status >= 500 ? Fault.of(Fault.Kind.UNAVAILABLE, operation, object, "the registry fails" + because + code).hint("try again later")
                    : Fault.invalid(operation, object, "the registry refuses" + because + code);
        };
    }

    /** The fault for a proxy that does not let anybody through. */
    static Fault refusedByProxy(int status, String object) {
        return status == 407 ? Fault.of(Fault.Kind.PERMISSION, "pass proxy to", object, "it asks for credentials (HTTP 407)").hint("put them into the address, as in HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT")
                : Fault.of(Fault.Kind.UNAVAILABLE, "pass proxy to", object, "it does not let this through (HTTP " + status + ")");
    }

    /** Java's client tells of a host without an address as of one that refuses, with what it is in the cause. */
    private static boolean isUnresolved(Throwable e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof UnknownHostException || at instanceof UnresolvedAddressException) {
                return true;
            }
        }
        return false;
    }

    /** The fault for a connection that could not be made or broke. */
    static Fault fault(String operation, String object, Throwable e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof SSLException) {
                return Fault.of(Fault.Kind.UNAVAILABLE, operation, object, "TLS: " + oneLine(String.valueOf(at.getMessage()))).cause(e)
                        .hint("put the authority's certificate into /etc/containers/certs.d/HOST:PORT/ca.crt, or allow it with --tls-verify=false");
            }
            if (at instanceof UnknownHostException || at instanceof UnresolvedAddressException) {
                return Fault.of(Fault.Kind.UNAVAILABLE, operation, object, "no address for that host").cause(e);
            }
            if (at instanceof HttpConnectTimeoutException) {
                return Fault.of(Fault.Kind.TIMEOUT, operation, object, "no connection within the time allowed").cause(e);
            }
            if (at instanceof HttpTimeoutException) {
                return Fault.of(Fault.Kind.TIMEOUT, operation, object, oneLine("no answer within the time allowed: " + at.getMessage())).cause(e);
            }
            if (at instanceof ConnectException && !isUnresolved(at)) {
                return Fault.of(Fault.Kind.UNAVAILABLE, operation, object, "connection refused").cause(e);
            }
        }
        String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return Fault.of(Fault.Kind.UNAVAILABLE, operation, object, "the connection broke: " + oneLine(reason)).cause(e);
    }
}
