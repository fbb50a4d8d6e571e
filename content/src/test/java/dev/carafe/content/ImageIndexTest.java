package dev.carafe.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.NativeKernel;
import dev.carafe.oci.Descriptor;
import dev.carafe.oci.MediaType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageIndexTest {
    private static final Descriptor ONE = manifest("one");
    private static final Descriptor TWO = manifest("two");
    private static final Optional<Digest> ID_ONE = Optional.of(digest("config one"));
    private static final Optional<Digest> ID_TWO = Optional.of(digest("config two"));
    private static final String NAME = "docker.io/library/alpine:3.20";

    @TempDir
    Path temporary;

    private FileSystem files;
    private ContentStore store;
    private ImageIndex index;

    private static Digest digest(String text) {
        return Digest.sha256(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static Descriptor manifest(String text) {
        return Descriptor.of(MediaType.MANIFEST, text.getBytes(StandardCharsets.US_ASCII));
    }

    @BeforeEach
    void open() {
        files = new FileSystem(new NativeKernel());
        store = ContentStore.open(files, temporary.resolve("content").toString());
        index = new ImageIndex(store);
    }

    @AfterEach
    void close() {
        store.close();
        files.close();
    }

    @Test
    void anEmptyStoreHasNoImages() {
        assertThat(index.list()).isEmpty();
        assertThat(index.find(NAME)).isEmpty();
    }

    @Test
    void anImageIsFoundByEverythingThatMeansIt() {
        index.tag(NAME, ONE, ID_ONE);
        String id = ID_ONE.orElseThrow().hex();
        for (String text : new String[] {
            "alpine:3.20", "docker.io/library/alpine:3.20", "docker.io/alpine:3.20", id, id.substring(0, 12),
            ID_ONE.orElseThrow().toString(), ONE.digest().toString(), ONE.digest().hex().substring(0, 8),
            "alpine@" + ONE.digest(), "alpine:3.20@" + ONE.digest()}) {
            assertThat(index.resolve(text).map(image -> image.target().digest())).as(text).contains(ONE.digest());
        }
        for (String text : new String[] {"alpine", "alpine:3.21", "example.org/alpine:3.20", "ubuntu@" + ONE.digest(),
            "alpine@" + TWO.digest(), "ffffffffffff"}) {
            assertThat(index.resolve(text)).as(text).isEmpty();
        }
    }

    @Test
    void aShortNameAlsoMeansALocalImage() {
        index.tag("localhost/busybox:latest", ONE, ID_ONE);
        assertThat(index.resolve("busybox")).isPresent();
        index.tag("docker.io/library/busybox:latest", TWO, ID_TWO);
        assertThat(index.resolve("busybox").orElseThrow().target().digest()).isEqualTo(TWO.digest());
    }

    @Test
    void aNameGoesBeforeAnIdThatLooksTheSame() {
        String digits = ID_ONE.orElseThrow().hex().substring(0, 6);
        index.tag(NAME, ONE, ID_ONE);
        assertThat(index.resolve(digits).orElseThrow().target().digest()).isEqualTo(ONE.digest());
        index.tag("docker.io/library/" + digits + ":latest", TWO, ID_TWO);
        assertThat(index.resolve(digits).orElseThrow().target().digest()).isEqualTo(TWO.digest());
    }

    @Test
    void digitsThatFitTwoImagesAreAConflict() {
        for (int i = 0; i < 300; i++) {
            index.add(manifest("m" + i), Optional.empty());
        }
        assertThatThrownBy(() -> index.resolve(manifest("m0").digest().hex().substring(0, 2)))
                .isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.CONFLICT));
    }

    @Test
    void aNameThatMovesLeavesTheOldImageWithoutOne() {
        index.tag(NAME, ONE, ID_ONE);
        index.tag(NAME, TWO, ID_TWO);
        assertThat(index.find(NAME).orElseThrow().target().digest()).isEqualTo(TWO.digest());
        assertThat(index.find(ONE.digest())).singleElement().satisfies(old -> assertThat(old.name()).isEmpty());
        index.tag("docker.io/library/old:latest", ONE, ID_ONE);
        assertThat(index.list()).hasSize(2).allSatisfy(image -> assertThat(image.name()).isPresent());
        index.tag(NAME, ONE, ID_ONE);
        assertThat(index.find(ONE.digest())).hasSize(2);
        assertThat(index.find(TWO.digest())).hasSize(1);
    }

    @Test
    void untaggingTakesOneNameAndRemovingAll() {
        index.tag(NAME, ONE, ID_ONE);
        index.tag("localhost/a:1", ONE, ID_ONE);
        index.tag("localhost/b:1", TWO, ID_TWO);
        assertThat(index.untag("localhost/a:1").orElseThrow().config()).isEqualTo(ID_ONE);
        assertThat(index.untag("localhost/a:1")).isEmpty();
        assertThat(index.list()).hasSize(2);
        index.remove(ONE.digest());
        assertThat(index.list()).extracting(image -> image.target().digest()).containsExactly(TWO.digest());
    }

    @Test
    void theStampChangesWithTheNamesAndOnlyThen() {
        index.tag(NAME, ONE, ID_ONE);
        var stamp = index.stamp();
        index.tag(NAME, ONE, ID_ONE);
        index.untag("localhost/nothing:1");
        assertThat(index.stamp()).isEqualTo(stamp);
        index.untag(NAME);
        assertThat(index.stamp()).isNotEqualTo(stamp);
    }

    @Test
    void whatAnotherChangesIsSeen() {
        var other = new ImageIndex(store);
        assertThat(index.list()).isEmpty();
        other.tag(NAME, ONE, ID_ONE);
        assertThat(index.list()).hasSize(1);
        other.untag(NAME);
        assertThat(index.list()).isEmpty();
    }

    @Test
    void noNameIsLostWhenManyWriteAtOnce() throws Exception {
        try (var threads = Executors.newFixedThreadPool(8)) {
            var calls = new ArrayList<Callable<Image>>();
            for (int i = 0; i < 40; i++) {
                String name = "localhost/n:" + i;
                calls.add(() -> new ImageIndex(store).tag(name, ONE, ID_ONE));
            }
            for (var call : threads.invokeAll(calls)) {
                call.get();
            }
        }
        assertThat(index.list()).hasSize(40);
    }
}
