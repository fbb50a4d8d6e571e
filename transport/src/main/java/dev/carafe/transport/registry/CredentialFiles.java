package dev.carafe.transport.registry;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where the credentials of a user are: the files of containers-auth.json(5) and of docker, in the order in which the field looks
 * through them.
 */
public final class CredentialFiles {
    private final RegistrySettings settings;

    public CredentialFiles(RegistrySettings settings) {
        this.settings = settings;
    }

    /**
     * What is to be shown to a registry for a repository.
     *
     * @param domain the registry as references name it
     * @param path the repository; empty for the registry as a whole
     */
    Optional<Credentials> find(String domain, String path) {
        if (settings.anonymous() || settings.credentials().isPresent()) {
            return settings.credentials();
        }
        List<String> keys = keys(domain, path);
        for (CredentialFile file : toRead()) {
            Optional<Credentials> found = file.find(keys);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** {@code a.b/c/d}, {@code a.b/c}, {@code a.b}: credentials may be for a part of a registry. */
    private static List<String> keys(String domain, String path) {
        var keys = new ArrayList<String>();
        String rest = domain + "/" + path;
        for (int slash = rest.length(); slash > 0; slash = rest.lastIndexOf('/', slash - 1)) {
            String key = rest.substring(0, slash);
            if (!key.endsWith("/")) {
                keys.add(key);
            }
        }
        return keys;
    }

    private List<CredentialFile> toRead() {
        Optional<Path> only = settings.authFile().or(() -> settings.variable("REGISTRY_AUTH_FILE").map(Path::of));
        if (only.isPresent()) {
            return List.of(file(only.get()));
        }
        Set<Path> paths = new LinkedHashSet<>();
        paths.add(runtimeFile());
        paths.add(settings.variable("XDG_CONFIG_HOME").map(Path::of).orElseGet(() -> settings.home(".config")).resolve("containers/auth.json"));
        paths.add(dockerFile());
        return paths.stream().filter(Files::exists).map(this::file).toList();
    }

    private Path runtimeFile() {
        return settings.variable("XDG_RUNTIME_DIR").map(Path::of).orElseGet(() -> Path.of("/run/containers/" + uid())).resolve("containers/auth.json")
                .normalize();
    }

    private static int uid() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (java.io.IOException unknown) {
            return 0;
        }
    }

    private Path dockerFile() {
        return settings.variable("DOCKER_CONFIG").map(Path::of).orElseGet(() -> settings.home(".docker")).resolve("config.json");
    }

    private CredentialFile file(Path path) {
        return new CredentialFile(path, settings.environment());
    }

    /**
     * Where logging in puts credentials.
     *
     * @param docker whether in docker's file rather than in that of containers-auth.json(5), when nothing else is said
     */
    private CredentialFile toWrite(boolean docker) {
        return file(settings.authFile().or(() -> settings.variable("REGISTRY_AUTH_FILE").map(Path::of)).orElseGet(() -> docker ? dockerFile() : runtimeFile()));
    }

    /** Keeps credentials for a registry, or a part of it; the file that names them. */
    public Path store(String key, Credentials credentials, boolean docker) {
        CredentialFile file = toWrite(docker);
        file.store(CredentialFile.plain(key), credentials);
        return file.path();
    }

    /** Forgets the credentials of a registry wherever they are; false when there were none. */
    public boolean erase(String key) {
        boolean had = false;
        for (CredentialFile file : toRead()) {
            had |= file.erase(CredentialFile.plain(key));
        }
        return had;
    }

    /** Forgets all credentials; the registries that they were for. */
    public List<String> eraseAll() {
        var erased = new ArrayList<String>();
        for (CredentialFile file : toRead()) {
            for (String key : file.keys()) {
                if (file.erase(key)) {
                    erased.add(key);
                }
            }
        }
        return erased;
    }

    /** The name of the account that is logged in at a registry. */
    public Optional<String> user(String key) {
        return find(CredentialFile.plain(key), "").map(Credentials::user).filter(user -> !user.isEmpty());
    }
}
