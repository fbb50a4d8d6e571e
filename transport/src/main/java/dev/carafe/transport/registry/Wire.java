package dev.carafe.transport.registry;

import dev.carafe.base.Fault;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Requests to one endpoint: with credentials, along redirects, again after failures that pass. Blocks; for use by many threads.
 *
 * <p>Credentials go to the endpoint's own scheme, host and port, nowhere else. A redirect from TLS to plain HTTP is not followed.
 */
final class Wire implements AutoCloseable {
    private static final int REDIRECTS = 10;
    private static final Duration CONNECT = Duration.ofSeconds(20);

    /** The body of a request; opened anew for each attempt. */
    interface Content {
        long length();

        InputStream open() throws IOException;
    }

    /**
     * One request.
     *
     * @param again whether it may be made again when it failed for now
     */
    record Call(String method, URI uri, Map<String, String> headers, Optional<Content> content, Scope scope, boolean again) {
        static Call of(String method, URI uri, Scope scope) {
            return new Call(method, uri, Map.of(), Optional.empty(), scope, true);
        }

        Call header(String name, String value) {
            var more = new HashMap<>(headers);
            more.put(name, value);
            return new Call(method, uri, more, content, scope, again);
        }

        /** With a body; what is longer than a document is not sent again by itself. */
        Call content(Content value) {
            return new Call(method, uri, headers, Optional.of(value), scope, false);
        }

        Call document(byte[] bytes) {
            Content value = new Content() {
                @Override
                public long length() {
                    return bytes.length;
                }

                @Override
                public InputStream open() {
                    return new java.io.ByteArrayInputStream(bytes);
                }
            };
            return new Call(method, uri, headers, Optional.of(value), scope, true);
        }
    }

    private final Endpoint endpoint;
    private final RegistrySettings settings;
    private final Proxies proxies;
    private final HttpClient client;
    private final Authorizer authorizer;
    /** Where credentials may go: set by the greeting, before which none are known. */
    private volatile @Nullable URI origin;

    Wire(Endpoint endpoint, RegistrySettings settings) {
        this.endpoint = endpoint;
        this.settings = settings;
        this.proxies = new Proxies(settings);
        var builder = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).connectTimeout(CONNECT).proxy(proxies)
                .executor(Executors.newVirtualThreadPerTaskExecutor());
        // To read the machine's authorities takes longer than to talk to a registry that does without.
        builder.sslContext(endpoint.schemes().contains("https") ? Tls.context(endpoint.certificates(), endpoint.verify()) : Tls.none());
        this.client = builder.build();
        this.authorizer = new Authorizer(endpoint.domain(), settings, this::sendForToken);
    }

    RegistrySettings settings() {
        return settings;
    }

    /** From now on the registry is known to be there. */
    void origin(URI root) {
        origin = root;
    }

    Authorizer authorizer() {
        return authorizer;
    }

    /** Performs a request; whatever status it ends with is the caller's, as is the body to close. Faults name the object. */
    HttpResponse<InputStream> send(Call call, String operation, String object) {
        var retry = new Retry(settings);
        while (true) {
            try {
                HttpResponse<InputStream> response = follow(call, operation, object);
                if (!call.again() || !Retry.isForNow(response.statusCode()) || !retry.again(Retry.asked(response))) {
                    return response;
                }
                Answers.discard(response);
            } catch (IOException e) {
                if (e instanceof SSLException || !call.again() || !retry.again(Optional.empty())) {
                    throw Answers.fault(operation, object, e);
                }
            }
        }
    }

    private HttpResponse<InputStream> follow(Call call, String operation, String object) throws IOException {
        URI at = call.uri();
        boolean refused = false;
        for (int hops = 0; hops <= REDIRECTS; ) {
            URI home = origin;
            boolean own = home != null && sameOrigin(at, home);
            if (home != null && home.getScheme().equals("https") && at.getScheme().equals("http")) {
                throw Fault.of(Fault.Kind.PERMISSION, operation, object, "the registry sends from https to http://" + at.getAuthority());
            }
            HttpResponse<InputStream> response = once(call, at, own ? authorizer.header(call.scope()) : Optional.empty(), own);
            int status = response.statusCode();
            if (status == 401 && own && !refused && call.scope() != Scope.GREETING && authorizer.refused(call.scope(), response)) {
                Answers.discard(response);
                refused = true;
                continue;
            }
            Optional<String> location = response.headers().firstValue("Location");
            boolean redirect = status == 307 || status == 308 || (status == 301 || status == 302 || status == 303) && call.content().isEmpty();
            if (!redirect || location.isEmpty()) {
                return response;
            }
            Answers.discard(response);
            at = redirected(at, location.get(), operation, object);
            hops++;
        }
        throw Fault.of(Fault.Kind.UNAVAILABLE, operation, object, "the registry redirects more than " + REDIRECTS + " times");
    }

    private static URI redirected(URI from, String location, String operation, String object) {
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw Fault.invalid(operation, object, "the registry redirects to what is no address").cause(e);
        }
        boolean known = "https".equals(to.getScheme()) || "http".equals(to.getScheme()) && from.getScheme().equals("http");
        if (!known || to.getHost() == null) {
            throw Fault.of(Fault.Kind.PERMISSION, operation, object, "the registry redirects from " + from.getScheme() + " to "
                    + Answers.oneLine(to.getScheme() + "://" + to.getAuthority()));
        }
        return to;
    }

    static boolean sameOrigin(URI one, URI other) {
        return one.getScheme().equals(other.getScheme()) && one.getHost().equalsIgnoreCase(other.getHost()) && port(one) == port(other);
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
    }

    private HttpResponse<InputStream> once(Call call, URI at, Optional<String> authorization, boolean own) throws IOException {
        var request = request(call.method(), at, call.headers());
        authorization.ifPresent(value -> request.setHeader("Authorization", value));
        if (own) {
            endpoint.headers().forEach(request::setHeader);
        }
        var sent = new AtomicLong();
        request.method(call.method(), call.content().isPresent() ? publisher(call.content().get(), sent) : HttpRequest.BodyPublishers.noBody());
        return exchange(request.build(), sent);
    }

    private HttpResponse<InputStream> sendForToken(String method, URI uri, Map<String, String> headers, Optional<byte[]> form) throws IOException {
        var retry = new Retry(settings);
        while (true) {
            var request = request(method, uri, headers);
            request.method(method, form.map(HttpRequest.BodyPublishers::ofByteArray).orElseGet(HttpRequest.BodyPublishers::noBody));
            HttpResponse<InputStream> response = exchange(request.build(), new AtomicLong());
            if (!Retry.isForNow(response.statusCode()) || !retry.again(Retry.asked(response))) {
                return response;
            }
            Answers.discard(response);
        }
    }

    /** Without TLS there is nothing to agree on version 2 by; registries do not know the upgrade of plain HTTP. */
    private HttpRequest.Builder request(String method, URI at, Map<String, String> headers) {
        var request = HttpRequest.newBuilder(at).setHeader("User-Agent", "carafe/0.1");
        if (at.getScheme().equals("http")) {
            request.version(HttpClient.Version.HTTP_1_1);
        }
        proxies.authorization(at).ifPresent(value -> request.setHeader("Proxy-Authorization", value));
        headers.forEach(request::setHeader);
        return request;
    }

    private static HttpRequest.BodyPublisher publisher(Content content, AtomicLong sent) {
        HttpRequest.BodyPublisher stream = HttpRequest.BodyPublishers.ofInputStream(() -> {
            try {
                return new FilterInputStream(content.open()) {
                    @Override
                    public int read(byte[] into, int from, int length) throws IOException {
                        int got = super.read(into, from, length);
                        sent.addAndGet(Math.max(got, 0));
                        return got;
                    }
                };
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return content.length() == 0 ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.fromPublisher(stream, content.length());
    }

    /** Waits for the head of the answer as long as something is still being sent, and then as long as patience lasts. */
    private HttpResponse<InputStream> exchange(HttpRequest request, AtomicLong sent) throws IOException {
        CompletableFuture<HttpResponse<InputStream>> future = client.sendAsync(request, head ->
                HttpResponse.BodySubscribers.mapping(HttpResponse.BodySubscribers.ofInputStream(), in -> new Patient(in, settings.patience())));
        long before = -1;
        while (true) {
            try {
                return whole(future.get(settings.patience().toMillis(), TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                long now = sent.get();
                if (now == before || now == 0) {
                    future.cancel(true);
                    throw new HttpTimeoutException("silent for " + settings.patience().toSeconds() + " s");
                }
                before = now;
            } catch (ExecutionException e) {
                Throwable cause = e.getCause();
                if (cause instanceof Fault fault) {
                    throw fault;
                }
                if (cause instanceof IOException io) {
                    throw io;
                }
                throw new IOException(String.valueOf(cause.getMessage()), cause);
            } catch (InterruptedException e) {
                future.cancel(true);
                Thread.currentThread().interrupt();
                throw Fault.of(Fault.Kind.CANCELLED, "talk to", "\"" + endpoint.authority() + "\"", "interrupted");
            }
        }
    }

    /** Where a proxy does not pass TLS on, its refusal is the answer, which then has no body; that is told here already. */
    private HttpResponse<InputStream> whole(HttpResponse<InputStream> response) {
        if (response.body() == null) {
            throw Answers.refusedByProxy(response.statusCode(), "\"" + endpoint.domain() + "\"");
        }
        return response;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
