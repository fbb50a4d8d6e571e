package dev.carafe.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.base.KernelVersion;
import dev.carafe.oci.runtime.Seccomp;
import dev.carafe.plan.seccomp.DefaultProfile;
import dev.carafe.plan.seccomp.SeccompArchitecture;
import dev.carafe.plan.seccomp.SeccompCompiler;
import dev.carafe.plan.seccomp.SeccompProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptFiltersTest {
    private static final SeccompArchitecture MACHINE = SeccompArchitecture.X86_64;
    private static final Seccomp USUAL = profile(Set.of());
    private static final SeccompProgram COMPILED = SeccompCompiler.compile(USUAL, MACHINE);

    @TempDir
    private Path directory;

    private static Seccomp profile(Set<String> capabilities) {
        return DefaultProfile.profile().resolve(capabilities, MACHINE, new KernelVersion(6, 18));
    }

    private Path file() throws IOException {
        try (var files = Files.list(directory)) {
            return files.toList().getFirst();
        }
    }

    @Test
    void whatIsKeptOnDiskIsWhatWasCompiled() {
        assertThat(new KeptFilters(directory).program(USUAL, MACHINE)).isEqualTo(COMPILED);
        SeccompProgram kept = new KeptFilters(directory).program(USUAL, MACHINE);
        assertThat(kept).isEqualTo(COMPILED);
        assertThat(kept.verdict(MACHINE, 165)).isEqualTo(COMPILED.verdict(MACHINE, 165));
    }

    @Test
    void whatIsKeptOnDiskIsNotCompiledAgain() throws IOException {
        new KeptFilters(directory).program(USUAL, MACHINE);
        Object before = Files.getAttribute(file(), "unix:ino");
        new KeptFilters(directory).program(USUAL, MACHINE);
        assertThat(Files.getAttribute(file(), "unix:ino")).isEqualTo(before);
    }

    @Test
    void aFileThatWasCutOrChangedAnywhereIsNotUsed() throws IOException {
        new KeptFilters(directory).program(USUAL, MACHINE);
        Path file = file();
        byte[] whole = Files.readAllBytes(file);
        for (int at : List.of(0, 7, 8, 11, 12, 19, 20, whole.length / 2, whole.length - 1)) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            Files.write(file, changed);
            assertThat(new KeptFilters(directory).program(USUAL, MACHINE)).as("changed at %s", at).isEqualTo(COMPILED);
            assertThat(Files.readAllBytes(file)).isEqualTo(whole);
            Files.write(file, java.util.Arrays.copyOf(whole, at));
            assertThat(new KeptFilters(directory).program(USUAL, MACHINE)).as("cut at %s", at).isEqualTo(COMPILED);
        }
    }

    @Test
    void theFileOfAnotherProfileIsNotUsed() throws IOException {
        new KeptFilters(directory).program(USUAL, MACHINE);
        Path file = file();
        byte[] usual = Files.readAllBytes(file);
        Files.delete(file);
        Seccomp more = profile(Set.of("CAP_SYS_ADMIN"));
        new KeptFilters(directory).program(more, MACHINE);
        Files.write(file(), usual);
        assertThat(new KeptFilters(directory).program(more, MACHINE)).isEqualTo(SeccompCompiler.compile(more, MACHINE)).isNotEqualTo(COMPILED);
    }

    @Test
    void anEngineWithoutAPlaceToKeepThemCompiles() throws IOException {
        Path blocked = Files.createFile(directory.resolve("file")).resolve("below");
        assertThat(new KeptFilters(blocked).program(USUAL, MACHINE)).isEqualTo(COMPILED);
    }

    /** When this fails because the compiler or the default profile gives another program now: raise the version, then correct the figure. */
    @Test
    void theVersionIsThatOfTheProgramsThatAreCompiled() {
        var sum = new CRC32();
        sum.update(COMPILED.bytes());
        assertThat(List.of((long) SeccompCompiler.VERSION, sum.getValue())).isEqualTo(List.of(1L, 1_356_466_899L));
    }
}
