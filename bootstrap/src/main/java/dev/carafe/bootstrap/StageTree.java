package dev.carafe.bootstrap;

import dev.carafe.archive.ArchiveLimits;
import dev.carafe.archive.TarEntry;
import dev.carafe.archive.TarReader;
import dev.carafe.archive.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The tree that dpkg is first started in: what the required packages install, all packages, an empty database, and what to do. */
final class StageTree {
    private static final List<String> LINKS = List.of("bin", "sbin", "lib", "lib64");

    private final Path debs;
    private final boolean merged;
    private final Set<String> written = new HashSet<>();

    /** @param merged whether {@code /bin} and the like are links into {@code /usr} */
    StageTree(Path debs, boolean merged) {
        this.debs = debs;
        this.merged = merged;
    }

    void write(Collection<String> unpacked, Collection<String> all, String script, String sources, OutputStream out) throws IOException {
        var tar = new TarWriter(out);
        if (merged) {
            directory(tar, "usr");
            for (String link : LINKS) {
                directory(tar, "usr/" + link);
                tar.put(TarEntry.builder(TarEntry.Kind.SYMBOLIC_LINK, link).link("usr/" + link).mode(0777).build(), InputStream.nullInputStream());
            }
        }
        for (String name : unpacked) {
            try (InputStream data = DebFile.data(debs.resolve(name + ".deb"))) {
                var reader = new TarReader(data, ArchiveLimits.DEFAULT);
                for (Optional<TarEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
                    TarEntry each = entry.get();
                    String path = moved(each.path());
                    boolean linkItself = merged && LINKS.contains(plain(each.path()));
                    if (!path.isEmpty() && !linkItself && written.add(path)) {
                        tar.put(each.at(path, each.kind() == TarEntry.Kind.HARD_LINK ? moved(each.link()) : each.link()), reader.content());
                    }
                }
            }
        }
        for (String path : List.of("var", "var/lib", "var/lib/dpkg", "var/lib/dpkg/info", "var/lib/dpkg/updates", "etc", "etc/apt", "usr/bin", "debs")) {
            directory(tar, path);
        }
        for (String path : List.of("var/lib/dpkg/status", "var/lib/dpkg/available")) {
            file(tar, path, "");
        }
        file(tar, "etc/apt/sources.list", sources);
        if (written.add("usr/bin/awk")) {
            tar.put(TarEntry.builder(TarEntry.Kind.SYMBOLIC_LINK, "usr/bin/awk").link("mawk").mode(0777).build(), InputStream.nullInputStream());
        }
        file(tar, "debs/set-up", script);
        for (String name : all) {
            Path deb = debs.resolve(name + ".deb");
            try (InputStream in = Files.newInputStream(deb)) {
                tar.put(TarEntry.builder(TarEntry.Kind.FILE, "debs/" + name + ".deb").mode(0644).size(Files.size(deb)).build(), in);
            }
        }
        tar.finish();
    }

    private void directory(TarWriter tar, String path) throws IOException {
        if (written.add(path)) {
            tar.put(TarEntry.builder(TarEntry.Kind.DIRECTORY, path).mode(0755).build(), InputStream.nullInputStream());
        }
    }

    private void file(TarWriter tar, String path, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        written.add(path);
        tar.put(TarEntry.builder(TarEntry.Kind.FILE, path).mode(0644).size(bytes.length).build(), new ByteArrayInputStream(bytes));
    }

    private static String plain(String path) {
        String plain = path.startsWith("./") ? path.substring(2) : path;
        plain = plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain;
        return plain.equals(".") ? "" : plain;
    }

    private String moved(String path) {
        String plain = plain(path);
        int slash = plain.indexOf('/');
        return merged && slash > 0 && LINKS.contains(plain.substring(0, slash)) ? "usr/" + plain : plain;
    }
}
