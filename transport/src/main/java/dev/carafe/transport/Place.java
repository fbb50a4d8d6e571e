package dev.carafe.transport;

import dev.carafe.base.Fault;
import dev.carafe.oci.Document;
import dev.carafe.oci.Reference;
import dev.carafe.transport.registry.RegistrySettings;
import dev.carafe.transport.registry.Repository;
import dev.carafe.transport.registry.Sources;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The name of one image together with where it is, as containers-transports(5) writes it: {@code TRANSPORT:WHERE}.
 *
 * @param transport {@code docker}, {@code oci}, {@code oci-archive}, {@code docker-archive}, {@code dir}, {@code containers-storage} or {@code docker-daemon}
 * @param where in the transport's own grammar
 */
public record Place(String transport, String where) {
    private static final List<String> TRANSPORTS = List.of("docker", "oci", "oci-archive", "docker-archive", "dir", "containers-storage", "docker-daemon");

    /** What places are opened with. */
    public interface Surroundings {
        RegistrySettings settings();

        /** A path as the caller means it. */
        Path path(String text);

        /** An image of the store, by any of its names. */
        ImageSource stored(String name);

        /** A name in the store. */
        ImageTarget toStore(String name);

        /** Where another engine listens, as DOCKER_HOST has it. */
        String dockerHost();
    }

    /** Reads a place; one without a transport, or with an unknown one, is a fault. */
    public static Place parse(String text) {
        int colon = text.indexOf(':');
        String transport = colon < 0 ? "" : text.substring(0, colon);
        if (!TRANSPORTS.contains(transport)) {
            throw Fault.invalid("read image name", "\"" + text + "\"", "it does not begin with a transport").hint("the transports are " + String.join(":, ", TRANSPORTS) + ":");
        }
        String where = text.substring(colon + 1);
        if (transport.equals("docker")) {
            if (!where.startsWith("//")) {
                throw Fault.invalid("read image name", "\"" + text + "\"", "expected docker://NAME");
            }
            where = where.substring(2);
            Reference.parse(where);
        }
        return new Place(transport, where);
    }

    /** Whether a text begins with a transport. */
    public static boolean is(String text) {
        int colon = text.indexOf(':');
        return colon > 0 && TRANSPORTS.contains(text.substring(0, colon)) && (!text.startsWith("docker:") || text.startsWith("docker://"));
    }

    /** The reference of an image in a registry, complete. */
    public Reference reference() {
        if (!transport.equals("docker")) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "ask for", "\"" + this + "\"", "only registries can do that").hint("name it as docker://NAME");
        }
        return Reference.parse(where).withDefaultTag();
    }

    /** Opens it to read; the caller closes it. */
    public ImageSource source(Surroundings around) {
        return switch (transport) {
            case "docker" -> RegistrySource.open(reference(), around.settings());
            case "oci" -> new LayoutPlace(around.path(path()), name());
            case "dir" -> new DirPlace(around.path(where));
            case "containers-storage" -> around.stored(where);
            case "oci-archive" -> {
                Path directory = unpacked(around.path(path()));
                yield new Unpacked(new LayoutPlace(directory, name()), directory);
            }
            case "docker-archive" -> {
                Path directory = unpacked(around.path(path()));
                Optional<String> number = name().filter(n -> n.startsWith("@"));
                yield new Unpacked(new DockerArchivePlace(directory, name().filter(n -> !n.startsWith("@")), number.map(n -> number(n.substring(1))).orElse(-1)), directory);
            }
            case "docker-daemon" -> fromEngine(around);
            default -> throw new IllegalStateException(transport);
        };
    }

    private int number(String text) {
        try {
            return Integer.parseUnsignedInt(text);
        } catch (NumberFormatException e) {
            throw Fault.invalid("read image name", "\"" + this + "\"", "expected a number behind @");
        }
    }

    private ImageSource fromEngine(Surroundings around) {
        String name = where.startsWith("sha256:") ? where : Reference.parse(where).withDefaultTag().familiar();
        try (DockerSocket socket = DockerSocket.open(around.dockerHost());
                InputStream answer = socket.request("GET", "/images/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("%2F", "/").replace("%3A", ":") + "/get", out -> { })) {
            Path directory = Packed.unpack(answer, "\"" + this + "\"");
            return new Unpacked(new DockerArchivePlace(directory, Optional.empty(), -1), directory);
        } catch (IOException e) {
            throw fault(e);
        }
    }

    private Path unpacked(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Packed.unpack(in, "\"" + file + "\"");
        } catch (java.nio.file.NoSuchFileException absent) {
            throw Fault.notFound("open", "\"" + file + "\"", "no such file or directory");
        } catch (IOException e) {
            throw fault(e);
        }
    }

    /** Opens it to write; the caller closes it. */
    public ImageTarget target(Surroundings around) {
        return switch (transport) {
            case "docker" -> new RegistryTarget(reference(), around.settings(), digest -> List.of());
            case "oci" -> new LayoutPlace(around.path(path()), name());
            case "dir" -> new DirPlace(around.path(where));
            case "containers-storage" -> around.toStore(where);
            case "oci-archive" -> {
                Path directory = Packed.directory();
                yield new ArchivePlace(directory, new LayoutPlace(directory, name()), ArchivePlace.toFile(around.path(path())));
            }
            case "docker-archive" -> {
                Path directory = Packed.directory();
                yield new ArchivePlace(directory, new DockerArchivePlace(directory, name(), -1), ArchivePlace.toFile(around.path(path())));
            }
            case "docker-daemon" -> {
                Path directory = Packed.directory();
                yield new ArchivePlace(directory, new DockerArchivePlace(directory, Optional.of(where), -1), written -> load(around, written));
            }
            default -> throw new IllegalStateException(transport);
        };
    }

    private static void load(Surroundings around, Path directory) throws IOException {
        try (DockerSocket socket = DockerSocket.open(around.dockerHost()); InputStream answer = socket.request("POST", "/images/load?quiet=1", out -> Packed.pack(directory, out))) {
            String said = new String(answer.readNBytes(1 << 16), StandardCharsets.UTF_8);
            if (said.contains("\"error\"")) {
                throw new IOException(said.replaceAll("\\p{Cntrl}", " ").strip());
            }
        }
    }

    /** How images are packed there, when the place has an opinion: those of docker's archives are not. */
    public Optional<dev.carafe.archive.Compression> compression() {
        return transport.equals("docker-archive") || transport.equals("docker-daemon") ? Optional.of(dev.carafe.archive.Compression.NONE) : Optional.empty();
    }

    /** Removes the image: a manifest of a registry, a name of a layout. */
    public void delete(Surroundings around) {
        switch (transport) {
            case "docker" -> {
                Reference reference = reference();
                Repository repository = Sources.toPush(reference, around.settings());
                try (AutoCloseable held = repository.registry()) {
                    String tag = reference.tag().orElse(Reference.DEFAULT_TAG);
                    // Registries delete manifests by digest; the tag goes with it.
                    String digest = reference.digest().map(Object::toString).or(() -> repository.head(tag).map(d -> d.digest().toString()))
                            .orElseThrow(() -> Fault.notFound("delete", "\"" + reference + "\"", "not found in the registry"));
                    if (!repository.delete(repository.manifest(digest))) {
                        throw Fault.notFound("delete", "\"" + reference + "\"", "not found in the registry");
                    }
                } catch (RuntimeException fault) {
                    throw fault;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
            case "oci" -> new LayoutPlace(around.path(path()), name()).remove();
            default -> throw Fault.of(Fault.Kind.UNSUPPORTED, "delete", "\"" + this + "\"", "images of that transport are deleted with their file or by their engine");
        }
    }

    /** What stands before the first colon of {@code PATH[:NAME]}. */
    private String path() {
        int colon = where.indexOf(':');
        return colon < 0 ? where : where.substring(0, colon);
    }

    private Optional<String> name() {
        int colon = where.indexOf(':');
        return colon < 0 ? Optional.empty() : Optional.of(where.substring(colon + 1));
    }

    private Fault fault(IOException e) {
        return Fault.of(Fault.Kind.UNAVAILABLE, "read", "\"" + this + "\"", String.valueOf(e.getMessage())).cause(e);
    }

    @Override
    public String toString() {
        return transport + ":" + (transport.equals("docker") ? "//" : "") + where;
    }

    /** A place in a directory that vanishes with it. */
    private record Unpacked(ImageSource inner, Path directory) implements ImageSource {
        @Override
        public Document top() {
            return inner.top();
        }

        @Override
        public Document document(dev.carafe.oci.Descriptor descriptor) {
            return inner.document(descriptor);
        }

        @Override
        public dev.carafe.content.BlobReader blob(dev.carafe.oci.Descriptor descriptor) {
            return inner.blob(descriptor);
        }

        @Override
        public void close() {
            Packed.delete(directory);
        }
    }
}
