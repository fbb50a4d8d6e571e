package dev.carafe.plan.seccomp;

import dev.carafe.base.KernelVersion;
import dev.carafe.base.Errno;
import dev.carafe.oci.runtime.Seccomp;
import dev.carafe.oci.runtime.Seccomp.Arch;
import dev.carafe.oci.runtime.SeccompAction;
import dev.carafe.oci.runtime.SeccompArg;
import dev.carafe.oci.runtime.SeccompArg.Operator;
import dev.carafe.oci.runtime.SeccompRule;
import dev.carafe.plan.seccomp.SeccompProfile.Family;
import dev.carafe.plan.seccomp.SeccompProfile.Filter;
import dev.carafe.plan.seccomp.SeccompProfile.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The profile of a container that asks for none: it allows the same calls as docker's default of 2026, so that an image behaves
 * the same here. All else fails with EPERM, among it io_uring, keyrings, swap, new user namespaces and whatever mounts.
 *
 * <p>Notable absences beside the obvious: {@code io_uring_*} bypasses filters and had many holes; {@code userfaultfd} makes
 * races in the kernel easy to win; {@code keyctl} and its kin are not namespaced; {@code clone3} has its flags in memory, where a
 * filter cannot see them, so it does not exist (ENOSYS) and C libraries fall back to {@code clone}.
 */
public final class DefaultProfile {
    /** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET (linux/sched.h). */
    private static final long NEW_NAMESPACES = 0x7E02_0000L;

    private static final int AF_ALG = 38;
    private static final int AF_VSOCK = 40;

    /** Since 4.8 the kernel filters calls after a tracer changed them, so ptrace is no way around a filter. */
    private static final KernelVersion PTRACE_IS_SAFE = new KernelVersion(4, 8);

    private static final String FILES = """
            access chdir chmod chown chown32 close close_range copy_file_range creat dup dup2 dup3 faccessat faccessat2 fadvise64
            fadvise64_64 fallocate fchdir fchmod fchmodat fchmodat2 fchown fchown32 fchownat fcntl fcntl64 fdatasync flock fstat
            fstat64 fstatat64 fstatfs fstatfs64 fsync ftruncate ftruncate64 futimesat getcwd getdents getdents64 ioctl lchown lchown32
            link linkat _llseek lseek lstat lstat64 mkdir mkdirat mknod mknodat name_to_handle_at newfstatat open openat openat2 pipe
            pipe2 pread64 preadv preadv2 pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv rename renameat renameat2
            rmdir sendfile sendfile64 splice stat stat64 statfs statfs64 statx symlink symlinkat sync sync_file_range syncfs tee
            truncate truncate64 umask unlink unlinkat utime utimensat utimensat_time64 utimes vmsplice write writev""";

    private static final String EXTENDED_ATTRIBUTES = """
            fgetxattr flistxattr fremovexattr fsetxattr getxattr getxattrat lgetxattr listxattr listxattrat llistxattr lremovexattr
            lsetxattr removexattr removexattrat setxattr setxattrat""";

    /** Reading the mount table of one's own namespace. */
    private static final String MOUNT_TABLE = "listmount statmount";

    private static final String WAITING_FOR_FILES = """
            epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2
            fanotify_mark inotify_add_watch inotify_init inotify_init1 inotify_rm_watch _newselect poll ppoll ppoll_time64 pselect6
            pselect6_time64 select signalfd signalfd4""";

    /** Asynchronous input and output of the older kind. */
    private static final String AIO =
            "io_cancel io_destroy io_getevents io_pgetevents io_pgetevents_time64 io_setup io_submit ioprio_get ioprio_set";

    private static final String MEMORY = """
            brk cachestat madvise map_shadow_stack membarrier memfd_create memfd_secret mincore mlock mlock2 mlockall mmap mmap2
            mprotect mremap mseal msync munlock munlockall munmap pkey_alloc pkey_free pkey_mprotect process_mrelease
            remap_file_pages""";

    private static final String PROCESSES = """
            execve execveat exit exit_group fork getcpu getpgid getpgrp getpid getppid getpriority getrlimit getrusage getsid gettid
            pidfd_open pidfd_send_signal prctl prlimit64 setpgid setpriority setrlimit setsid ugetrlimit vfork wait4 waitid waitpid""";

    private static final String THREADS = """
            futex futex_requeue futex_time64 futex_wait futex_waitv futex_wake get_robust_list get_thread_area restart_syscall
            riscv_hwprobe rseq set_robust_list set_thread_area set_tid_address uretprobe""";

    private static final String SCHEDULING = """
            sched_getaffinity sched_getattr sched_getparam sched_get_priority_max sched_get_priority_min sched_getscheduler
            sched_rr_get_interval sched_rr_get_interval_time64 sched_setaffinity sched_setattr sched_setparam sched_setscheduler
            sched_yield""";

    private static final String SIGNALS = """
            kill pause rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait
            rt_sigtimedwait_time64 rt_tgsigqueueinfo sigaltstack sigprocmask sigreturn tgkill tkill""";

    /** A process may drop privilege in every way, and gain what its capabilities let it. */
    private static final String IDENTITY = """
            capget capset getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32 getresgid getresgid32 getresuid
            getresuid32 getuid getuid32 landlock_add_rule landlock_create_ruleset landlock_restrict_self seccomp setfsgid setfsgid32
            setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 setregid setregid32 setresgid setresgid32 setresuid
            setresuid32 setreuid setreuid32 setuid setuid32""";

    /** Adjusting the clock by adjtimex(2) and the like is left to the kernel, which asks for CAP_SYS_TIME. */
    private static final String TIME = """
            adjtimex alarm clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 clock_gettime clock_gettime64
            clock_nanosleep clock_nanosleep_time64 getitimer gettimeofday nanosleep setitimer time timer_create timer_delete
            timer_getoverrun timer_gettime timer_gettime64 timer_settime timer_settime64 timerfd_create timerfd_gettime
            timerfd_gettime64 timerfd_settime timerfd_settime64 times""";

    /** All but socket(2) itself. */
    private static final String SOCKETS = """
            accept accept4 bind connect getpeername getsockname getsockopt listen recv recvfrom recvmmsg recvmmsg_time64 recvmsg send
            sendmmsg sendmsg sendto setsockopt shutdown socketcall socketpair""";

    private static final String SYSTEM_V_AND_QUEUES = """
            ipc mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 mq_unlink
            msgctl msgget msgrcv msgsnd semctl semget semop semtimedop semtimedop_time64 shmat shmctl shmdt shmget""";

    private static final String MACHINE = "getrandom sysinfo uname";

    /** What makes a container its own system: namespaces, mounts and what the kernel calls administration. */
    private static final String ADMINISTRATION = """
            bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie lsm_get_self_attr lsm_list_modules
            lsm_set_self_attr mount mount_setattr move_mount open_tree perf_event_open quotactl quotactl_fd setdomainname sethostname
            setns syslog umount umount2 unshare""";

    private static final String[][] BY_CAPABILITY = {
        {"CAP_DAC_READ_SEARCH", "open_by_handle_at"},
        {"CAP_SYS_ADMIN", ADMINISTRATION},
        {"CAP_SYS_BOOT", "reboot"},
        {"CAP_SYS_CHROOT", "chroot"},
        {"CAP_SYS_MODULE", "delete_module finit_module init_module"},
        {"CAP_SYS_PACCT", "acct"},
        {"CAP_SYS_PTRACE", "kcmp pidfd_getfd process_madvise process_vm_readv process_vm_writev ptrace"},
        {"CAP_SYS_RAWIO", "ioperm iopl"},
        {"CAP_SYS_TIME", "clock_settime clock_settime64 settimeofday stime"},
        {"CAP_SYS_TTY_CONFIG", "vhangup"},
        {"CAP_SYS_NICE", "get_mempolicy mbind set_mempolicy set_mempolicy_home_node"},
        {"CAP_SYSLOG", "syslog"},
        {"CAP_BPF", "bpf"},
        {"CAP_PERFMON", "perf_event_open"},
    };

    private static final String[][] BY_ARCHITECTURE = {
        {"ppc64le", "swapcontext sync_file_range2"},
        {"arm arm64", "arm_fadvise64_64 arm_sync_file_range breakpoint cacheflush set_tls sync_file_range2"},
        {"amd64 x32", "arch_prctl"},
        {"amd64 x32 x86", "modify_ldt"},
        {"s390 s390x", "s390_pci_mmio_read s390_pci_mmio_write s390_runtime_instr"},
        {"riscv64", "riscv_flush_icache"},
    };

    private static final String ADMIN = "CAP_SYS_ADMIN";

    /** The last answer and what was asked for. */
    private record Resolved(Set<String> capabilities, SeccompArchitecture architecture, KernelVersion kernel, Seccomp filter) {}

    private static volatile @Nullable Resolved last;

    private DefaultProfile() {}

    /**
     * The profile as it is for one container. Most containers are given the same, so the last answer is kept; who compares answers sees at
     * once that they are one.
     *
     * @param capabilities that the container may have, by their kernel names
     */
    public static Seccomp resolve(Set<String> capabilities, SeccompArchitecture architecture, KernelVersion kernel) {
        Resolved known = last;
        if (known == null || !known.capabilities.equals(capabilities) || known.architecture != architecture || !known.kernel.equals(kernel)) {
            known = new Resolved(Set.copyOf(capabilities), architecture, kernel, profile().resolve(capabilities, architecture, kernel));
            last = known;
        }
        return known.filter;
    }

    /** The profile in its general form; {@link SeccompProfile#resolve} makes it one container's. */
    public static SeccompProfile profile() {
        var rules = new ArrayList<Rule>();
        for (String group : List.of(FILES, EXTENDED_ATTRIBUTES, MOUNT_TABLE, WAITING_FOR_FILES, AIO, MEMORY, PROCESSES, THREADS,
                SCHEDULING, SIGNALS, IDENTITY, TIME, SOCKETS, SYSTEM_V_AND_QUEUES, MACHINE)) {
            rules.add(allow(group, Filter.NONE));
        }
        rules.add(allow("process_vm_readv process_vm_writev ptrace", new Filter(List.of(), List.of(), Optional.of(PTRACE_IS_SAFE))));
        addSockets(rules);
        addPersonalities(rules);
        for (String[] each : BY_ARCHITECTURE) {
            rules.add(allow(each[1], new Filter(List.of(), List.of(each[0].split(" ")), Optional.empty())));
        }
        for (String[] each : BY_CAPABILITY) {
            rules.add(allow(each[1], new Filter(List.of(each[0]), List.of(), Optional.empty())));
        }
        addClones(rules);
        var base = Seccomp.builder(SeccompAction.SCMP_ACT_ERRNO).defaultErrnoRet(Errno.EPERM.number()).build();
        return new SeccompProfile(base, families(), rules);
    }

    /**
     * Without AF_ALG, whose code in the kernel is large and rarely used, and AF_VSOCK, which reaches the host of a virtual
     * machine from any namespace.
     */
    private static void addSockets(List<Rule> rules) {
        rules.add(allowIf("socket", 0, Operator.SCMP_CMP_LT, AF_ALG));
        rules.add(allowIf("socket", 0, Operator.SCMP_CMP_EQ, AF_ALG + 1));
        rules.add(allowIf("socket", 0, Operator.SCMP_CMP_GT, AF_VSOCK));
    }

    /** PER_LINUX, PER_LINUX32, either with UNAME26, and -1, which only asks (linux/personality.h). */
    private static void addPersonalities(List<Rule> rules) {
        for (long each : new long[] {0, 0x8, 0x2_0000, 0x2_0008, 0xFFFF_FFFFL}) {
            rules.add(allowIf("personality", 0, Operator.SCMP_CMP_EQ, each));
        }
    }

    /** On s390 the flags are the second argument of clone(2). */
    private static void addClones(List<Rule> rules) {
        List<String> s390 = List.of("s390", "s390x");
        var none = Optional.<KernelVersion>empty();
        rules.add(new Rule(withoutNamespaces(0), Filter.NONE, new Filter(List.of(ADMIN), s390, none), ""));
        rules.add(new Rule(withoutNamespaces(1), new Filter(List.of(), s390, none), new Filter(List.of(ADMIN), List.of(), none), ""));
        rules.add(new Rule(new SeccompRule(List.of("clone3"), SeccompAction.SCMP_ACT_ERRNO, Optional.of(Errno.ENOSYS.number()), List.of()),
                Filter.NONE, new Filter(List.of(ADMIN), List.of(), none), ""));
    }

    private static SeccompRule withoutNamespaces(int argument) {
        return new SeccompRule(List.of("clone"), SeccompAction.SCMP_ACT_ALLOW, Optional.empty(),
                List.of(new SeccompArg(argument, NEW_NAMESPACES, Optional.empty(), Operator.SCMP_CMP_MASKED_EQ)));
    }

    private static Rule allow(String names, Filter includes) {
        return new Rule(new SeccompRule(List.of(names.replace('\n', ' ').split(" ")), SeccompAction.SCMP_ACT_ALLOW, Optional.empty(), List.of()),
                includes, Filter.NONE, "");
    }

    private static Rule allowIf(String name, int argument, Operator operator, long value) {
        return new Rule(new SeccompRule(List.of(name), SeccompAction.SCMP_ACT_ALLOW, Optional.empty(),
                List.of(new SeccompArg(argument, value, Optional.empty(), operator))), Filter.NONE, Filter.NONE, "");
    }

    private static List<Family> families() {
        return List.of(
                new Family(Arch.SCMP_ARCH_X86_64, List.of(Arch.SCMP_ARCH_X86, Arch.SCMP_ARCH_X32)),
                new Family(Arch.SCMP_ARCH_AARCH64, List.of(Arch.SCMP_ARCH_ARM)),
                new Family(Arch.SCMP_ARCH_MIPS64, List.of(Arch.SCMP_ARCH_MIPS, Arch.SCMP_ARCH_MIPS64N32)),
                new Family(Arch.SCMP_ARCH_MIPS64N32, List.of(Arch.SCMP_ARCH_MIPS, Arch.SCMP_ARCH_MIPS64)),
                new Family(Arch.SCMP_ARCH_MIPSEL64, List.of(Arch.SCMP_ARCH_MIPSEL, Arch.SCMP_ARCH_MIPSEL64N32)),
                new Family(Arch.SCMP_ARCH_MIPSEL64N32, List.of(Arch.SCMP_ARCH_MIPSEL, Arch.SCMP_ARCH_MIPSEL64)),
                new Family(Arch.SCMP_ARCH_S390X, List.of(Arch.SCMP_ARCH_S390)),
                new Family(Arch.SCMP_ARCH_RISCV64, List.of()),
                new Family(Arch.SCMP_ARCH_LOONGARCH64, List.of()));
    }
}
