package dev.carafe.plan.seccomp;

import dev.carafe.base.KernelVersion;
import static dev.carafe.plan.seccomp.SeccompArchitecture.AARCH64;
import static dev.carafe.plan.seccomp.SeccompArchitecture.S390X;
import static dev.carafe.plan.seccomp.SeccompArchitecture.X32;
import static dev.carafe.plan.seccomp.SeccompArchitecture.X86;
import static dev.carafe.plan.seccomp.SeccompArchitecture.X86_64;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.oci.runtime.Seccomp;
import dev.carafe.oci.runtime.SeccompRule;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DefaultProfileTest {
    private static final KernelVersion NEW = new KernelVersion(6, 18);
    private static final String ALLOW = "SCMP_ACT_ALLOW";
    private static final String EPERM = "SCMP_ACT_ERRNO(EPERM)";
    private static final String ENOSYS = "SCMP_ACT_ERRNO(ENOSYS)";

    /** Those that docker gives a container. */
    private static final Set<String> USUAL = Set.of("CAP_AUDIT_WRITE", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID",
            "CAP_KILL", "CAP_MKNOD", "CAP_NET_BIND_SERVICE", "CAP_NET_RAW", "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID",
            "CAP_SYS_CHROOT");

    private static String run(Set<String> capabilities, KernelVersion kernel, SeccompArchitecture machine, SeccompArchitecture caller,
            String name, long... args) {
        var program = SeccompCompiler.compile(DefaultProfile.profile().resolve(capabilities, machine, kernel), machine);
        int number = SyscallTable.of(caller).number(name).orElseThrow();
        return new SeccompReturn(new BpfMachine(program, machine.order()).run(number, caller.audit(), Arrays.copyOf(args, 6))).toString();
    }

    private static String run(String name, long... args) {
        return run(USUAL, NEW, X86_64, X86_64, name, args);
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "openat2", "execve", "mmap", "futex", "fork", "chroot", "clone", "socket", "seccomp", "landlock_create_ruleset",
        "mseal", "statmount", "setxattrat", "cachestat", "fchmodat2", "futex_wait", "uretprobe", "arch_prctl", "modify_ldt", "ptrace",
        "process_vm_readv", "personality", "memfd_secret", "io_setup", "mknod"})
    void ordinaryCallsAreAllowed(String name) {
        assertThat(run(name)).isEqualTo(ALLOW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mount", "umount2", "unshare", "setns", "bpf", "pivot_root", "swapon", "swapoff", "keyctl", "add_key", "request_key",
        "io_uring_setup", "io_uring_enter", "io_uring_register", "userfaultfd", "kexec_load", "kexec_file_load", "init_module", "reboot",
        "settimeofday", "clock_settime", "iopl", "perf_event_open", "open_by_handle_at", "kcmp", "pidfd_getfd", "mbind", "move_pages",
        "migrate_pages", "syslog", "acct", "quotactl", "nfsservctl", "sysfs", "ustat", "uselib", "vhangup", "sethostname", "open_tree",
        "move_mount", "fsopen", "mount_setattr", "lookup_dcookie", "_sysctl", "create_module", "vserver", "lsm_list_modules"})
    void callsThatReachBeyondTheContainerAreNot(String name) {
        assertThat(run(name)).isEqualTo(EPERM);
    }

    @ParameterizedTest
    @CsvSource({"CAP_SYS_ADMIN, mount umount2 unshare setns bpf clone clone3 perf_event_open syslog sethostname fsopen quotactl",
        "CAP_DAC_READ_SEARCH, open_by_handle_at", "CAP_SYS_BOOT, reboot", "CAP_SYS_MODULE, init_module finit_module delete_module",
        "CAP_SYS_PACCT, acct", "CAP_SYS_PTRACE, kcmp pidfd_getfd process_madvise", "CAP_SYS_RAWIO, iopl ioperm",
        "CAP_SYS_TIME, settimeofday clock_settime", "CAP_SYS_TTY_CONFIG, vhangup", "CAP_SYS_NICE, mbind set_mempolicy get_mempolicy",
        "CAP_SYSLOG, syslog", "CAP_BPF, bpf", "CAP_PERFMON, perf_event_open"})
    void aCapabilityOpensItsCalls(String capability, String names) {
        var capabilities = new HashSet<>(USUAL);
        capabilities.add(capability);
        for (String name : names.split(" ")) {
            assertThat(run(capabilities, NEW, X86_64, X86_64, name, 0x1000_0000L)).as(name).isEqualTo(ALLOW);
        }
        assertThat(run(capabilities, NEW, X86_64, X86_64, "keyctl")).isEqualTo(EPERM);
    }

    @Test
    void withoutItsCapabilityChrootIsRefused() {
        assertThat(run(Set.of(), NEW, X86_64, X86_64, "chroot")).isEqualTo(EPERM);
    }

    @ParameterizedTest
    @ValueSource(longs = {0x0002_0000, 0x0200_0000, 0x0400_0000, 0x0800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000, 0x1002_0011})
    void cloneMakesNoNamespaces(long flags) {
        assertThat(run("clone", flags)).isEqualTo(EPERM);
        assertThat(run("clone", 0x003D_0F00, flags)).isEqualTo(ALLOW);
        assertThat(run(USUAL, NEW, S390X, S390X, "clone", 0, flags)).isEqualTo(EPERM);
        assertThat(run(USUAL, NEW, S390X, S390X, "clone", flags, 0)).isEqualTo(ALLOW);
    }

    @Test
    void clone3DoesNotExistSinceItsFlagsCannotBeSeen() {
        assertThat(run("clone3")).isEqualTo(ENOSYS);
    }

    @Test
    void ptraceNeedsAKernelThatFiltersAfterIt() {
        assertThat(run(USUAL, new KernelVersion(4, 7), X86_64, X86_64, "ptrace")).isEqualTo(EPERM);
        assertThat(run(USUAL, new KernelVersion(4, 8), X86_64, X86_64, "ptrace")).isEqualTo(ALLOW);
        assertThat(run(Set.of("CAP_SYS_PTRACE"), new KernelVersion(4, 7), X86_64, X86_64, "ptrace")).isEqualTo(ALLOW);
    }

    @ParameterizedTest
    @CsvSource({"1, true", "2, true", "10, true", "16, true", "17, true", "37, true", "38, false", "39, true", "40, false", "41, true", "45, true"})
    void socketsOfAllFamiliesButTwo(long family, boolean allowed) {
        for (SeccompArchitecture each : new SeccompArchitecture[] {X86_64, X86, X32}) {
            assertThat(run(USUAL, NEW, X86_64, each, "socket", family)).isEqualTo(allowed ? ALLOW : EPERM);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, true", "8, true", "0x20000, true", "0x20008, true", "0xffffffff, true", "1, false", "0x40000, false", "0x20001, false",
        "0xfffffffe, false", "0x100000000, false", "0x8ffffffff, false"})
    void personalitiesThatChangeNoMoreThanAName(String personality, boolean allowed) {
        assertThat(run("personality", Long.decode(personality))).isEqualTo(allowed ? ALLOW : EPERM);
    }

    @Test
    void callsNewerThanTheProfileDoNotExist() {
        assertThat(run("open_tree_attr")).isEqualTo(ENOSYS);
        assertThat(run("file_setattr")).isEqualTo(ENOSYS);
        assertThat(run("removexattrat")).isEqualTo(ALLOW);
    }

    @Test
    void architecturesHaveTheirOwnCalls() {
        assertThat(run(USUAL, NEW, AARCH64, SeccompArchitecture.ARM, "set_tls")).isEqualTo(ALLOW);
        assertThat(run(USUAL, NEW, AARCH64, SeccompArchitecture.ARM, "cacheflush")).isEqualTo(ALLOW);
        assertThat(run(USUAL, NEW, S390X, S390X, "s390_runtime_instr")).isEqualTo(ALLOW);
        assertThat(run(USUAL, NEW, SeccompArchitecture.PPC64LE, SeccompArchitecture.PPC64LE, "swapcontext")).isEqualTo(ALLOW);
        assertThat(run(USUAL, NEW, SeccompArchitecture.RISCV64, SeccompArchitecture.RISCV64, "riscv_flush_icache")).isEqualTo(ALLOW);
        assertThat(run(USUAL, NEW, X86_64, X86, "waitpid")).isEqualTo(ALLOW);
        assertThat(run(USUAL, NEW, X86_64, X86, "umount")).isEqualTo(EPERM);
    }

    @ParameterizedTest
    @EnumSource(SeccompArchitecture.class)
    void itCompilesForEveryMachine(SeccompArchitecture machine) {
        Seccomp seccomp = DefaultProfile.profile().resolve(USUAL, machine, NEW);
        var program = SeccompCompiler.compile(seccomp, machine);
        new BpfMachine(program, machine.order());
        assertThat(program.count()).isLessThan(1000);
        assertThat(program.verdict(machine, SyscallTable.of(machine).number("mount").orElseThrow()).result(new long[6])).hasToString(EPERM);
    }

    @Test
    void everyNameIsACallOfSomeArchitecture() {
        for (var rule : DefaultProfile.profile().rules()) {
            for (String name : rule.rule().names()) {
                assertThat(Arrays.stream(SeccompArchitecture.values()).anyMatch(each -> SyscallTable.of(each).number(name).isPresent()))
                        .as(name).isTrue();
            }
        }
    }

    @Test
    void noRuleNamesACallTwice() {
        for (SeccompRule rule : DefaultProfile.profile().resolve(USUAL, X86_64, NEW).syscalls()) {
            assertThat(rule.names()).doesNotHaveDuplicates();
        }
    }

    @Test
    void everyCallIsDecidedByAFewComparisons() {
        var program = SeccompCompiler.compile(DefaultProfile.profile().resolve(USUAL, X86_64, NEW), X86_64);
        var machine = new BpfMachine(program, X86_64.order());
        int most = 0;
        for (SeccompArchitecture each : new SeccompArchitecture[] {X86_64, X86, X32}) {
            for (int i = 0; i < 1024; i++) {
                for (long argument : new long[] {0, 1, 8, 39, 0x2_0008, 0x1000_0000, 0xFFFF_FFFFL, -1}) {
                    machine.run(i + each.firstCall(), each.audit(), argument, 0, 0, 0, 0, 0);
                    most = Math.max(most, machine.comparisons);
                }
            }
        }
        assertThat(most).as(program.disassembly()).isLessThanOrEqualTo(12);
    }
}
