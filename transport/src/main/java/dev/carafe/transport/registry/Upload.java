package dev.carafe.transport.registry;

import dev.carafe.base.Fault;
import dev.carafe.oci.Descriptor;
import dev.carafe.content.BlobReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;

/**
 * Brings one blob into a repository: a short one as a whole in one request (spec.md#pushing-a-blob-monolithically), a long one in
 * pieces (spec.md#pushing-a-blob-in-chunks), of which the first is meant to be the only one. When it breaks off, the registry says
 * how much arrived, and the next piece goes on from there.
 */
final class Upload {
    private static final long SHORT = 1 << 20;
    private static final String BYTES = "application/octet-stream";

    private final Repository repository;
    private final Descriptor blob;
    private final BlobReader bytes;
    private final Retry retry;

    Upload(Repository repository, Descriptor blob, BlobReader bytes) {
        this.repository = repository;
        this.blob = blob;
        this.bytes = bytes;
        this.retry = new Retry(repository.settings());
    }

    void run() {
        while (true) {
            try {
                URI session = begin();
                if (blob.size() <= SHORT) {
                    finish(session, Optional.of(rest(0)));
                } else {
                    finish(inPieces(session), Optional.empty());
                }
                return;
            } catch (Fault fault) {
                boolean passing = fault.kind() == Fault.Kind.UNAVAILABLE || fault.kind() == Fault.Kind.TIMEOUT;
                if (!passing || !retry.again(Optional.empty())) {
                    throw fault;
                }
            }
        }
    }

    private URI begin() {
        HttpResponse<InputStream> response = repository.send(repository.beginUpload(), blob.digest());
        return next(response, 202);
    }

    private URI next(HttpResponse<InputStream> response, int expected) {
        if (response.statusCode() != expected) {
            throw repository.uploadFault(blob.digest(), response);
        }
        Answers.discard(response);
        return Repository.location(response).orElseThrow(() -> Fault.invalid("push blob", blob.digest().toString(), "the registry does not say where to"));
    }

    private URI inPieces(URI session) {
        URI at = session;
        long offset = 0;
        while (offset < blob.size()) {
            try {
                Wire.Call call = call("PATCH", at).header("Content-Type", BYTES).header("Content-Range", offset + "-" + (blob.size() - 1)).content(rest(offset));
                at = next(repository.send(call, blob.digest()), 202);
                offset = blob.size();
            } catch (Fault fault) {
                boolean passing = fault.kind() == Fault.Kind.UNAVAILABLE || fault.kind() == Fault.Kind.TIMEOUT || fault.kind() == Fault.Kind.INVALID;
                if (!passing || !retry.again(Optional.empty())) {
                    throw fault;
                }
                HttpResponse<InputStream> status = repository.send(call("GET", at), blob.digest());
                long arrived = arrived(status);
                if (status.statusCode() != 204 || arrived < offset) {
                    Answers.discard(status);
                    throw fault.kind(Fault.Kind.UNAVAILABLE);
                }
                offset = arrived;
                Answers.discard(status);
                at = Repository.location(status).orElse(at);
            }
        }
        return at;
    }

    /** How many bytes a session has, from {@code Range: 0-N}. */
    private static long arrived(HttpResponse<?> response) {
        String range = response.headers().firstValue("Range").orElse("");
        int dash = range.indexOf('-');
        try {
            return dash < 0 ? -1 : Long.parseLong(range.substring(dash + 1).strip()) + 1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private void finish(URI session, Optional<Wire.Content> content) {
        String address = session.toString();
        URI at = URI.create(address + (address.indexOf('?') < 0 ? "?" : "&") + "digest=" + blob.digest());
        Wire.Call call = call("PUT", at);
        HttpResponse<InputStream> response = repository.send(content.isPresent() ? call.header("Content-Type", BYTES).content(content.get()) : call, blob.digest());
        if (response.statusCode() != 201 && response.statusCode() != 204) {
            throw repository.uploadFault(blob.digest(), response);
        }
        Answers.discard(response);
    }

    private Wire.Call call(String method, URI at) {
        return new Wire.Call(method, at, Map.of(), Optional.empty(), Scope.push(repository.path()), false);
    }

    private Wire.Content rest(long offset) {
        return new Wire.Content() {
            @Override
            public long length() {
                return blob.size() - offset;
            }

            @Override
            public InputStream open() throws IOException {
                return bytes.open(offset);
            }
        };
    }
}
