package dev.carafe.plan.seccomp;

import dev.carafe.base.Fault;
import dev.carafe.oci.runtime.Seccomp.Arch;
import java.nio.ByteOrder;

/**
 * A system call convention that a seccomp filter can tell apart: the runtime-spec's architectures (config-linux.md#seccomp) with
 * what the kernel says of each.
 *
 * <p>The kernel hands the filter a number for each, {@code AUDIT_ARCH_*} of linux/audit.h. Only x32 has none of its own: it
 * shares that of x86-64 and sets bit 30 of the call's number instead (asm/unistd.h).
 */
public enum SeccompArchitecture {
    X86_64(Arch.SCMP_ARCH_X86_64, "amd64", "x86_64", 0xC000_003E, 0, 64, false),
    X86(Arch.SCMP_ARCH_X86, "x86", "x86", 0x4000_0003, 0, 32, true),
    X32(Arch.SCMP_ARCH_X32, "x32", "x32", 0xC000_003E, 0x4000_0000, 32, false),
    AARCH64(Arch.SCMP_ARCH_AARCH64, "arm64", "aarch64", 0xC000_00B7, 0, 64, false),
    ARM(Arch.SCMP_ARCH_ARM, "arm", "arm", 0x4000_0028, 0, 32, false),
    MIPS(Arch.SCMP_ARCH_MIPS, "mips", "mips", 0x0000_0008, 4000, 32, true),
    MIPS64(Arch.SCMP_ARCH_MIPS64, "mips64", "mips64", 0x8000_0008, 5000, 64, false),
    MIPS64N32(Arch.SCMP_ARCH_MIPS64N32, "mips64n32", "mips64n32", 0xA000_0008, 6000, 32, false),
    MIPSEL(Arch.SCMP_ARCH_MIPSEL, "mipsel", "mips", 0x4000_0008, 4000, 32, true),
    MIPSEL64(Arch.SCMP_ARCH_MIPSEL64, "mipsel64", "mips64", 0xC000_0008, 5000, 64, false),
    MIPSEL64N32(Arch.SCMP_ARCH_MIPSEL64N32, "mips3l64n32", "mips64n32", 0xE000_0008, 6000, 32, false),
    PPC(Arch.SCMP_ARCH_PPC, "ppc", "ppc", 0x0000_0014, 0, 32, true),
    PPC64(Arch.SCMP_ARCH_PPC64, "ppc64", "ppc64", 0x8000_0015, 0, 64, true),
    PPC64LE(Arch.SCMP_ARCH_PPC64LE, "ppc64le", "ppc64", 0xC000_0015, 0, 64, true),
    S390(Arch.SCMP_ARCH_S390, "s390", "s390", 0x0000_0016, 0, 32, true),
    S390X(Arch.SCMP_ARCH_S390X, "s390x", "s390x", 0x8000_0016, 0, 64, true),
    PARISC(Arch.SCMP_ARCH_PARISC, "parisc", "parisc", 0x0000_000F, 0, 32, false),
    PARISC64(Arch.SCMP_ARCH_PARISC64, "parisc64", "parisc64", 0x8000_000F, 0, 64, false),
    RISCV64(Arch.SCMP_ARCH_RISCV64, "riscv64", "riscv64", 0xC000_00F3, 0, 64, false),
    LOONGARCH64(Arch.SCMP_ARCH_LOONGARCH64, "loongarch64", "loongarch64", 0xC000_0102, 0, 64, false),
    M68K(Arch.SCMP_ARCH_M68K, "m68k", "m68k", 0x0000_0004, 0, 32, true),
    SH(Arch.SCMP_ARCH_SH, "sh", "sh", 0x4000_002A, 0, 32, true),
    SHEB(Arch.SCMP_ARCH_SHEB, "sheb", "sh", 0x0000_002A, 0, 32, true);

    private static final SeccompArchitecture[] BY_SPEC = new SeccompArchitecture[Arch.values().length];
    private static final int LITTLE_ENDIAN_FLAG = 0x4000_0000;
    private static final int SOCKETCALL = 102;
    private static final int IPC = 117;

    static {
        for (SeccompArchitecture each : values()) {
            BY_SPEC[each.spec.ordinal()] = each;
        }
    }

    private final Arch spec;
    private final String profileName;
    private final String column;
    private final int audit;
    private final int firstCall;
    private final int bits;
    private final boolean multiplexes;

    SeccompArchitecture(Arch spec, String profileName, String column, int audit, int firstCall, int bits, boolean multiplexes) {
        this.spec = spec;
        this.profileName = profileName;
        this.column = column;
        this.audit = audit;
        this.firstCall = firstCall;
        this.bits = bits;
        this.multiplexes = multiplexes;
    }

    /** The one that the runtime-spec calls so. */
    public static SeccompArchitecture of(Arch spec) {
        return BY_SPEC[spec.ordinal()];
    }

    /** The native one of a machine that OCI images name so, such as {@code amd64} or {@code arm64} (the words of Go's GOARCH). */
    public static SeccompArchitecture ofPlatform(String architecture) {
        return switch (architecture) {
            case "386" -> X86;
            case "amd64" -> X86_64;
            case "arm" -> ARM;
            case "arm64" -> AARCH64;
            case "loong64" -> LOONGARCH64;
            case "mips" -> MIPS;
            case "mipsle" -> MIPSEL;
            case "mips64" -> MIPS64;
            case "mips64le" -> MIPSEL64;
            case "ppc64" -> PPC64;
            case "ppc64le" -> PPC64LE;
            case "riscv64" -> RISCV64;
            case "s390x" -> S390X;
            default -> throw Fault.of(Fault.Kind.UNSUPPORTED, "seccomp", '"' + architecture + '"',
                    "no system call numbers for this architecture");
        };
    }

    /** The runtime-spec's constant. */
    public Arch spec() {
        return spec;
    }

    /** The value of {@code seccomp_data.arch}. */
    public int audit() {
        return audit;
    }

    /** How {@code arches} of profiles in docker's format call it. */
    public String profileName() {
        return profileName;
    }

    /** How wide arguments are compared: 64, or 32, where the upper half of argument and value is ignored, as libseccomp does. */
    public int bits() {
        return bits;
    }

    /** The order of an argument's two halves in {@code seccomp_data}, and of the bytes in a program. */
    public ByteOrder order() {
        return (audit & LITTLE_ENDIAN_FLAG) != 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    }

    /** What the kernel adds to each number of the call table: bit 30 on x32, thousands on MIPS. */
    int firstCall() {
        return firstCall;
    }

    /** The column in the table of calls, which byte order does not change. */
    String column() {
        return column;
    }

    /** The number of socketcall(2), through which older programs make all socket calls, or -1. */
    int socketcall() {
        return multiplexes ? firstCall + SOCKETCALL : -1;
    }

    /** The number of ipc(2), through which older programs make all System V calls, or -1. */
    int ipc() {
        return multiplexes ? firstCall + IPC : -1;
    }
}
