package dev.carafe.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.NativeKernel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentStoreTest {
    private static final byte[] BYTES = "some content".getBytes(StandardCharsets.US_ASCII);
    private static final Digest DIGEST = Digest.sha256(BYTES);

    @TempDir
    Path temporary;

    private FileSystem files;
    private ContentStore store;

    @BeforeEach
    void open() {
        files = new FileSystem(new NativeKernel());
        store = ContentStore.open(files, temporary.resolve("a/b/content").toString());
    }

    @AfterEach
    void close() {
        store.close();
        files.close();
    }

    private Path inStore(String path) {
        return temporary.resolve("a/b/content").resolve(path);
    }

    private void ingestsAre(int count) throws IOException {
        try (Stream<Path> left = Files.list(inStore("ingests"))) {
            assertThat(left).hasSize(count);
        }
    }

    @Test
    void aNewStoreIsAnImageLayout() {
        assertThat(inStore("oci-layout")).hasContent("{\"imageLayoutVersion\":\"1.0.0\"}");
        assertThat(inStore("blobs/sha256")).isDirectory();
    }

    @Test
    void whatIsPutIsReadBack() throws IOException {
        assertThat(store.has(DIGEST)).isFalse();
        assertThat(store.put(BYTES)).isEqualTo(DIGEST);
        assertThat(store.put(BYTES)).isEqualTo(DIGEST);
        assertThat(store.has(DIGEST)).isTrue();
        assertThat(store.size(DIGEST)).hasValue(BYTES.length);
        assertThat(store.read(DIGEST, 100)).isEqualTo(BYTES);
        try (InputStream in = store.open(DIGEST)) {
            assertThat(in.readAllBytes()).isEqualTo(BYTES);
        }
        assertThat(store.list()).containsExactly(DIGEST);
        assertThat(Path.of(store.path(DIGEST))).hasBinaryContent(BYTES);
        ingestsAre(0);
        assertThat(store.delete(DIGEST)).isTrue();
        assertThat(store.delete(DIGEST)).isFalse();
    }

    @Test
    void aBlobThatIsNotThereIsNotFound() {
        assertThatThrownBy(() -> store.read(DIGEST, 100)).isInstanceOfSatisfying(Fault.class, fault -> {
            assertThat(fault.kind()).isEqualTo(Fault.Kind.NOT_FOUND);
            assertThat(fault.getMessage()).contains(DIGEST.toString());
        });
    }

    @Test
    void aBlobLongerThanExpectedIsNotHeld() {
        store.put(BYTES);
        assertThatThrownBy(() -> store.read(DIGEST, 5)).isInstanceOfSatisfying(Fault.class, fault ->
                assertThat(fault.kind()).isEqualTo(Fault.Kind.EXHAUSTED));
    }

    @Test
    void damageIsFoundAndNamed() throws IOException {
        store.put(BYTES);
        Files.write(Path.of(store.path(DIGEST)), "sOme content".getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> store.read(DIGEST, 100)).isInstanceOfSatisfying(Fault.class, fault -> {
            assertThat(fault.kind()).isEqualTo(Fault.Kind.CORRUPT);
            assertThat(fault.getMessage()).contains(DIGEST.toString());
        });
        try (InputStream in = store.open(DIGEST)) {
            assertThatThrownBy(in::readAllBytes).isInstanceOfSatisfying(Fault.class, fault ->
                    assertThat(fault.kind()).isEqualTo(Fault.Kind.CORRUPT));
        }
    }

    @Test
    void anInterruptedIngestIsTakenUpWhereItStopped() throws IOException {
        try (Ingest first = store.ingest(DIGEST, BYTES.length)) {
            first.write(BYTES, 0, 5);
        }
        assertThat(store.has(DIGEST)).isFalse();
        store.recover();
        ingestsAre(1);
        try (Ingest second = store.ingest(DIGEST, BYTES.length)) {
            assertThat(second.offset()).isEqualTo(5);
            second.write(BYTES, 5, BYTES.length - 5);
            assertThat(second.commit()).isEqualTo(DIGEST);
        }
        assertThat(store.read(DIGEST, 100)).isEqualTo(BYTES);
        ingestsAre(0);
    }

    @Test
    void otherBytesThanAnnouncedAreRefusedAndForgotten() {
        try (Ingest ingest = store.ingest(DIGEST, BYTES.length)) {
            ingest.write("more content".getBytes(StandardCharsets.US_ASCII), 0, BYTES.length);
            assertThatThrownBy(ingest::commit).isInstanceOfSatisfying(Fault.class, fault ->
                    assertThat(fault.kind()).isEqualTo(Fault.Kind.CORRUPT));
        }
        try (Ingest ingest = store.ingest(DIGEST, BYTES.length)) {
            assertThat(ingest.offset()).isZero();
            assertThatThrownBy(() -> ingest.write(new byte[20], 0, 20)).isInstanceOf(Fault.class)
                    .hasMessageContaining("more than the 12 bytes that were announced");
        }
        try (Ingest ingest = store.ingest(DIGEST, BYTES.length)) {
            ingest.write(BYTES, 0, 3);
            assertThatThrownBy(ingest::commit).isInstanceOf(Fault.class).hasMessageContaining("only 3 of 12 bytes");
        }
        assertThat(store.has(DIGEST)).isFalse();
    }

    @Test
    void anIngestOfUnknownDigestLeavesNothingUnlessCommitted() throws IOException {
        try (Ingest ingest = store.ingest()) {
            ingest.write(BYTES, 0, 5);
        }
        ingestsAre(0);
        try (Ingest ingest = store.ingest()) {
            ingest.output().write(BYTES);
            assertThat(ingest.commit()).isEqualTo(DIGEST);
        }
        ingestsAre(0);
        assertThat(store.has(DIGEST)).isTrue();
    }

    @Test
    void recoveryTakesWhatTheDeadLeftAndSparesTheLiving() throws IOException {
        Files.write(inStore("ingests/new-dead"), BYTES);
        try (Ingest alive = store.ingest()) {
            alive.write(BYTES, 0, 5);
            store.recover();
            ingestsAre(1);
            alive.write(BYTES, 5, BYTES.length - 5);
            assertThat(alive.commit()).isEqualTo(DIGEST);
        }
    }

    @Test
    void manyWritersOfOneBlobWriteItOnce() throws Exception {
        byte[] big = new byte[3_000_000];
        Digest digest = Digest.sha256(big);
        try (var threads = Executors.newFixedThreadPool(8)) {
            var calls = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < 16; i++) {
                calls.add(() -> {
                    try (Ingest ingest = store.ingest(digest, big.length)) {
                        if (ingest.complete()) {
                            return false;
                        }
                        ingest.write(big, 0, big.length);
                        ingest.commit();
                        return true;
                    }
                });
            }
            int writers = 0;
            for (var call : threads.invokeAll(calls)) {
                writers += call.get() ? 1 : 0;
            }
            assertThat(writers).isEqualTo(1);
        }
        assertThat(store.read(digest, big.length)).isEqualTo(big);
        ingestsAre(0);
    }

    @Test
    void bothAlgorithmsHaveTheirBlobs() {
        Digest long512 = Digest.of(Digest.Algorithm.SHA512, Digest.Algorithm.SHA512.hasher().digest(BYTES));
        try (Ingest ingest = store.ingest(long512, BYTES.length)) {
            ingest.write(BYTES, 0, BYTES.length);
            ingest.commit();
        }
        assertThat(store.read(long512, 100)).isEqualTo(BYTES);
        assertThat(store.list()).containsExactly(long512);
    }
}
