package dev.carafe.engine;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.carafe.base.ContainerId;
import dev.carafe.base.Fault;
import dev.carafe.kernel.LockFile;
import dev.carafe.oci.Json;
import dev.carafe.oci.JsonFields;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Secrets: made, listed, removed, and given to containers. Each is a directory that appears and vanishes by one rename and that only the superuser may enter. A container
 * gets a copy when it is made, so that removing the secret takes nothing from it; the copy is no part of its file system, and so of no image or archive made of it.
 */
public final class Secrets {
    /** As podman's. */
    private static final int MOST_BYTES = 512_000;
    private static final int ID_DIGITS = 25;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9]([a-zA-Z0-9_.-]{0,62}[a-zA-Z0-9])?");
    private static final String LOCK = "secrets";
    private static final String RECORD = "secret.json";
    private static final String DATA = "data";
    private static final String FILES = "secrets";

    private final Path root;
    private final ContainerStore store;
    private final InstantSource clock;
    private final RandomGenerator random;

    Secrets(Path root, ContainerStore store, InstantSource clock, RandomGenerator random) {
        this.root = root;
        this.store = store;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Makes a secret of those bytes. It is on the disk when this returns.
     *
     * @throws Fault {@code INVALID} for another name than podman takes, for no bytes or more than 512,000; {@code ALREADY_EXISTS}
     */
    public Secret create(String name, byte[] data, Map<String, String> labels) {
        if (!NAME.matcher(name).matches()) {
            throw Fault.invalid("create secret", "\"" + name + "\"", "only 64 [a-zA-Z0-9-_.] characters allowed, and the start and end character must be [a-zA-Z0-9]");
        }
        if (data.length == 0 || data.length >= MOST_BYTES) {
            throw Fault.invalid("create secret", "\"" + name + "\"", "secret data must be larger than 0 and less than " + MOST_BYTES + " bytes");
        }
        try (LockFile lock = store.lock(LOCK)) {
            if (list().stream().anyMatch(secret -> secret.name().equals(name))) {
                throw Fault.of(Fault.Kind.ALREADY_EXISTS, "create secret", "\"" + name + "\"", "secret name in use");
            }
            var secret = new Secret(ContainerId.random(random).hex().substring(0, ID_DIGITS), name, clock.instant(), labels);
            Path draft = root.resolve("." + secret.id());
            privateDirectory(root);
            privateDirectory(draft);
            write(draft.resolve(DATA), data);
            write(draft.resolve(RECORD), Json.compact(secret.json()).getBytes(StandardCharsets.UTF_8));
            Files.move(draft, root.resolve(secret.id()));
            return secret;
        } catch (IOException e) {
            throw StateFile.fault("write", root, e);
        }
    }

    private static void privateDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory.getParent());
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    private static void write(Path file, byte[] bytes) {
        StateFile.keep(file, bytes, "rw-------");
    }

    /** All, by their names. */
    public List<Secret> list() {
        var secrets = new ArrayList<Secret>();
        if (!Files.isDirectory(root)) {
            return secrets;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, entry -> !entry.getFileName().toString().startsWith("."))) {
            for (Path entry : entries) {
                StateFile.readJson(entry.resolve(RECORD)).map(Secret::parse).ifPresent(secrets::add);
            }
        } catch (IOException e) {
            throw StateFile.fault("list", root, e);
        }
        secrets.sort(Comparator.comparing(Secret::name));
        return secrets;
    }

    /** The secret of that name or id, or of the only id that begins so. */
    public Secret find(String text) {
        List<Secret> all = list();
        Optional<Secret> named = all.stream().filter(secret -> secret.name().equals(text) || secret.id().equals(text)).findFirst();
        List<Secret> begun = named.isPresent() || text.isEmpty() ? List.of() : all.stream().filter(secret -> secret.id().startsWith(text)).toList();
        if (begun.size() > 1) {
            throw Fault.of(Fault.Kind.CONFLICT, "find secret", "\"" + text + "\"", "several secrets have an id that starts so").hint("give more digits");
        }
        return named.or(() -> begun.stream().findFirst())
                .orElseThrow(() -> Fault.notFound("find secret", "\"" + text + "\"", "no such secret").hint("carafe secret ls lists them"));
    }

    /** Removes it; containers that have it keep their copies. @return its id */
    public String remove(String text) {
        try (LockFile lock = store.lock(LOCK)) {
            Secret secret = find(text);
            Path gone = root.resolve(".gone-" + secret.id());
            Files.move(root.resolve(secret.id()), gone);
            StateFile.deleteTree(gone);
            return secret.id();
        } catch (IOException e) {
            throw StateFile.fault("remove", root, e);
        }
    }

    /** Removes what killed processes left. */
    void recover() {
        if (!Files.isDirectory(root)) {
            return;
        }
        try (LockFile lock = store.lock(LOCK);
                DirectoryStream<Path> entries = Files.newDirectoryStream(root, entry -> entry.getFileName().toString().startsWith("."))) {
            entries.forEach(StateFile::deleteTree);
        } catch (IOException e) {
            throw StateFile.fault("recover", root, e);
        }
    }

    private byte[] data(Secret secret) {
        try {
            return Files.readAllBytes(root.resolve(secret.id()).resolve(DATA));
        } catch (IOException e) {
            throw StateFile.fault("read", root.resolve(secret.id()), e);
        }
    }

    /** What a container of those options would see, without a copy being made. */
    Given foresee(List<SecretUse> uses, Path container) {
        return given(uses, container, Optional.empty());
    }

    /** Copies the secrets that those options name into a container's directory to be. @param container where that will be */
    Given give(List<SecretUse> uses, Path container, Path draft) {
        return given(uses, container, Optional.of(draft.resolve(FILES)));
    }

    private Given given(List<SecretUse> uses, Path container, Optional<Path> copies) {
        var files = new LinkedHashMap<String, String>();
        var variables = new LinkedHashMap<String, String>();
        var shown = new JsonArray();
        for (SecretUse use : uses) {
            Secret secret = find(use.secret());
            if (use.variable()) {
                String value = copies.isPresent() ? new String(data(secret), StandardCharsets.UTF_8) : "";
                variables.put(use.target().orElse(secret.name()), value);
                continue;
            }
            String number = Integer.toString(files.size());
            if (files.put(use.path(secret.name()), container.resolve(FILES).resolve(number).toString()) != null) {
                throw Fault.invalid("create", "container", "Duplicate mount point: " + use.path(secret.name()));
            }
            copies.ifPresent(directory -> copy(secret, use, directory, number));
            shown.add(new JsonFields().put("Name", secret.name()).put("ID", secret.id()).put("UID", use.uid()).put("GID", use.gid()).put("Mode", use.mode()).json());
        }
        return new Given(files, variables, shown);
    }

    private void copy(Secret secret, SecretUse use, Path directory, String name) {
        try {
            privateDirectory(directory);
            Path file = directory.resolve(name);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(file, data(secret));
            Files.setAttribute(file, "unix:uid", use.uid());
            Files.setAttribute(file, "unix:gid", use.gid());
            Files.setAttribute(file, "unix:mode", use.mode());
        } catch (IOException e) {
            throw StateFile.fault("write", directory, e);
        }
    }

    /**
     * What a container is given.
     *
     * @param files the host's file for each of its own
     * @param variables that only its processes see
     * @param shown what podman's inspect tells of the files
     */
    public record Given(Map<String, String> files, Map<String, String> variables, JsonArray shown) {
        /** Nothing. */
        static final Given NONE = new Given(Map.of(), Map.of(), new JsonArray());

        /** Puts into docker's Config object what may be known of them. */
        void note(JsonObject config) {
            if (!shown.isEmpty()) {
                config.add("Secrets", shown);
            }
            if (!variables.isEmpty()) {
                config.add(VARIABLES, DockerConfig.list(List.copyOf(variables.keySet())));
            }
        }

        List<String> assignments() {
            var list = new ArrayList<String>();
            variables.forEach((name, value) -> list.add(name + "=" + value));
            return list;
        }
    }

    /** The names of the variables, in docker's Config object; their values are in the bundle, which nobody but the superuser may read. */
    static final String VARIABLES = "SecretVariables";
}
