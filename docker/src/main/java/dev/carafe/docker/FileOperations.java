package dev.carafe.docker;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.engine.Container;
import dev.carafe.engine.ContainerFiles;
import dev.carafe.engine.Engine;
import dev.carafe.engine.PathStat;
import dev.carafe.oci.Json;
import dev.carafe.oci.JsonFields;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Files of containers, as archives both ways; they go through without being kept. */
final class FileOperations {
    private static final String TAR = "application/x-tar";
    private static final int BUFFER = 1 << 16;
    /** Go's os.FileMode. */
    private static final long DIRECTORY = 1L << 31;
    private static final long LINK = 1L << 27;
    private static final long DEVICE = 1L << 26;
    private static final long SET_UID = 1L << 23;
    private static final long SET_GID = 1L << 22;
    private static final long STICKY = 1L << 20;

    private final Engine engine;

    FileOperations(Engine engine) {
        this.engine = engine;
    }

    List<Route> routes() {
        return List.of(Route.of("HEAD", "/containers/*/archive", this::stat), Route.of("GET", "/containers/*/archive", this::archive),
                Route.of("PUT", "/containers/*/archive", this::extract), Route.of("GET", "/containers/*/export", this::export));
    }

    private static String path(Call call) {
        return call.query().given("path").orElseThrow(() -> ApiFault.invalid("missing required query parameter: path"));
    }

    private static ApiFault missing(Container container, String path) {
        return ApiFault.notFound("Could not find the file " + path + " in container " + container.id());
    }

    private static PathStat stat(Call call, Container container, ContainerFiles files, String path) {
        try {
            PathStat stat = files.stat(path).orElseThrow(() -> missing(container, path));
            String target = stat.kind() == PathStat.Kind.LINK ? files.followed(path) : "";
            var fields = new JsonFields().put("name", stat.name().isEmpty() ? "/" : stat.name()).put("size", stat.size()).put("mode", mode(stat))
                    .put("mtime", stat.modified().toString()).put("linkTarget", target);
            call.exchange().header("X-Docker-Container-Path-Stat",
                    Base64.getEncoder().encodeToString(Json.compact(fields.json()).getBytes(StandardCharsets.UTF_8)));
            return stat;
        } catch (Fault fault) {
            throw explained(fault, container, path);
        }
    }

    private static RuntimeException explained(Fault fault, Container container, String path) {
        if (fault.kind() == Fault.Kind.NOT_FOUND) {
            return missing(container, path);
        }
        return fault.errno().filter(errno -> errno == Errno.ENOTDIR).isPresent() ? ApiFault.invalid("not a directory") : fault;
    }

    private static long mode(PathStat stat) {
        long mode = stat.mode() & 0777;
        mode |= (stat.mode() & 04000) != 0 ? SET_UID : 0;
        mode |= (stat.mode() & 02000) != 0 ? SET_GID : 0;
        mode |= (stat.mode() & 01000) != 0 ? STICKY : 0;
        return mode | switch (stat.kind()) {
            case DIRECTORY -> DIRECTORY;
            case FILE -> 0;
            case LINK -> LINK;
            case OTHER -> DEVICE;
        };
    }

    private void stat(Call call) throws IOException {
        String path = path(call);
        Container container = Containers.find(engine, call.name());
        try (ContainerFiles files = container.files()) {
            stat(call, container, files, path);
        }
        call.exchange().empty(200);
    }

    private void archive(Call call) throws IOException {
        String path = path(call);
        Container container = Containers.find(engine, call.name());
        try (ContainerFiles files = container.files()) {
            stat(call, container, files, path);
            try (OutputStream raw = call.stream(TAR); OutputStream out = new BufferedOutputStream(raw, BUFFER)) {
                files.archive(path, out);
            }
        } catch (Fault fault) {
            throw explained(fault, container, path);
        }
    }

    private void extract(Call call) throws IOException {
        String path = path(call);
        Container container = Containers.find(engine, call.name());
        try (ContainerFiles files = container.files()) {
            String followed = files.followed(path);
            PathStat stat = files.stat(followed).orElseThrow(() -> missing(container, path));
            if (!stat.isDirectory()) {
                throw ApiFault.invalid("extraction point is not a directory");
            }
            try (InputStream body = plain(call.exchange().request().body())) {
                files.extract(followed, body, call.query().on("copyUIDGID") ? Optional.of(container.account()) : Optional.empty());
                body.transferTo(OutputStream.nullOutputStream());
            }
        } catch (Fault fault) {
            throw explained(fault, container, path);
        }
        call.exchange().empty(200);
    }

    /** What may be compressed by gzip, without that. */
    static InputStream plain(InputStream stream) throws IOException {
        var buffered = new BufferedInputStream(stream, BUFFER);
        buffered.mark(2);
        int first = buffered.read();
        int second = buffered.read();
        buffered.reset();
        return first == 0x1f && second == 0x8b ? new GZIPInputStream(buffered, BUFFER) : buffered;
    }

    private void export(Call call) throws IOException {
        Container container = Containers.find(engine, call.name());
        try (OutputStream raw = call.stream(TAR); OutputStream out = new BufferedOutputStream(raw, BUFFER)) {
            container.export(out);
        }
    }
}
