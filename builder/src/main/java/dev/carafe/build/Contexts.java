package dev.carafe.build;

import dev.carafe.archive.ArchiveLimits;
import dev.carafe.archive.TreeReader;
import dev.carafe.base.Fault;
import dev.carafe.build.files.FileTree;
import dev.carafe.build.files.IgnoreRules;
import dev.carafe.engine.Workbench;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.OpenFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The contexts of one build, opened when they are asked for first. Files in them are looked up as if each were the root of a system. */
final class Contexts implements AutoCloseable {
    private static final int LONGEST = 16 << 20;
    private static final List<String> NAMES = List.of("Dockerfile", "Containerfile");

    private final Workbench bench;
    private final BuildLease lease;
    private final BuildRequest request;
    private final Map<String, Directory> open = new HashMap<>();
    private final Map<String, IgnoreRules> rules = new HashMap<>();

    Contexts(Workbench bench, BuildLease lease, BuildRequest request) {
        this.bench = bench;
        this.lease = lease;
        this.request = request;
    }

    /** A Dockerfile, and what it is called. */
    record Source(String name, String text) {
    }

    Source dockerfile() {
        if (request.text().isPresent()) {
            return new Source("Dockerfile", request.text().get());
        }
        if (request.dockerfile().isPresent()) {
            String name = request.dockerfile().get();
            Optional<String> text = name.startsWith("/") ? hostFile(Path.of(name)) : file(root(""), name);
            return new Source(name.substring(name.lastIndexOf('/') + 1), text.orElseThrow(() -> missing(name)));
        }
        for (String name : NAMES) {
            Optional<String> text = file(root(""), name);
            if (text.isPresent()) {
                return new Source(name, text.get());
            }
        }
        throw missing(NAMES.getFirst());
    }

    private static Fault missing(String name) {
        return Fault.notFound("failed to read dockerfile", "", "open " + name + ": no such file or directory");
    }

    private static Optional<String> hostFile(Path path) {
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        try {
            if (Files.size(path) > LONGEST) {
                throw tooLong(path.toString());
            }
            return Optional.of(Files.readString(path));
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "read", "\"" + path + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }

    private static Fault tooLong(String name) {
        return Fault.of(Fault.Kind.EXHAUSTED, "read", "\"" + name + "\"", "it has more than " + LONGEST + " bytes");
    }

    private static Optional<String> file(Directory root, String name) {
        Optional<OpenFile> found = root.fileWithin(name);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (OpenFile file = found.get()) {
            if (file.stat().size() > LONGEST) {
                throw tooLong(name);
            }
            return Optional.of(new String(file.input().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "read", "\"" + name + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }

    /** The files of a context; the tree's root is closed with these contexts. */
    synchronized FileTree tree(String name) {
        return new FileTree(root(name), rules.computeIfAbsent(name, this::ignored), false);
    }

    private IgnoreRules ignored(String name) {
        Directory root = root(name);
        if (name.isEmpty() && request.dockerfile().isPresent()) {
            String file = request.dockerfile().get();
            Optional<String> own = file.startsWith("/") ? hostFile(Path.of(file + ".dockerignore")) : file(root, file + ".dockerignore");
            if (own.isPresent()) {
                return IgnoreRules.parse(own.get());
            }
        } else if (name.isEmpty()) {
            Optional<String> own = file(root, "Dockerfile.dockerignore");
            if (own.isPresent()) {
                return IgnoreRules.parse(own.get());
            }
        }
        return file(root, ".dockerignore").or(() -> file(root, ".containerignore")).map(IgnoreRules::parse).orElse(IgnoreRules.NONE);
    }

    /** The image that a name stands for as a context; empty when it stands for files. */
    Optional<String> image(String name) {
        return request.contexts().get(name) instanceof BuildContext.Image image ? Optional.of(image.reference()) : Optional.empty();
    }

    private synchronized Directory root(String name) {
        Directory known = open.get(name);
        if (known != null) {
            return known;
        }
        BuildContext context = name.isEmpty() ? request.context() : request.contexts().getOrDefault(name, new BuildContext.Nothing());
        Directory root = switch (context) {
            case BuildContext.Directory directory -> bench.files().directory(directory.path().toString());
            case BuildContext.Archive archive -> unpacked(archive);
            case BuildContext.Nothing nothing -> bench.files().directory(lease.directory().toString());
            case BuildContext.Image image -> throw Fault.invalid("build", "context \"" + name + "\"", "it is an image");
        };
        open.put(name, root);
        return root;
    }

    private Directory unpacked(BuildContext.Archive archive) {
        Directory root = bench.files().directory(lease.directory().toString());
        try {
            new TreeReader(ArchiveLimits.DEFAULT).unpack(archive.tar(), root, Optional::of);
            return root;
        } catch (RuntimeException e) {
            root.close();
            throw e;
        }
    }

    @Override
    public void close() {
        open.values().forEach(Directory::close);
    }
}
