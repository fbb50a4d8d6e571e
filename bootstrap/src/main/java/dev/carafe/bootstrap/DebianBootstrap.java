package dev.carafe.bootstrap;

import dev.carafe.base.Fault;
import dev.carafe.content.Image;
import dev.carafe.engine.Container;
import dev.carafe.engine.ContainerOptions;
import dev.carafe.engine.Engine;
import dev.carafe.engine.LogReader;
import dev.carafe.engine.NamespaceMode;
import dev.carafe.engine.NetworkOptions;
import dev.carafe.engine.ProcessOptions;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.ImageConfig;
import dev.carafe.transport.registry.RegistrySettings;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Makes base images of Debian and what derives from it. Blocks for as long as packages are fetched and set up. */
public final class DebianBootstrap {
    private static final int PARALLEL = 6;
    private static final Path APT_CACHE = Path.of("/var/cache/apt/archives");
    private static final List<Path> KEYS = List.of(Path.of("/etc/apt/trusted.gpg"), Path.of("/etc/apt/trusted.gpg.d"));

    private final Engine engine;
    private final RegistrySettings settings;
    private final List<AptSource> sources;
    private final Optional<Path> keyring;
    private final Optional<String> cgroupParent;
    private final Consumer<String> progress;

    /**
     * @param settings for the proxies that archives are reached through
     * @param sources where packages come from: suites of the recipe's name, and its updates
     * @param keyring keys to trust instead of those that the sources name
     * @param cgroupParent below which the container runs that sets packages up
     * @param progress is told what happens, a line at a time
     */
    public DebianBootstrap(Engine engine, RegistrySettings settings, List<AptSource> sources, Optional<Path> keyring, Optional<String> cgroupParent, Consumer<String> progress) {
        this.engine = engine;
        this.settings = settings;
        this.sources = List.copyOf(sources);
        this.keyring = keyring;
        this.cgroupParent = cgroupParent;
        this.progress = progress;
    }

    /** Makes an image and gives it that name. */
    public Image make(Recipe recipe, String name) {
        Path work;
        try {
            removeAbandoned();
            work = Files.createTempDirectory(engine.roots().root(), "bootstrap-");
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "make", "\"" + engine.roots().root() + "\"", String.valueOf(e.getMessage())).cause(e);
        }
        try {
            return make(recipe, name, work);
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "bootstrap", "\"" + name + "\"", String.valueOf(e.getMessage())).cause(e);
        } finally {
            delete(work);
        }
    }

    /** What was left by one that was killed, more than a day ago. */
    private void removeAbandoned() throws IOException {
        try (var found = Files.newDirectoryStream(engine.roots().root(), "bootstrap-*")) {
            for (Path each : found) {
                if (Files.getLastModifiedTime(each).toInstant().plus(Duration.ofDays(1)).isBefore(Instant.now())) {
                    delete(each);
                }
            }
        }
    }

    private Image make(Recipe recipe, String name, Path work) throws IOException {
        Instant date = Instant.EPOCH;
        var available = new ArrayList<DebPackage>();
        try (var archive = new PackageArchive(settings.proxies())) {
            for (AptSource source : suites(recipe.suite())) {
                progress.accept("Reading " + source.archive() + " " + source.suite());
                PackageArchive.Suite suite = archive.suite(source, recipe.architecture(), new OpenPgp(keys(source)));
                available.addAll(suite.packages());
                date = suite.date().isAfter(date) ? suite.date() : date;
            }
            var resolver = new Resolver(available);
            var first = new TreeSet<String>();
            var rest = new TreeSet<String>(recipe.include());
            rest.add("apt");
            for (DebPackage each : resolver.all()) {
                if (each.essential() || each.priority().equals("required")) {
                    first.add(each.name());
                } else if (recipe.variant() == Recipe.Variant.STANDARD && each.priority().equals("important")) {
                    rest.add(each.name());
                }
            }
            Map<String, DebPackage> required = resolver.closure(first);
            var wanted = new TreeSet<String>(required.keySet());
            wanted.addAll(rest);
            Map<String, DebPackage> all = resolver.closure(wanted);
            progress.accept("Fetching " + all.size() + " packages");
            Path debs = Files.createDirectory(work.resolve("debs"));
            fetch(archive, all.values(), debs);
            progress.accept("Unpacking");
            Path stage = work.resolve("stage.tar");
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(stage), 1 << 16)) {
                new StageTree(debs, merged(recipe.suite())).write(required.keySet(), all.keySet(), setUp(required.keySet(), date), source(recipe), out);
            }
            return setUp(stage, work, name, date, recipe);
        }
    }

    /** Of the recipe's suite and its updates; an archive that has more suites than are configured is asked for this one. */
    private List<AptSource> suites(String suite) {
        List<AptSource> fitting = sources.stream().filter(each -> each.suite().equals(suite) || List.of("-updates", "-security").stream().anyMatch(end -> each.suite().equals(suite + end))).toList();
        if (fitting.stream().anyMatch(each -> each.suite().equals(suite))) {
            return fitting;
        }
        AptSource any = sources.stream().filter(each -> each.components().contains("main") && each.suite().indexOf('-') < 0).findFirst()
                .orElseThrow(() -> Fault.notFound("bootstrap", "\"" + suite + "\"", "apt is configured for no archive of packages").hint("see sources.list(5)"));
        return List.of(new AptSource(any.archive(), suite, List.of("main"), any.signedBy()));
    }

    private List<Path> keys(AptSource source) throws IOException {
        if (keyring.isPresent() || source.signedBy().isPresent()) {
            return List.of(keyring.or(source::signedBy).get());
        }
        var files = new ArrayList<Path>();
        for (Path each : KEYS) {
            if (Files.isDirectory(each)) {
                try (Stream<Path> found = Files.list(each)) {
                    found.filter(file -> file.toString().endsWith(".gpg") || file.toString().endsWith(".asc")).sorted().forEach(files::add);
                }
            } else if (Files.exists(each)) {
                files.add(each);
            }
        }
        return files;
    }

    private void fetch(PackageArchive archive, Collection<DebPackage> packages, Path directory) {
        List<Path> caches = Files.isDirectory(APT_CACHE) ? List.of(APT_CACHE) : List.of();
        try (ExecutorService threads = Executors.newFixedThreadPool(PARALLEL)) {
            var running = new ArrayList<Future<Path>>();
            packages.forEach(each -> running.add(threads.submit(() -> archive.fetch(each, directory, caches))));
            for (Future<Path> each : running) {
                try {
                    each.get();
                } catch (ExecutionException e) {
                    threads.shutdownNow();
                    throw e.getCause() instanceof Fault fault ? fault : Fault.of(Fault.Kind.INTERNAL, "fetch packages", "", String.valueOf(e.getCause())).cause(e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.of(Fault.Kind.CANCELLED, "fetch packages", "", "interrupted");
        }
    }

    /** Since when the directories of the system are links into {@code /usr}. */
    private static boolean merged(String suite) {
        return !List.of("wheezy", "jessie", "stretch", "trusty", "xenial", "bionic").contains(suite);
    }

    private String source(Recipe recipe) {
        var lines = new StringBuilder();
        suites(recipe.suite()).forEach(each -> lines.append("deb ").append(each.archive()).append(' ').append(each.suite()).append(' ').append(String.join(" ", each.components())).append('\n'));
        return lines.toString();
    }

    /** What sets the packages up: those first that the scripts of others rely on, in debootstrap's order. */
    private static String setUp(Collection<String> required, Instant date) {
        var script = new StringBuilder("""
                set -e
                export DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true LC_ALL=C LANG=C PATH=/usr/sbin:/usr/bin:/sbin:/bin SOURCE_DATE_EPOCH=%d
                dpkg="dpkg --force-depends --force-unsafe-io --force-confold --force-overwrite"
                printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d
                chmod 755 /usr/sbin/policy-rc.d
                """.formatted(date.getEpochSecond()));
        for (String name : List.of("base-passwd", "base-files", "dpkg", "libc6", "perl-base", "mawk", "debconf")) {
            if (required.contains(name)) {
                script.append("$dpkg --install /debs/").append(name).append(".deb\n");
            }
        }
        script.append("$dpkg --unpack");
        required.forEach(name -> script.append(" /debs/").append(name).append(".deb"));
        return script.append("""

                $dpkg --configure --pending --force-configure-any
                for deb in /debs/*.deb; do
                    name=${deb##*/}
                    grep -qx "Package: ${name%%.deb}" /var/lib/dpkg/status || rest="$rest $deb"
                done
                [ -z "$rest" ] || $dpkg --unpack $rest
                $dpkg --configure --pending --force-configure-any
                dpkg --audit
                rm -rf /usr/sbin/policy-rc.d /var/lib/dpkg/*-old /var/cache/debconf/*-old /var/cache/ldconfig/aux-cache /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow- /etc/subuid- /etc/subgid- /etc/.pwd.lock
                rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /tmp/* /var/tmp/*
                find /var/log -type f -exec rm -f {} +
                if [ -e /etc/shadow ]; then sed -i 's/^\\([^:]*:[^:]*\\):[0-9]*:/\\1:%d:/' /etc/shadow; fi
                : >/etc/machine-id
                """.formatted(date.getEpochSecond() / 86_400)).toString();
    }

    private Image setUp(Path stage, Path work, String name, Instant date, Recipe recipe) throws IOException {
        ImageConfig plain = ImageConfig.builder(System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64", "linux").build();
        Image staged;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(stage), 1 << 16)) {
            staged = engine.images().importRootfs(in, Optional.empty(), plain, date);
        }
        Files.delete(stage);
        try {
            progress.accept("Setting up");
            var process = ProcessOptions.builder().command(List.of("/bin/sh", "/debs/set-up")).build();
            var options = ContainerOptions.builder(staged.target().digest().toString()).process(process).network(NetworkOptions.NONE.mode(new NamespaceMode.None())).name(work.getFileName().toString());
            cgroupParent.ifPresent(options::cgroupParent);
            Container container = engine.containers().create(options.build());
            try {
                container.start();
                if (container.await() != 0) {
                    throw Fault.of(Fault.Kind.INTERNAL, "set up packages of", "\"" + name + "\"", "dpkg failed: " + last(container));
                }
                progress.accept("Making the image");
                Path tree = work.resolve("tree.tar");
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(tree), 1 << 16)) {
                    container.export(out);
                }
                Path layer = work.resolve("layer.tar.gz");
                FinishedTree.write(tree, layer, date);
                try (InputStream in = new BufferedInputStream(Files.newInputStream(layer), 1 << 16)) {
                    return engine.images().importRootfs(in, Optional.of(name), plain.toBuilder().config(ContainerConfig.builder().cmd(List.of("bash"))
                            .env(List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")).build()).build(), date);
                }
            } finally {
                container.remove(true);
            }
        } finally {
            engine.images().remove(staged.target().digest().toString(), true, Map.of());
        }
    }

    /** The end of what a container said. */
    private static String last(Container container) throws IOException {
        var text = new StringBuilder();
        Optional<LogReader> found = container.logs();
        if (found.isPresent()) {
            try (LogReader log = found.get()) {
                for (var record = log.next(); record.isPresent(); record = log.next()) {
                    text.append(new String(record.get().bytes(), StandardCharsets.UTF_8));
                }
            }
        }
        return text.substring(Math.max(0, text.length() - 600)).strip();
    }

    private static void delete(Path tree) {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "remove", "\"" + tree + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }
}
