package dev.carafe.transport.registry;

import dev.carafe.base.Fault;
import dev.carafe.oci.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the images of a name are to be had: the registry that the name tells, unless registries.conf or a hosts.toml says
 * otherwise.
 *
 * <p>TLS with checked certificates is the rule. The loopback is spoken to in plain HTTP first, as docker does; registries that are
 * called insecure, and all when the user says so, may have any certificate or none.
 */
public final class RegistryConfiguration {
    private static final String HUB = "registry-1.docker.io";

    private final RegistrySettings settings;
    private final RegistriesFile file;

    private RegistryConfiguration(RegistrySettings settings, RegistriesFile file) {
        this.settings = settings;
        this.file = file;
    }

    /** One place to ask: an endpoint, and what the image is called there. */
    record Place(Endpoint endpoint, Reference reference) {}

    /** Reads the files of the user and the machine. */
    public static RegistryConfiguration load(RegistrySettings settings) {
        return new RegistryConfiguration(settings, RegistriesFile.load(settings));
    }

    /**
     * The names that a short name may mean, the likeliest first: none unless the machine is configured to search. Other names mean
     * themselves.
     */
    public List<Reference> meanings(Reference reference) {
        if (!reference.shortName()) {
            return List.of(reference);
        }
        String familiar = reference.familiarName();
        if (file.search().isEmpty()) {
            return List.of();
        }
        if (file.aliases().containsKey(familiar)) {
            Reference meant = Reference.parse(file.aliases().get(familiar));
            return List.of(as(meant, reference));
        }
        return file.search().stream().map(registry -> as(Reference.parse(registry + "/" + familiar), reference)).toList();
    }

    private static Reference as(Reference name, Reference given) {
        Reference tagged = given.tag().isPresent() ? name.withTag(given.tag().get()) : name;
        return given.digest().isPresent() ? tagged.withDigest(given.digest().get()) : tagged;
    }

    /** Where to fetch from, in order: mirrors, then the registry itself. */
    List<Place> toPull(Reference reference) {
        Optional<RegistriesFile.Rule> found = allowed(reference);
        var places = new ArrayList<Place>();
        if (found.isPresent()) {
            RegistriesFile.Rule rule = found.get();
            for (RegistriesFile.Mirror mirror : rule.mirrors()) {
                boolean fits = switch (mirror.pull()) {
                    case ALL -> true;
                    case DIGEST_ONLY -> reference.digest().isPresent();
                    case TAG_ONLY -> reference.digest().isEmpty();
                };
                if (fits) {
                    Reference there = moved(reference, rule.prefix(), mirror.location());
                    places.add(new Place(endpoint(there.domain(), mirror.insecure()), there));
                }
            }
            Reference there = rule.location().isEmpty() ? reference : moved(reference, rule.prefix(), rule.location());
            places.addAll(hosts(there, rule.insecure(), false));
        } else {
            places.addAll(hosts(reference, false, false));
        }
        return places;
    }

    /** Where to bring images of that name. */
    Place toPush(Reference reference) {
        Optional<RegistriesFile.Rule> rule = allowed(reference);
        Reference there = rule.isEmpty() || rule.get().location().isEmpty() ? reference : moved(reference, rule.get().prefix(), rule.get().location());
        return hosts(there, rule.filter(RegistriesFile.Rule::insecure).isPresent(), true).getFirst();
    }

    /** The registry of that name itself. */
    Endpoint direct(String domain) {
        boolean insecure = file.rule(Reference.parse(domain + "/any")).filter(RegistriesFile.Rule::insecure).isPresent();
        return hosts(Reference.parse(domain + "/any"), insecure, true).getFirst().endpoint();
    }

    private Optional<RegistriesFile.Rule> allowed(Reference reference) {
        Optional<RegistriesFile.Rule> rule = file.rule(reference);
        if (rule.isPresent() && rule.get().blocked()) {
            throw Fault.of(Fault.Kind.PERMISSION, "reach registry", "\"" + reference.domain() + "\"", "registries.conf blocks " + rule.get().prefix());
        }
        return rule;
    }

    private static Reference moved(Reference reference, String prefix, String location) {
        String name = reference.toString();
        return Reference.parse(location + name.substring(RegistriesFile.matched(prefix, name)));
    }

    private List<Place> hosts(Reference reference, boolean insecure, boolean push) {
        var places = new ArrayList<Place>();
        for (Path directory : directories(reference.domain())) {
            Optional<HostsFile> hosts = HostsFile.load(directory);
            if (hosts.isPresent()) {
                List<Path> certificates = List.of(directory);
                boolean verify = settings.tlsVerify().orElse(!insecure);
                for (HostsFile.Host host : hosts.get().hosts()) {
                    if (push ? host.push() : host.pull()) {
                        places.add(new Place(host.endpoint(reference.domain(), certificates, verify), reference));
                    }
                }
                hosts.get().server().ifPresent(server -> places.add(new Place(server.endpoint(reference.domain(), certificates, verify), reference)));
                if (hosts.get().server().isPresent()) {
                    return places;
                }
                break;
            }
        }
        places.add(new Place(endpoint(reference.domain(), insecure), reference));
        return places;
    }

    private Endpoint endpoint(String domain, boolean insecure) {
        String authority = domain.equals(Reference.DEFAULT_DOMAIN) ? HUB : domain;
        List<String> schemes;
        boolean verify = settings.tlsVerify().orElse(!insecure);
        if (!verify) {
            schemes = Endpoint.isLoopback(authority) ? List.of("http", "https") : List.of("https", "http");
        } else if (Endpoint.isLoopback(authority) && settings.tlsVerify().isEmpty()) {
            schemes = List.of("http", "https");
        } else {
            schemes = List.of("https");
        }
        return new Endpoint(domain, authority, schemes, "/v2", verify, directories(domain), Map.of());
    }

    /** The directories of certificates for one registry, those that are there. */
    private List<Path> directories(String domain) {
        if (settings.certificates().isPresent()) {
            return List.of(settings.certificates().get());
        }
        Path own = settings.variable("XDG_CONFIG_HOME").map(Path::of).orElseGet(() -> settings.home(".config"));
        var found = new ArrayList<Path>();
        for (Path base : List.of(own.resolve("containers/certs.d"), Path.of("/etc/containers/certs.d"), Path.of("/etc/docker/certs.d"), Path.of("/etc/containerd/certs.d"))) {
            Path directory = base.resolve(domain);
            if (Files.isDirectory(directory)) {
                found.add(directory);
            }
        }
        return found;
    }
}
