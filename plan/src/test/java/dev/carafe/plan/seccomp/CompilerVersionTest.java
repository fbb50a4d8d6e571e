package dev.carafe.plan.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.base.KernelVersion;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compiled filters are kept until the next boot, so a compiler that gives other ones must not bear the same version. */
class CompilerVersionTest {
    private static final int VERSION = 1;
    private static final String PROGRAMS = "538a9b17b9438a6fb0b7952491f5847cce11e9d0df14e1521a8c8e3205ac17d8";

    @Test
    void aCompilerThatGivesOtherProgramsHasAnotherVersion() throws NoSuchAlgorithmException {
        var digest = MessageDigest.getInstance("SHA-256");
        for (SeccompArchitecture machine : SeccompArchitecture.values()) {
            for (Set<String> capabilities : Stream.of(Set.<String>of(), Set.of("CAP_CHOWN"), Set.of("CAP_SYS_ADMIN", "CAP_BPF")).toList()) {
                SeccompProgram program = SeccompCompiler.compile(DefaultProfile.profile().resolve(capabilities, machine, new KernelVersion(6, 18)), machine);
                digest.update(program.bytes());
                digest.update((byte) program.flags());
            }
        }
        assertThat(SeccompCompiler.VERSION + " " + HexFormat.of().formatHex(digest.digest()))
                .as("raise SeccompCompiler.VERSION, and put what is found here").isEqualTo(VERSION + " " + PROGRAMS);
    }
}
