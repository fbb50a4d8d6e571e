package dev.carafe.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.base.Digest;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.NativeKernel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseTest {
    @TempDir
    Path directory;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void whatNobodyNeedsGoesWhenItIsNotYoungAnyMore() {
        try (var files = new FileSystem(new NativeKernel()); ContentStore store = ContentStore.open(files, directory.toString())) {
            Digest needed = store.put(bytes("needed"));
            Digest leased = store.put(bytes("leased"));
            Digest garbage = store.put(bytes("garbage"));
            Instant now = Instant.now();
            Instant later = now.plus(Duration.ofHours(2));
            assertThat(store.sweep(Set.of(needed), now)).isZero();
            try (Lease lease = store.lease()) {
                lease.add(leased);
                assertThat(store.sweep(Set.of(needed), later)).isEqualTo(7);
                assertThat(store.list()).containsExactlyInAnyOrder(needed, leased);
                assertThat(store.leased(later.plus(Duration.ofDays(9)))).containsExactly(leased);
            }
            assertThat(store.leased(later)).isEmpty();
            assertThat(store.sweep(Set.of(needed), later)).isEqualTo(6);
            assertThat(store.list()).containsExactly(needed);
            assertThat(store.has(garbage)).isFalse();
        }
    }

    @Test
    void theLeaseOfWhoeverWasKilledHoldsForADay() throws Exception {
        try (var files = new FileSystem(new NativeKernel()); ContentStore store = ContentStore.open(files, directory.toString())) {
            Digest digest = store.put(bytes("half an image"));
            Path lease = Files.createDirectories(directory.resolve("leases")).resolve("killed");
            Files.writeString(lease, digest + "\nsha256:12");
            Instant now = Instant.now();
            assertThat(store.sweep(Set.of(), now.plus(Duration.ofHours(20)))).isZero();
            assertThat(store.sweep(Set.of(), now.plus(Duration.ofHours(25)))).isEqualTo(13);
            assertThat(lease).doesNotExist();
        }
    }

    @Test
    void ingestsThatNobodyWentOnWithGoAfterADay() {
        try (var files = new FileSystem(new NativeKernel()); ContentStore store = ContentStore.open(files, directory.toString())) {
            Digest digest = Digest.sha256(bytes("whole"));
            try (Ingest ingest = store.ingest(digest, 5)) {
                ingest.write(bytes("who"), 0, 3);
                assertThat(store.sweep(Set.of(), Instant.now().plus(Duration.ofDays(2)))).isZero();
            }
            assertThat(store.sweep(Set.of(), Instant.now().plus(Duration.ofHours(3)))).isZero();
            assertThat(store.sweep(Set.of(), Instant.now().plus(Duration.ofDays(2)))).isEqualTo(3);
            assertThat(directory.resolve("ingests")).isEmptyDirectory();
        }
    }
}
