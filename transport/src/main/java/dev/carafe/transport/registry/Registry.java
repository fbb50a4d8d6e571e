package dev.carafe.transport.registry;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.oci.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One registry, by the API of the distribution-spec 1.1: finds out how it speaks and whom it wants to see, then answers for its
 * {@linkplain Repository repositories}. Opened without a word over the network; the first request greets. Blocks; for use by many threads.
 */
public final class Registry implements AutoCloseable {
    private static final int LONGEST_LIST = 16 << 20;
    private static final int MOST_PAGES = 10_000;
    private static final String PAGE = "1000";

    private final Endpoint endpoint;
    private final Wire wire;
    private @Nullable URI base;

    Registry(Endpoint endpoint, RegistrySettings settings) {
        this.endpoint = endpoint;
        this.wire = new Wire(endpoint, settings);
    }

    /** The registry of that name, as the machine's configuration says and without its mirrors. */
    public static Registry open(String domain, RegistrySettings settings) {
        return new Registry(RegistryConfiguration.load(settings).direct(domain), settings);
    }

    /** As references name it. */
    public String domain() {
        return endpoint.domain();
    }

    /** A repository in it, by its path. */
    public Repository repository(String path) {
        return new Repository(this, path);
    }

    Wire wire() {
        return wire;
    }

    /** An address below the API's root, which ends in {@code /v2/}; greets the registry when nobody has yet. */
    URI uri(String path) {
        return root().resolve(path);
    }

    private synchronized URI root() {
        URI known = base;
        if (known == null) {
            known = greet();
            base = known;
        }
        return known;
    }

    /** Finds the scheme that is spoken, and how the registry wants to be asked (distribution-spec spec.md#determining-support). */
    private URI greet() {
        String object = "\"" + endpoint.domain() + "\"";
        @Nullable Fault first = null;
        for (String scheme : endpoint.schemes()) {
            URI root = URI.create(scheme + "://" + endpoint.authority() + endpoint.path() + "/");
            wire.origin(root);
            boolean last = scheme.equals(endpoint.schemes().getLast());
            try {
                HttpResponse<InputStream> response = wire.send(new Wire.Call("GET", root, java.util.Map.of(), Optional.empty(), Scope.GREETING, last), "reach registry", object);
                int status = response.statusCode();
                if (status == 401) {
                    wire.authorizer().learn(response);
                }
                if (status / 100 == 2 || status == 401 || status == 403) {
                    Answers.discard(response);
                    return root;
                }
                Fault fault = status == 404 ? Fault.of(Fault.Kind.UNSUPPORTED, "reach registry", object, "what answers there is no registry (HTTP 404)")
                        : Answers.fault("reach registry", object, endpoint.domain(), response);
                // A server that expects TLS answers plain HTTP with 400, which tells nothing of the registry.
                first = first == null && (status != 400 || last) ? fault : first;
                if (status != 400 && status != 404) {
                    throw fault;
                }
            } catch (Fault fault) {
                if (last && first == null || fault.kind() != Fault.Kind.UNAVAILABLE && fault.kind() != Fault.Kind.TIMEOUT) {
                    throw fault;
                }
                first = first == null ? fault : first;
            }
        }
        throw first == null ? new IllegalStateException("no scheme") : first;
    }

    /**
     * Shows who asks and sees whether that is accepted.
     *
     * @throws Fault PERMISSION when it is not
     */
    public void authenticate() {
        URI root = root();
        HttpResponse<InputStream> response = wire.send(Wire.Call.of("GET", root, Scope.NONE), "log in", "\"" + domain() + "\"");
        if (response.statusCode() / 100 != 2) {
            Fault fault = Answers.fault("log in", "\"" + domain() + "\"", domain(), response);
            throw response.statusCode() == 401 ? Fault.of(Fault.Kind.PERMISSION, "log in", "\"" + domain() + "\"", "the registry does not accept that user and password (HTTP 401)") : fault;
        }
        Answers.discard(response);
    }

    /** The repositories that it tells of. */
    public List<String> catalog() {
        return list("_catalog", "repositories", Scope.CATALOG, "list repositories of", "\"" + domain() + "\"");
    }

    /** A list that comes in pages, linked by headers (RFC 8288). */
    List<String> list(String path, String field, Scope scope, String operation, String object) {
        var all = new ArrayList<String>();
        URI first = uri(path + "?n=" + PAGE);
        Optional<URI> page = Optional.of(first);
        for (int pages = 0; page.isPresent(); pages++) {
            if (pages == MOST_PAGES) {
                throw Fault.of(Fault.Kind.EXHAUSTED, operation, object, "the list has more than " + MOST_PAGES + " pages");
            }
            HttpResponse<InputStream> response = wire.send(Wire.Call.of("GET", page.get(), scope), operation, object);
            if (response.statusCode() != 200) {
                throw Answers.fault(operation, object, domain(), response);
            }
            JsonObject answer = Json.parseObject(field, Answers.read(response, LONGEST_LIST, object));
            if (answer.get(field) instanceof com.google.gson.JsonArray array) {
                for (JsonElement each : array) {
                    all.add(each.getAsString());
                }
            }
            page = next(page.get(), response).filter(uri -> Wire.sameOrigin(uri, first));
        }
        return all;
    }

    /** The address of the next page. */
    static Optional<URI> next(URI here, HttpResponse<?> response) {
        for (String link : response.headers().allValues("Link")) {
            int open = link.indexOf('<');
            int close = link.indexOf('>', open + 1);
            if (open >= 0 && close > open && link.substring(close).replace("\"", "").replace(" ", "").contains("rel=next")) {
                try {
                    return Optional.of(here.resolve(link.substring(open + 1, close)));
                } catch (IllegalArgumentException notAnAddress) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        wire.close();
    }
}
