package dev.carafe.transport;

import dev.carafe.archive.TarEntry;
import dev.carafe.archive.TarEntry.Kind;
import dev.carafe.archive.TarWriter;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.History;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Index;
import dev.carafe.oci.Json;
import dev.carafe.oci.Manifest;
import dev.carafe.oci.MediaType;
import dev.carafe.oci.Platform;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A small image made on the spot from a static busybox, so that the first run and the tests need no registry: an OCI layout with
 * the image {@code localhost/busybox:latest}. The same busybox gives the same bytes.
 */
public final class BusyboxImage {
    public static final String NAME = "localhost/busybox:latest";

    private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
    private static final String BUSYBOX = "bin/busybox";
    private static final Map<String, Integer> DIRECTORIES = new TreeMap<>(Map.ofEntries(
            Map.entry("bin", 0755), Map.entry("dev", 0755), Map.entry("etc", 0755), Map.entry("home", 0755),
            Map.entry("mnt", 0755), Map.entry("proc", 0755), Map.entry("root", 0700), Map.entry("run", 0755),
            Map.entry("sbin", 0755), Map.entry("sys", 0755), Map.entry("tmp", 01777), Map.entry("usr", 0755),
            Map.entry("usr/bin", 0755), Map.entry("usr/sbin", 0755), Map.entry("var", 0755), Map.entry("var/tmp", 01777)));
    private static final Map<String, String> FILES = new TreeMap<>(Map.of(
            "etc/group", "root:x:0:\ndaemon:x:1:\nbin:x:2:\nsys:x:3:\ntty:x:5:\nwww-data:x:33:\nusers:x:100:\nnogroup:x:65534:\n",
            "etc/passwd", "root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/usr/sbin:/bin/false\n"
                    + "bin:x:2:2:bin:/bin:/bin/false\nwww-data:x:33:33:www-data:/var:/bin/false\n"
                    + "nobody:x:65534:65534:nobody:/home:/bin/false\n",
            "etc/profile", "export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"));

    private BusyboxImage() {}

    /**
     * Writes the layout to an empty or new directory.
     *
     * @param busybox the static binary
     * @param applets the paths of its links, relative to the root, as {@code busybox --list-full} prints them
     */
    public static void write(byte[] busybox, List<String> applets, Platform platform, Path directory) throws IOException {
        byte[] layer = layer(busybox, applets);
        byte[] config = json(ImageConfig.builder(platform.architecture(), platform.os())
                .variant(platform.variant())
                .created(CREATED)
                .config(ContainerConfig.builder()
                        .env(List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"))
                        .cmd(List.of("sh"))
                        .build())
                .diffIds(List.of(Digest.sha256(layer)))
                .history(List.of(
                        new History(Optional.of(CREATED), Optional.of("busybox and its links"), Optional.empty(), Optional.empty(),
                                false),
                        new History(Optional.of(CREATED), Optional.of("CMD [\"sh\"]"), Optional.empty(), Optional.empty(), true)))
                .build().json());
        byte[] manifest = json(Manifest.builder(Descriptor.of(MediaType.CONFIG, config))
                .mediaType(MediaType.MANIFEST)
                .layers(List.of(Descriptor.of(MediaType.LAYER_TAR, layer)))
                .build().json());
        Descriptor named = Descriptor.of(MediaType.MANIFEST, manifest).toBuilder()
                .platform(platform)
                .annotations(Map.of("org.opencontainers.image.ref.name", NAME))
                .build();
        Path blobs = Files.createDirectories(directory.resolve("blobs/sha256"));
        for (byte[] blob : List.of(layer, config, manifest)) {
            Files.write(blobs.resolve(Digest.sha256(blob).hex()), blob);
        }
        Files.write(directory.resolve("index.json"), json(Index.of(List.of(named)).json()));
        Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    }

    private static byte[] json(com.google.gson.JsonElement tree) {
        return Json.compact(tree).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] layer(byte[] busybox, List<String> applets) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var tar = new TarWriter(bytes);
        for (var directory : DIRECTORIES.entrySet()) {
            tar.put(TarEntry.builder(Kind.DIRECTORY, directory.getKey() + "/").mode(directory.getValue()).modified(CREATED).build());
        }
        for (var file : FILES.entrySet()) {
            byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
            put(tar, file.getKey(), 0644, content);
        }
        put(tar, BUSYBOX, 0755, busybox);
        for (String applet : new TreeSet<>(applets)) {
            String path = applet.strip();
            boolean known = DIRECTORIES.containsKey(path.substring(0, Math.max(path.lastIndexOf('/'), 0)));
            if (known && !path.equals(BUSYBOX)) {
                tar.put(TarEntry.builder(Kind.HARD_LINK, path).link(BUSYBOX).mode(0755).modified(CREATED).build());
            }
        }
        tar.finish();
        return bytes.toByteArray();
    }

    private static void put(TarWriter tar, String path, int mode, byte[] content) throws IOException {
        tar.put(TarEntry.builder(Kind.FILE, path).mode(mode).size(content.length).modified(CREATED).build(),
                new ByteArrayInputStream(content));
    }

    /** Called by the build: path of a static busybox that runs here, directory to write. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            throw Fault.invalid("write busybox image", "", "expected the path of a busybox and a directory");
        }
        var listing = new ProcessBuilder(arguments[0], "--list-full").redirectErrorStream(true).start();
        List<String> applets;
        try (var lines = listing.inputReader(StandardCharsets.UTF_8)) {
            applets = lines.lines().filter(line -> !line.isBlank()).toList();
        }
        write(Files.readAllBytes(Path.of(arguments[0])), applets, Platform.host(System.getProperty("os.arch")),
                Path.of(arguments[1]));
    }
}
