package dev.carafe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptDocumentsTest {
    @TempDir
    Path directory;

    private final List<Path> reads = new ArrayList<>();
    private final KeptDocuments<String> documents = new KeptDocuments<>(file -> {
        reads.add(file);
        return StateFile.read(file);
    });

    @Test
    void aDocumentThatIsStillTheSameIsNotReadAgain() {
        Path file = directory.resolve("document");
        StateFile.write(file, "one");
        assertThat(documents.read(file)).contains("one");
        assertThat(documents.read(file)).contains("one");
        assertThat(reads).containsExactly(file);
    }

    @Test
    void aDocumentThatWasReplacedIsReadAgainEvenWhenItIsAsLong() {
        Path file = directory.resolve("document");
        StateFile.write(file, "one");
        documents.read(file);
        StateFile.write(file, "two");
        assertThat(documents.read(file)).contains("two");
    }

    @Test
    void aDocumentThatIsGoneIsNotThereAnyMore() throws Exception {
        Path file = directory.resolve("document");
        StateFile.write(file, "one");
        documents.read(file);
        Files.delete(file);
        assertThat(documents.read(file)).isEmpty();
    }

    @Test
    void manyDocumentsAreAllReadRightly() {
        for (int turn = 0; turn < 2; turn++) {
            for (int k = 0; k < 200; k++) {
                Path file = directory.resolve("document" + k);
                StateFile.write(file, "text " + k);
                assertThat(documents.read(file)).contains("text " + k);
            }
        }
    }
}
