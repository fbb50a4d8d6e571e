package dev.carafe.build.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carafe.base.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * BuildKit's own pairs of Dockerfiles and what its parser makes of them, where a copy of them is at hand: the directory that holds {@code testfiles} and
 * {@code testfiles-negative} is given by CARAFE_PARSER_PAIRS.
 */
class ParserPairsTest {
    private static Path pairs(String kind) {
        String place = System.getenv().getOrDefault("CARAFE_PARSER_PAIRS", "");
        assumeTrue(!place.isEmpty(), "CARAFE_PARSER_PAIRS does not say where BuildKit's pairs are");
        return Path.of(place, kind);
    }

    private static List<Path> directories(Path of) throws IOException {
        try (Stream<Path> found = Files.list(of)) {
            return found.filter(Files::isDirectory).sorted().toList();
        }
    }

    @Test
    void everyDockerfileOfThePairsIsPartedAsBuildKitDoes() throws IOException {
        List<Path> pairs = directories(pairs("testfiles"));
        var different = new ArrayList<String>();
        for (Path pair : pairs) {
            String expected = Files.readString(pair.resolve("result")).strip();
            String actual = LinePrint.of(LineReader.read(Files.readString(pair.resolve("Dockerfile"))).lines());
            if (!actual.equals(expected)) {
                different.add(pair.getFileName() + "\n" + actual + "\n--- expected\n" + expected);
            }
        }

        assertThat(pairs).hasSizeGreaterThan(30);
        assertThat(different).isEmpty();
    }

    @Test
    void everyDockerfileThatBuildKitRefusesIsRefused() throws IOException {
        for (Path pair : directories(pairs("testfiles-negative"))) {
            String text = Files.readString(pair.resolve("Dockerfile"));

            assertThatThrownBy(() -> Dockerfile.parse(text)).as(pair.toString()).isInstanceOf(Fault.class);
        }
    }
}
