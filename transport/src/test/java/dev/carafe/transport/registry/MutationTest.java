package dev.carafe.transport.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.archive.ArchiveLimits;
import dev.carafe.archive.LayerReader;
import dev.carafe.archive.TarEntry;
import dev.carafe.archive.TarReader;
import dev.carafe.archive.TarWriter;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.oci.Document;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Index;
import dev.carafe.oci.Json;
import dev.carafe.oci.Manifest;
import dev.carafe.oci.MediaType;
import dev.carafe.oci.Platform;
import dev.carafe.oci.Reference;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever comes from elsewhere, a bit or a lot of it wrong: a parser answers, or refuses by a fault, and does neither for long. Each
 * parser gets {@code carafe.mutations} inputs (2,000 unless said otherwise), the same at each run; a failure tells its seed.
 */
@Timeout(120)
class MutationTest {
    private static final int CASES = Integer.getInteger("carafe.mutations", 2_000);
    private static final int LONGEST = 1 << 16;
    private static final String[] WORDS = {"\0", "\n", "\r\n", "..", "/", "//", ":", "@", "sha256:", "\"", "\\", "{", "}", "[", "]", ",", "=", "-1", "9223372036854775808", "1e999", "null", "true",
        "\u00e9", "\ud800", "%00", "%2e", " ", "\t", "localhost", "0", "latest", "é"};

    /** What is tried on each input. */
    private interface Attempt {
        void on(byte[] input) throws IOException;
    }

    private static void tried(List<byte[]> seeds, Attempt attempt) {
        for (int seed = 0; seed < CASES; seed++) {
            var random = new Random(seed);
            byte[] input = mutated(seeds.get(random.nextInt(seeds.size())), random);
            try {
                attempt.on(input);
            } catch (Fault | IOException refused) {
                assertThat(refused.getMessage()).as("the fault of seed %d", seed).isNotNull();
                if (refused instanceof Fault) {
                    assertThat(refused.getMessage().lines().count()).as("the lines of the fault of seed %d", seed).isLessThanOrEqualTo(1);
                }
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                throw new AssertionError("seed " + seed + " of " + new String(input, StandardCharsets.ISO_8859_1), e);
            }
        }
    }

    private static byte[] mutated(byte[] seed, Random random) {
        byte[] bytes = seed;
        for (int times = 1 + random.nextInt(4); times > 0; times--) {
            int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            int length = Math.min(bytes.length - at, 1 + random.nextInt(16));
            bytes = switch (random.nextInt(7)) {
                case 0 -> spliced(bytes, at, 0, WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.UTF_8));
                case 1 -> spliced(bytes, at, length, new byte[0]);
                case 2 -> spliced(bytes, at, length, new byte[] {(byte) random.nextInt(256)});
                case 3 -> flipped(bytes, at, random);
                case 4 -> spliced(bytes, at, 0, java.util.Arrays.copyOfRange(bytes, at, at + length));
                case 5 -> java.util.Arrays.copyOf(bytes, at);
                default -> spliced(bytes, at, 0, WORDS[random.nextInt(WORDS.length)].repeat(1 + random.nextInt(3000)).getBytes(StandardCharsets.UTF_8));
            };
            bytes = bytes.length > LONGEST ? java.util.Arrays.copyOf(bytes, LONGEST) : bytes;
        }
        return bytes;
    }

    private static byte[] spliced(byte[] bytes, int at, int without, byte[] put) {
        byte[] made = new byte[bytes.length - without + put.length];
        System.arraycopy(bytes, 0, made, 0, at);
        System.arraycopy(put, 0, made, at, put.length);
        System.arraycopy(bytes, at + without, made, at + put.length, bytes.length - at - without);
        return made;
    }

    private static byte[] flipped(byte[] bytes, int at, Random random) {
        byte[] made = bytes.clone();
        if (made.length > 0) {
            made[at] ^= (byte) (1 << random.nextInt(8));
        }
        return made;
    }

    private static List<byte[]> texts(String... texts) {
        return java.util.Arrays.stream(texts).map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void referencesParseOrAreRefused() {
        tried(texts("busybox", "localhost:5000/team/app:1.2", "registry.example/a/b_c--d.e@sha256:" + "0".repeat(64), "[::1]:5000/app", "UPPER.example/app:Tag", "a:b@sha512:" + "f".repeat(128)), input -> {
            Reference reference = Reference.parse(text(input));
            assertThat(Reference.parse(reference.toString())).hasToString(reference.toString());
            assertThat(Reference.parse(reference.withDefaultTag().familiar()).withDefaultTag().name()).isEqualTo(reference.name());
        });
    }

    @Test
    void platformsParseOrAreRefused() {
        tried(texts("linux/amd64", "linux/arm/v7", "arm64", "windows/amd64", "linux/arm64/v8"), input -> Platform.parse(text(input), Platform.of("linux", "amd64")));
    }

    private static final String DESCRIPTOR = "{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\"sha256:" + "a".repeat(64) + "\",\"size\":7,\"data\":\"e30=\",\"urls\":[\"https://x\"],"
            + "\"annotations\":{\"a\":\"b\"},\"platform\":{\"os\":\"linux\",\"architecture\":\"arm\",\"variant\":\"v7\",\"os.features\":[\"x\"]}}";

    @Test
    void documentsParseOrAreRefused() {
        List<byte[]> seeds = texts("{\"schemaVersion\":2,\"mediaType\":\"" + MediaType.MANIFEST + "\",\"config\":" + DESCRIPTOR + ",\"layers\":[" + DESCRIPTOR + "],\"subject\":" + DESCRIPTOR + "}",
                "{\"schemaVersion\":2,\"mediaType\":\"" + MediaType.INDEX + "\",\"manifests\":[" + DESCRIPTOR + "," + DESCRIPTOR + "],\"annotations\":{\"c\":\"d\"}}",
                "{\"schemaVersion\":1,\"fsLayers\":[{\"blobSum\":\"x\"}],\"history\":[]}");
        tried(seeds, input -> {
            Document document = Document.of("", input);
            if (document.isIndex()) {
                Index index = document.index();
                assertThat(Index.parse(Json.compact(index.json()))).isEqualTo(index);
                index.select(Platform.of("linux", "arm", "v7"));
            } else {
                Manifest manifest = document.manifest();
                assertThat(Manifest.parse(Json.compact(manifest.json()).getBytes(StandardCharsets.UTF_8))).isEqualTo(manifest);
            }
        });
    }

    @Test
    void configurationsParseOrAreRefused() {
        tried(texts("{\"created\":\"2026-01-02T03:04:05.678Z\",\"author\":\"ada\",\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"User\":\"1:2\",\"Env\":[\"A=b\"],\"Entrypoint\":[\"x\"],\"Cmd\":null,"
                + "\"Volumes\":{\"/v\":{}},\"ExposedPorts\":{\"80/tcp\":{}},\"Labels\":{\"l\":\"m\"},\"Healthcheck\":{\"Test\":[\"NONE\"],\"Interval\":1}},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:" + "b".repeat(64)
                + "\"]},\"history\":[{\"created\":\"2026-01-02T03:04:05Z\",\"created_by\":\"x\",\"empty_layer\":true}]}"), input -> {
                    ImageConfig config = ImageConfig.parse(input);
                    assertThat(ImageConfig.parse(Json.compact(config.json()))).isEqualTo(config);
                });
    }

    @Test
    void challengesNeverFail() {
        tried(texts("Bearer realm=\"https://auth.example/token\",service=\"registry\",scope=\"repository:a/b:pull\"", "Basic realm=\"x\"", "Digest a=b, Basic realm=cellar , Bearer error=\"in\\\"valid\"", "Negotiate abc=="),
                input -> Challenge.parse(List.of(text(input))).forEach(challenge -> challenge.parameter("realm")));
    }

    @Test
    void configurationFilesParseOrAreRefused() {
        tried(texts("unqualified-search-registries = [\"a\", 'b']\n[[registry]]\nprefix = \"*.example\"\nlocation = \"x:5\"\ninsecure = true\n[[registry.mirror]]\nlocation = \"m\"\n[aliases]\n\"a\" = \"b/c\"\n",
                "server = \"https://x\"\n[host.\"http://y:5\"]\n  capabilities = [\"pull\", \"resolve\"]\n  skip_verify = true\n  [host.\"http://y:5\".header]\n    a = [\"b\"]\n", "a = \"\"\"x\ny\"\"\"\nb = {c = 1, d = [1.5, 2026-01-01]}\n"),
                input -> Toml.parse("file", text(input)));
    }

    private static byte[] tar() {
        var bytes = new ByteArrayOutputStream();
        try {
            var tar = new TarWriter(bytes);
            tar.put(TarEntry.builder(TarEntry.Kind.DIRECTORY, "d").mode(0755).build(), new ByteArrayInputStream(new byte[0]));
            tar.put(TarEntry.builder(TarEntry.Kind.FILE, "d/" + "long".repeat(60)).mode(04755).owner(1 << 24, 5).size(600).build(), new ByteArrayInputStream(new byte[600]));
            tar.put(TarEntry.builder(TarEntry.Kind.SYMBOLIC_LINK, "d/link").link("../" + "far/".repeat(40)).build(), new ByteArrayInputStream(new byte[0]));
            tar.finish();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] packed(byte[] bytes) {
        var packed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    @Test
    void archivesAreReadOrRefused() {
        tried(List.of(tar()), input -> {
            var reader = new TarReader(new ByteArrayInputStream(input), ArchiveLimits.DEFAULT);
            for (Optional<TarEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
                reader.content().transferTo(OutputStream.nullOutputStream());
            }
        });
    }

    @Test
    void layersAreReadOrRefused() {
        tried(List.of(packed(tar()), tar()), input -> LayerReader.measure(new ByteArrayInputStream(input)));
    }

    @Test
    void digestsParseOrAreRefused() {
        tried(texts("sha256:" + "0".repeat(64), "sha512:" + "9".repeat(128)), input -> assertThat(Digest.parse(text(input)).toString()).isEqualTo(text(input)));
    }
}
