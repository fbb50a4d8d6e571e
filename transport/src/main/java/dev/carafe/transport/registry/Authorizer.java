package dev.carafe.transport.registry;

import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.oci.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Shows one registry who asks, in the way in which it wants that: a password (RFC 7617), or a token from the service that it names
 * (RFC 6750 and distribution's token specification), kept until shortly before it expires.
 */
final class Authorizer {
    private static final String CLIENT = "carafe";
    private static final int LONGEST_TOKEN = 1 << 20;
    private static final long USUAL_SECONDS = 60;
    private static final String LOG_IN = "log in";

    /** Sends a request for a token, to whichever host; without following redirects and without credentials of its own. */
    interface Sender {
        HttpResponse<InputStream> send(String method, URI uri, Map<String, String> headers, Optional<byte[]> form) throws IOException;
    }

    private record Token(String text, long expires) {
        boolean fresh() {
            return System.nanoTime() < expires;
        }
    }

    private final String domain;
    private final RegistrySettings settings;
    private final Sender sender;
    private final Map<String, Token> tokens = new ConcurrentHashMap<>();
    private volatile @Nullable Challenge challenge;

    Authorizer(String domain, RegistrySettings settings, Sender sender) {
        this.domain = domain;
        this.settings = settings;
        this.sender = sender;
    }

    /** Takes up how the registry wants to be asked, from its answer to an anonymous request. */
    void learn(HttpResponse<?> response) {
        List<Challenge> all = Challenge.parse(response.headers().allValues("WWW-Authenticate"));
        for (String scheme : List.of("bearer", "basic")) {
            for (Challenge each : all) {
                if (each.scheme().equals(scheme)) {
                    challenge = each.without("scope");
                    return;
                }
            }
        }
    }

    /** The header for a request that needs these rights, if there is one to send. */
    Optional<String> header(Scope scope) throws IOException {
        Challenge known = challenge;
        if (known == null) {
            return Optional.empty();
        }
        Optional<Credentials> credentials = credentials(scope);
        if (known.scheme().equals("basic")) {
            return credentials.filter(c -> c.identityToken().isEmpty()).map(Credentials::basic);
        }
        return Optional.of("Bearer " + token(known, scope, credentials));
    }

    /** Forgets what was sent in vain; whether another attempt may fare better. */
    boolean refused(Scope scope, HttpResponse<?> response) {
        Challenge before = challenge;
        learn(response);
        boolean had = tokens.remove(scope.toString()) != null;
        Challenge now = challenge;
        return now != null && (had || before == null || !now.equals(before));
    }

    private Optional<Credentials> credentials(Scope scope) {
        return new CredentialFiles(settings).find(domain, scope.repository());
    }

    /** One request at a time fetches a token: parallel downloads share it. */
    private synchronized String token(Challenge known, Scope scope, Optional<Credentials> credentials) throws IOException {
        Token kept = tokens.get(scope.toString());
        if (kept != null && kept.fresh()) {
            return kept.text();
        }
        Token token = fetch(known, scope, credentials);
        tokens.put(scope.toString(), token);
        return token.text();
    }

    private Token fetch(Challenge known, Scope scope, Optional<Credentials> credentials) throws IOException {
        URI realm = realm(known);
        List<String> scopes = scope.words();
        HttpResponse<InputStream> response;
        if (credentials.isPresent() && credentials.get().identityToken().isPresent()) {
            String form = "grant_type=refresh_token&client_id=" + CLIENT + "&refresh_token=" + encoded(credentials.get().identityToken().get())
                    + known.parameter("service").map(service -> "&service=" + encoded(service)).orElse("")
                    + (scopes.isEmpty() ? "" : "&scope=" + encoded(String.join(" ", scopes)));
            response = sender.send("POST", realm, Map.of("Content-Type", "application/x-www-form-urlencoded"), Optional.of(form.getBytes(StandardCharsets.US_ASCII)));
        } else {
            var query = new StringBuilder(realm.getRawQuery() == null ? "" : realm.getRawQuery());
            known.parameter("service").ifPresent(service -> add(query, "service", service));
            credentials.ifPresent(c -> add(query, "account", c.user()));
            scopes.forEach(word -> add(query, "scope", word));
            String address = realm.toString();
            int mark = address.indexOf('?');
            URI uri = URI.create((mark < 0 ? address : address.substring(0, mark)) + (query.isEmpty() ? "" : "?" + query));
            response = sender.send("GET", uri, credentials.map(c -> Map.of("Authorization", c.basic())).orElseGet(Map::of), Optional.empty());
        }
        if (response.statusCode() == 401 || response.statusCode() == 403) {
            String said = Answers.said(response);
            throw Fault.of(Fault.Kind.PERMISSION, LOG_IN, "\"" + domain + "\"", (credentials.isPresent() ? "the registry does not accept " + credentials.get()
                    : "the registry gives nothing to those who are not logged in") + (said.isEmpty() ? "" : ": " + said)).hint("carafe login " + domain);
        }
        if (response.statusCode() != 200) {
            throw Answers.fault("get a token from", "\"" + realm.getAuthority() + "\"", domain, response);
        }
        return read(Json.parseObject("token", Answers.read(response, LONGEST_TOKEN, "the token of \"" + domain + "\"")));
    }

    private Token read(JsonObject answer) {
        String text = answer.has("token") ? answer.get("token").getAsString() : answer.has("access_token") ? answer.get("access_token").getAsString() : "";
        if (text.isEmpty() || !text.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw Fault.invalid(LOG_IN, "\"" + domain + "\"", "the token service answers without a token");
        }
        long seconds = answer.has("expires_in") && answer.get("expires_in").isJsonPrimitive() ? answer.get("expires_in").getAsLong() : USUAL_SECONDS;
        long lasting = Math.max(1, Math.min(seconds, 86_400) * 9 / 10);
        return new Token(text, System.nanoTime() + lasting * 1_000_000_000L);
    }

    /** Credentials go where the registry says, but never from TLS to where everybody can read them. */
    private URI realm(Challenge known) {
        URI realm;
        try {
            realm = URI.create(known.parameter("realm").orElse(""));
        } catch (IllegalArgumentException e) {
            realm = URI.create("");
        }
        String scheme = realm.getScheme() == null ? "" : realm.getScheme();
        if (realm.getHost() == null || !scheme.equals("https") && !scheme.equals("http")) {
            throw Fault.invalid(LOG_IN, "\"" + domain + "\"", "the registry names no usable token service");
        }
        boolean mayBePlain = Endpoint.isLoopback(realm.getAuthority()) || settings.tlsVerify().filter(verify -> !verify).isPresent();
        if (scheme.equals("http") && !mayBePlain) {
            throw Fault.of(Fault.Kind.PERMISSION, LOG_IN, "\"" + domain + "\"", "its token service " + realm.getAuthority() + " does not speak TLS")
                    .hint("allow it with --tls-verify=false");
        }
        return realm;
    }

    private static void add(StringBuilder query, String name, String value) {
        query.append(query.isEmpty() ? "" : "&").append(name).append('=').append(encoded(value));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
