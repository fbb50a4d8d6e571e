package dev.carafe.docker;

import com.google.gson.JsonArray;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.content.Image;
import dev.carafe.engine.Engine;
import dev.carafe.engine.Images;
import dev.carafe.engine.PullListener;
import dev.carafe.engine.PullOptions;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.Document;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.MediaType;
import dev.carafe.oci.Platform;
import dev.carafe.oci.Reference;
import dev.carafe.transport.Copy;
import dev.carafe.transport.CopyListener;
import dev.carafe.transport.ImageTarget;
import dev.carafe.transport.RegistrySource;
import dev.carafe.transport.registry.Registry;
import dev.carafe.transport.registry.RegistrySettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Images between here and registries, with the credentials that clients send. */
final class RegistryOperations {
    private final Engine engine;
    private final ArchiveOperations archives;

    RegistryOperations(Engine engine, ArchiveOperations archives) {
        this.engine = engine;
        this.archives = archives;
    }

    List<Route> routes() {
        return List.of(Route.of("POST", "/images/create", this::create), Route.of("POST", "/images/**/push", this::push), Route.of("POST", "/auth", this::authenticate),
                Route.of("GET", "/distribution/**/json", this::inspect));
    }

    private void create(Call call) throws IOException {
        if (call.query().given("fromImage").isEmpty()) {
            archives.importRootfs(call);
            return;
        }
        String tag = call.query().text("tag");
        String name = call.query().text("fromImage") + (tag.isEmpty() ? "" : (tag.indexOf(':') > 0 ? "@" : ":") + tag);
        Reference reference = reference(name);
        RegistrySettings settings = RegistryAuth.settings(call);
        var progress = new Progress(call);
        try {
            var listener = new Pulling(progress, reference);
            Images.Pulled pulled = engine.images().pull(reference.withDefaultTag().toString(), PullOptions.of(settings).withPlatform(call.query().given("platform")), listener);
            listener.greet();
            progress.say("Digest: " + pulled.digest());
            progress.say("Status: " + (pulled.newer() ? "Downloaded newer image for " : "Image is up to date for ") + reference.withDefaultTag().familiar());
            progress.close();
        } catch (Fault fault) {
            RuntimeException told = explained(fault, reference);
            if (!progress.fail(String.valueOf(told.getMessage()))) {
                throw told;
            }
        }
    }

    private static Reference reference(String name) {
        try {
            Reference reference = Reference.parse(name);
            // To docker a name without a registry is one of its hub's.
            return reference.shortName() ? Reference.parse(reference.toString()) : reference;
        } catch (Fault bad) {
            throw ApiFault.invalid("invalid reference format");
        }
    }

    private static RuntimeException explained(Fault fault, Reference reference) {
        return switch (fault.kind()) {
            case NOT_FOUND -> ApiFault.notFound("manifest for " + reference.withDefaultTag().familiar() + " not found: manifest unknown: " + fault.getMessage());
            case PERMISSION -> ApiFault.notFound("pull access denied for " + reference.familiarName() + ", repository does not exist or may require 'docker login': denied: "
                    + fault.getMessage());
            case UNAVAILABLE, TIMEOUT -> new ApiFault(500, fault.getMessage());
            default -> fault;
        };
    }

    private static String id(Descriptor blob) {
        return blob.digest().abbreviated();
    }

    /** What docker tells while it pulls. */
    private static final class Pulling implements PullListener {
        private final Progress progress;
        private final Reference reference;
        private final Set<Digest> layers = new HashSet<>();
        private boolean greeted;

        Pulling(Progress progress, Reference reference) {
            this.progress = progress;
            this.reference = reference;
        }

        synchronized void greet() {
            if (!greeted) {
                greeted = true;
                String tag = reference.withDefaultTag().tag().orElseGet(() -> reference.digest().map(Object::toString).orElse(""));
                progress.say(tag, "Pulling from " + (reference.domain().equals(Reference.DEFAULT_DOMAIN) ? reference.path() : reference.domain() + "/" + reference.path()));
            }
        }

        @Override
        public synchronized void planned(Descriptor blob) {
            greet();
            if (!MediaType.isConfig(blob.mediaType())) {
                layers.add(blob.digest());
                progress.say(id(blob), "Pulling fs layer");
            }
        }

        @Override
        public synchronized void read(Descriptor blob, long bytes) {
            if (layers.contains(blob.digest())) {
                progress.move(id(blob), "Downloading", bytes, blob.size());
            }
        }

        @Override
        public synchronized void done(Descriptor blob, ImageTarget.Outcome outcome) {
            if (layers.contains(blob.digest())) {
                progress.say(id(blob), outcome == ImageTarget.Outcome.EXISTS ? "Already exists" : "Download complete");
                if (outcome == ImageTarget.Outcome.EXISTS) {
                    layers.remove(blob.digest());
                }
            }
        }

        @Override
        public synchronized void unpacked(Descriptor layer) {
            if (layers.remove(layer.digest())) {
                progress.say(id(layer), "Pull complete");
            }
        }
    }

    private void push(Call call) throws IOException {
        RegistrySettings settings = RegistryAuth.settings(call);
        Reference repository = reference(call.name());
        var names = new ArrayList<Reference>();
        if (call.query().given("tag").isPresent()) {
            names.add(repository.withTag(call.query().text("tag")));
        } else {
            for (Image image : engine.images().list()) {
                Optional<Reference> name = image.name().map(Reference::parse);
                if (name.isPresent() && name.get().name().equals(repository.name()) && name.get().tag().isPresent()) {
                    names.add(name.get());
                }
            }
        }
        var progress = new Progress(call);
        if (names.isEmpty() || !engine.images().exists(names.getFirst().toString())) {
            throw ApiFault.notFound("An image does not exist locally with the tag: " + repository.familiarName());
        }
        try {
            progress.say("The push refers to repository [" + repository.name() + "]");
            for (Reference name : names) {
                Image image = engine.images().find(name.toString());
                Copy.Options options = MediaType.isIndex(image.target().mediaType()) ? Copy.Options.all() : Copy.Options.of(Platform.host(System.getProperty("os.arch")));
                Document pushed = engine.images().push(image, name, options, settings, new Pushing(progress));
                String tag = name.tag().orElse("");
                progress.say(tag + ": digest: " + pushed.digest() + " size: " + pushed.bytes().length);
                progress.aux(new JsonFields().put("Tag", tag).put("Digest", pushed.digest().toString()).put("Size", pushed.bytes().length).json());
            }
            progress.close();
        } catch (Fault fault) {
            progress.fail(fault.kind() == Fault.Kind.PERMISSION ? "denied: requested access to the resource is denied: " + fault.getMessage() : fault.getMessage());
        }
    }

    /** What docker tells while it pushes. */
    private static final class Pushing implements CopyListener {
        private final Progress progress;
        private final Set<Digest> layers = new HashSet<>();

        Pushing(Progress progress) {
            this.progress = progress;
        }

        @Override
        public synchronized void planned(Descriptor blob) {
            if (!MediaType.isConfig(blob.mediaType()) && layers.add(blob.digest())) {
                progress.say(id(blob), "Preparing");
            }
        }

        @Override
        public synchronized void read(Descriptor blob, long bytes) {
            if (layers.contains(blob.digest())) {
                progress.move(id(blob), "Pushing", bytes, blob.size());
            }
        }

        @Override
        public synchronized void done(Descriptor blob, ImageTarget.Outcome outcome) {
            if (layers.contains(blob.digest())) {
                progress.say(id(blob), switch (outcome) {
                    case EXISTS -> "Layer already exists";
                    case MOUNTED -> "Mounted from another repository";
                    case WRITTEN -> "Pushed";
                });
            }
        }
    }

    private void authenticate(Call call) throws IOException {
        Body body = call.body();
        String address = body.given("serveraddress").orElse(Reference.DEFAULT_DOMAIN);
        String domain = address.replaceFirst("^https?://", "").replaceFirst("/.*", "");
        try (Registry registry = Registry.open(domain.equals("index.docker.io") ? Reference.DEFAULT_DOMAIN : domain,
                RegistryAuth.settings(body))) {
            registry.authenticate();
        } catch (Fault fault) {
            throw new ApiFault(fault.kind() == Fault.Kind.PERMISSION ? 401 : fault.kind() == Fault.Kind.INVALID ? 400 : 500, "login attempt to " + address + " failed: "
                    + fault.getMessage());
        }
        call.json(new JsonFields().put("IdentityToken", "").put("Status", "Login Succeeded").json());
    }

    private void inspect(Call call) throws IOException {
        Reference reference = reference(call.name());
        try (RegistrySource source = RegistrySource.open(reference.withDefaultTag(), RegistryAuth.settings(call))) {
            Document top = source.top();
            var platforms = new JsonArray();
            if (top.isIndex()) {
                top.index().manifests().forEach(manifest -> manifest.platform().ifPresent(platform -> platforms.add(platform.json())));
            } else {
                try (var config = source.blob(top.manifest().config()).open(0)) {
                    platforms.add(dev.carafe.oci.ImageConfig.parse(config.readNBytes(8 << 20)).platform().json());
                }
            }
            var descriptor = new JsonFields().put("mediaType", top.mediaType()).put("digest", top.digest().toString()).put("size", top.bytes().length).json();
            call.json(new JsonFields().put("Descriptor", descriptor).put("Platforms", platforms).json());
        } catch (Fault fault) {
            throw fault.kind() == Fault.Kind.PERMISSION ? new ApiFault(401, fault.getMessage()) : explained(fault, reference);
        }
    }
}
