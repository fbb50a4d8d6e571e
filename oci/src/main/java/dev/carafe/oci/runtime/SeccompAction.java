package dev.carafe.oci.runtime;

/** What the kernel does at a system call; libseccomp's names (runtime-spec config-linux.md#seccomp). */
public enum SeccompAction {
    SCMP_ACT_KILL, SCMP_ACT_KILL_PROCESS, SCMP_ACT_KILL_THREAD, SCMP_ACT_TRAP, SCMP_ACT_ERRNO, SCMP_ACT_TRACE, SCMP_ACT_ALLOW,
    SCMP_ACT_LOG, SCMP_ACT_NOTIFY
}
