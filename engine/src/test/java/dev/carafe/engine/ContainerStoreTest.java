package dev.carafe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.NativeKernel;
import dev.carafe.kernel.SystemCall;
import dev.carafe.oci.runtime.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerStoreTest {
    private static final String ID = "0123456789abcdef".repeat(4);

    @TempDir
    private Path directory;

    private final List<SystemCall> syncs = new ArrayList<>();
    private Roots roots;
    private FileSystem files;
    private ContainerStore store;

    /** The kernel itself, with an ear for calls that wait for the disk. */
    private Kernel listening() {
        var real = new NativeKernel();
        return new Kernel() {
            @Override
            public long call(SystemCall call, long a, long b, long c, long d, long e, long f) {
                if (call == SystemCall.SYNCFS || call == SystemCall.FSYNC) {
                    syncs.add(call);
                }
                return real.call(call, a, b, c, d, e, f);
            }

            @Override
            public Memory allocate(int bytes) {
                return real.allocate(bytes);
            }
        };
    }

    @BeforeEach
    void open() {
        roots = new Roots(directory.resolve("root"), directory.resolve("run"));
        files = new FileSystem(listening());
        store = new ContainerStore(roots, files);
    }

    @AfterEach
    void close() {
        store.close();
        files.close();
    }

    private void publish(boolean removeWhenDone) {
        try (ContainerStore.Draft draft = store.draft(ID)) {
            assertThat(store.takeName("box", ID)).isTrue();
            store.publish(draft, ContainerRecord.parse(JsonParser.parseString("""
                    {"Id": "%s", "Name": "/box", "Created": "2026-01-01T00:00:00Z", "Image": "", "Config": {"Image": "host:"},
                     "HostConfig": {"AutoRemove": %s}}""".formatted(ID, removeWhenDone)).getAsJsonObject()), Spec.builder().build());
        }
    }

    @Test
    void aContainerThatIsToStayIsOnTheDiskBeforeAnybodyIsTold() {
        publish(false);
        assertThat(syncs).containsExactly(SystemCall.SYNCFS, SystemCall.FSYNC);
        assertThat(store.record(ID)).isPresent();
    }

    @Test
    void aContainerThatGoesWhenItEndsWaitsForNoDisk() {
        publish(true);
        assertThat(syncs).isEmpty();
        assertThat(store.record(ID)).isPresent();
    }

    @Test
    void whatAPowerFailureLeftOfAContainerIsTakenAwayWithItsName() throws IOException {
        for (String rest : List.of("", "\0\0\0\0", " \n")) {
            publish(true);
            Files.writeString(roots.container(ID).resolve(ContainerRecord.FILE), rest);
            assertThat(store.record(ID)).isEmpty();
            var others = new ArrayList<String>();
            store.dropTorn(ID, gone -> others.add("snapshot"));
            assertThat(others).containsExactly("snapshot");
            assertThat(store.ids()).isEmpty();
            assertThat(store.unfinished()).isEmpty();
            assertThat(store.holder("box")).isEmpty();
        }
    }

    @Test
    void aWholeContainerIsNotTorn() {
        publish(true);
        store.dropTorn(ID, gone -> {
            throw new AssertionError("its file system");
        });
        assertThat(store.record(ID)).isPresent();
    }

    @Test
    void anEmptyBundleIsNone() throws IOException {
        publish(true);
        assertThat(store.hasBundle(ID)).isTrue();
        Files.writeString(roots.container(ID).resolve("config.json"), "");
        assertThat(store.hasBundle(ID)).isFalse();
    }

    @Test
    void anEmptyNoteOfTheLastStartIsNone() throws IOException {
        publish(false);
        Files.writeString(roots.container(ID).resolve("last-start"), "");
        assertThat(store.status(ID, "boot").phase()).isEqualTo(ContainerStatus.Phase.CREATED);
    }
}
