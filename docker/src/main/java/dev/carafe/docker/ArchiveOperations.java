package dev.carafe.docker;

import dev.carafe.base.Fault;
import dev.carafe.content.Image;
import dev.carafe.engine.Engine;
import dev.carafe.engine.ImageChange;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.History;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Platform;
import dev.carafe.oci.Reference;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Images as archives: saved, loaded, imported. */
final class ArchiveOperations {
    private static final String TAR = "application/x-tar";
    private static final int BUFFER = 1 << 16;

    private final Engine engine;

    ArchiveOperations(Engine engine) {
        this.engine = engine;
    }

    List<Route> routes() {
        return List.of(Route.of("GET", "/images/get", call -> save(call, call.query().all("names"))),
                Route.of("GET", "/images/**/get", call -> save(call, List.of(call.name()))), Route.of("POST", "/images/load", this::load));
    }

    private void save(Call call, List<String> names) throws IOException {
        var images = new ArrayList<Image>();
        for (String name : names) {
            images.add(ImageNames.find(engine, name));
        }
        if (images.isEmpty()) {
            throw ApiFault.invalid("no images to save");
        }
        try (OutputStream raw = call.stream(TAR); OutputStream out = new BufferedOutputStream(raw, BUFFER)) {
            engine.images().save(images, out);
        }
    }

    private void load(Call call) throws IOException {
        List<Image> images;
        try (InputStream body = call.exchange().request().body()) {
            images = engine.images().load(body);
            body.transferTo(OutputStream.nullOutputStream());
        } catch (Fault fault) {
            // As dockerd, which has begun its answer by then.
            try (JsonStream out = call.documents()) {
                out.error(fault.getMessage());
            }
            return;
        }
        try (JsonStream out = call.documents()) {
            for (Image image : images) {
                out.line(image.name().map(name -> "Loaded image: " + Reference.parse(name).familiar())
                        .orElseGet(() -> "Loaded image ID: " + image.config().map(Object::toString).orElse(image.target().digest().toString())) + "\n");
            }
        }
    }

    /** {@code POST /images/create?fromSrc=-}. */
    void importRootfs(Call call) throws IOException {
        Query query = call.query();
        if (!query.text("fromSrc").equals("-")) {
            throw ApiFault.unsupported("importing from an address is not supported: send the archive as the body");
        }
        Platform host = Platform.host(System.getProperty("os.arch"));
        Platform platform = query.given("platform").map(words -> Platform.parse(words, host)).orElse(host);
        ContainerConfig config = ContainerConfig.EMPTY;
        for (String change : query.all("changes")) {
            config = ImageChange.apply(config, change);
        }
        Instant now = Instant.now();
        String comment = query.given("message").orElse("Imported from -");
        ImageConfig template = ImageConfig.builder(platform.architecture(), platform.os()).variant(platform.variant()).created(now).config(config)
                .history(List.of(new History(Optional.of(now), Optional.empty(), Optional.empty(), Optional.of(comment), false))).build();
        Optional<String> name = query.given("repo").map(repo -> repo + query.given("tag").map(tag -> ":" + tag).orElse(""));
        try {
            name.ifPresent(Reference::parse);
        } catch (Fault bad) {
            throw ApiFault.invalid("invalid reference format");
        }
        try (InputStream body = FileOperations.plain(call.exchange().request().body())) {
            Image image = engine.images().importRootfs(body, name, template);
            try (JsonStream out = call.documents()) {
                out.status(image.config().map(Object::toString).orElse(""));
            }
        }
    }
}
