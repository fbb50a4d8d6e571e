package dev.carafe.plan;

import dev.carafe.oci.runtime.ConsoleSize;
import dev.carafe.oci.runtime.Process;
import dev.carafe.oci.runtime.Scheduler;
import dev.carafe.oci.runtime.User;
import java.util.List;

/** What a process must not ask for, beyond what its types say (runtime-spec config.md#process). */
final class ProcessRules {
    private static final String PROCESS = Rules.CONFIG + "process";
    private static final String USER = Rules.CONFIG + "posix-platform-user";
    private static final String LINUX = Rules.CONFIG + "linux-process";
    /** The kernel takes it for "leave it as it is" (setresuid(2)). */
    private static final long NOBODY = 0xffff_ffffL;

    private ProcessRules() {
    }

    static void check(Process process) {
        if (process.args().isEmpty() || process.args().getFirst().isEmpty()) {
            throw Rules.broken("process.args", "no command is given", PROCESS);
        }
        Rules.texts("process.args", process.args(), PROCESS);
        List<String> env = process.env();
        for (int k = 0; k < env.size(); k++) {
            Rules.text("process.env[" + k + "]", env.get(k), PROCESS);
            if (env.get(k).indexOf('=') <= 0) {
                throw Rules.broken("process.env[" + k + "]", "expected NAME=VALUE, found \"" + env.get(k) + "\"", PROCESS);
            }
        }
        Rules.absolute("process.cwd", process.cwd(), PROCESS);
        if (process.terminal() && process.consoleSize().isPresent()) {
            ConsoleSize size = process.consoleSize().get();
            Rules.between("process.consoleSize.height", size.height(), 0, 65535, PROCESS);
            Rules.between("process.consoleSize.width", size.width(), 0, 65535, PROCESS);
        }
        user(process.user());
        if (process.oomScoreAdj().isPresent()) {
            Rules.between("process.oomScoreAdj", process.oomScoreAdj().get(), -1000, 1000, LINUX);
        }
        Rules.line("process.apparmorProfile", process.apparmorProfile().orElse(""), LINUX);
        Rules.line("process.selinuxLabel", process.selinuxLabel().orElse(""), LINUX);
        if (process.scheduler().isPresent()) {
            scheduler(process.scheduler().get());
        }
        if (process.execCpuAffinity().isPresent()) {
            NumberLists.check(process.execCpuAffinity().get().initial(), "process.execCPUAffinity.initial", LINUX);
            NumberLists.check(process.execCpuAffinity().get().last(), "process.execCPUAffinity.final", LINUX);
        }
    }

    private static void user(User user) {
        id("process.user.uid", user.uid());
        id("process.user.gid", user.gid());
        for (int k = 0; k < user.additionalGids().size(); k++) {
            id("process.user.additionalGids[" + k + "]", user.additionalGids().get(k));
        }
        if (user.umask().isPresent()) {
            Rules.between("process.user.umask", user.umask().get(), 0, 0777, USER);
        }
    }

    private static void id(String field, long id) {
        if (id == NOBODY) {
            throw Rules.broken(field, id + " is no id: the kernel would leave the runtime's in place", USER);
        }
    }

    private static void scheduler(Scheduler scheduler) {
        boolean ordinary = scheduler.policy() == Scheduler.Policy.SCHED_OTHER || scheduler.policy() == Scheduler.Policy.SCHED_BATCH;
        boolean realtime = scheduler.policy() == Scheduler.Policy.SCHED_FIFO || scheduler.policy() == Scheduler.Policy.SCHED_RR;
        if (scheduler.policy() == Scheduler.Policy.SCHED_ISO) {
            throw Rules.broken("process.scheduler.policy", "Linux has reserved SCHED_ISO and not implemented it", LINUX);
        }
        int nice = scheduler.nice().orElse(0);
        if (ordinary) {
            Rules.between("process.scheduler.nice", nice, -20, 19, LINUX);
        } else if (nice != 0 && scheduler.policy() != Scheduler.Policy.SCHED_IDLE) {
            throw Rules.broken("process.scheduler.nice", scheduler.policy() + " has no nice value", LINUX);
        }
        int priority = scheduler.priority().orElse(0);
        if (realtime) {
            Rules.between("process.scheduler.priority", priority, 1, 99, LINUX);
        } else if (priority != 0) {
            throw Rules.broken("process.scheduler.priority", "it is for SCHED_FIFO and SCHED_RR, not for " + scheduler.policy(), LINUX);
        }
        long runtime = scheduler.runtime().orElse(0L);
        long deadline = scheduler.deadline().orElse(0L);
        long period = scheduler.period().orElse(0L);
        if (scheduler.policy() == Scheduler.Policy.SCHED_DEADLINE) {
            if (runtime == 0 || Long.compareUnsigned(runtime, deadline) > 0 || period != 0 && Long.compareUnsigned(deadline, period) > 0) {
                throw Rules.broken("process.scheduler.runtime", "expected more than 0, and at most the deadline, which is at most the period", LINUX);
            }
        } else if (runtime != 0 || deadline != 0 || period != 0) {
            String field = runtime != 0 ? "runtime" : deadline != 0 ? "deadline" : "period";
            throw Rules.broken("process.scheduler." + field, "it is for SCHED_DEADLINE, not for " + scheduler.policy(), LINUX);
        }
    }
}
