package dev.carafe.plan.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.oci.runtime.Seccomp.Arch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SyscallTableTest {
    @ParameterizedTest
    @CsvSource({
        "X86_64, read, 0", "X86_64, mseal, 462", "X86_64, file_setattr, 469", "X86_64, uretprobe, 335", "X86_64, clone3, 435",
        "X86, read, 3", "X86, socketcall, 102", "X86, socket, 359", "X86, setuid32, 213",
        "X32, read, 1073741824", "X32, ioctl, 1073742338", "AARCH64, read, 63", "AARCH64, openat, 56", "AARCH64, open_tree_attr, 467",
        "ARM, read, 3", "ARM, set_tls, 983045", "RISCV64, riscv_hwprobe, 258", "LOONGARCH64, statx, 291", "S390X, socket, 359",
        "S390, setuid32, 213", "PPC64LE, swapcontext, 249", "PPC64, read, 3", "PPC, read, 3", "MIPS, read, 4003", "MIPSEL, read, 4003",
        "MIPS64, read, 5000", "MIPSEL64N32, read, 6000", "MIPS64N32, mseal, 6462", "PARISC, read, 3", "M68K, read, 3", "SH, read, 3",
        "SHEB, read, 3"})
    void numbersAreTheKernels(SeccompArchitecture architecture, String name, int number) {
        assertThat(SyscallTable.of(architecture).number(name)).hasValue(number);
        assertThat(SyscallTable.of(architecture).name(number)).hasValue(name);
    }

    @ParameterizedTest
    @CsvSource({"X86_64, waitpid", "X86_64, socketcall", "AARCH64, open", "X86, arch_prctl_", "X86_64, ''"})
    void callsThatAnArchitectureLacksHaveNoNumber(SeccompArchitecture architecture, String name) {
        assertThat(SyscallTable.of(architecture).number(name)).isEmpty();
    }

    @Test
    void aNumberOfNoCallHasNoName() {
        assertThat(SyscallTable.of(SeccompArchitecture.X86_64).name(-1)).isEmpty();
        assertThat(SyscallTable.of(SeccompArchitecture.X86_64).name(400)).isEmpty();
        assertThat(SyscallTable.of(SeccompArchitecture.X32).name(1)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(SeccompArchitecture.class)
    void everyArchitectureHasATableAndANameInTheSpec(SeccompArchitecture architecture) {
        assertThat(SyscallTable.of(architecture).size()).isGreaterThan(300);
        assertThat(SyscallTable.of(architecture).number("statmount")).isNotEmpty();
        assertThat(architecture.spec()).isEqualTo(Arch.valueOf("SCMP_ARCH_" + architecture));
        assertThat(SeccompArchitecture.of(architecture.spec())).isSameAs(architecture);
    }

    @Test
    void theSpecHasNoArchitectureMore() {
        assertThat(SeccompArchitecture.values()).hasSameSizeAs(Arch.values());
    }
}
