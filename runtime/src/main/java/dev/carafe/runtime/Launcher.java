package dev.carafe.runtime;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.plan.HookOperation;
import dev.carafe.plan.HostFacts;
import dev.carafe.plan.MonitorOperation;
import dev.carafe.plan.Plan;
import dev.carafe.plan.ProcessOperation;
import dev.carafe.plan.Step;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Performs plans: writes the program, hands it to the performer, and turns the first failure into a fault that names the operation. */
public final class Launcher {
    private final HostFacts host;
    private final Performer performer;

    public Launcher(HostFacts host, Performer performer) {
        this.host = host;
        this.performer = performer;
    }

    /**
     * Writes the plan's program to a new file and has it performed. Blocks until the container's program runs.
     *
     * @param subject the container, for messages
     * @return the performance, which the caller closes
     * @throws Fault what failed first; everything that was made until then has been taken back
     */
    public Performer.Performance launch(Plan plan, Path program, SessionStreams session, String subject) {
        Performer.Performance performance = begin(plan, program, session);
        try {
            if (performance.awaitStart()) {
                return performance;
            }
            performance.awaitEnd();
            throw failure(plan, program, subject);
        } catch (RuntimeException e) {
            performance.close();
            throw e;
        }
    }

    /**
     * Writes the plan's program to a new file and has it performed, without waiting for anything.
     *
     * @return the performance, which the caller closes
     */
    public Performer.Performance begin(Plan plan, Path program, SessionStreams session) {
        Lowering.program(plan, host).write(program);
        return performer.perform(program, session);
    }

    /**
     * Performs a plan that starts no container, such as {@link dev.carafe.plan.Planner#started} and {@link dev.carafe.plan.Planner#stopped},
     * and blocks until it is done.
     *
     * @param program a new file, which the caller removes
     * @return what failed on the way and did not end it, in the plan's order; for the poststop hooks these are warnings
     * @throws Fault what ended it
     */
    public List<Fault> perform(Plan plan, Path program, String subject) {
        Lowering.program(plan, host).write(program);
        try (Performer.Performance performance = performer.perform(program, SessionStreams.NONE)) {
            performance.awaitEnd();
        }
        if (Execution.read(program).flatMap(Execution::failure).isPresent()) {
            throw failure(plan, program, subject);
        }
        var faults = new ArrayList<Fault>();
        for (int k = 0; k < plan.steps().size(); k++) {
            if (plan.steps().get(k).operation() instanceof HookOperation.Run run) {
                HookReport.read(program, k, run).ifPresent(faults::add);
            }
        }
        return faults;
    }

    private static Fault failure(Plan plan, Path program, String subject) {
        Optional<Fault> failed = failed(plan, program, subject);
        return failed.isPresent() ? failed.get() : Fault.of(Fault.Kind.UNAVAILABLE, "start", subject, "its monitor was killed before the program ran")
                .hint("start it again");
    }

    /** What failed first in a program that was or is being performed; empty: nothing has failed. */
    public static Optional<Fault> failed(Plan plan, Path program, String subject) {
        Optional<Execution> execution = Execution.read(program);
        if (execution.isEmpty() || execution.get().failure().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(fault(plan, program, subject, execution.get().failure().get()));
    }

    private static Fault fault(Plan plan, Path program, String subject, Execution.Failure failed) {
        int number = Execution.step(program, failed.instruction());
        Step step = plan.steps().get(number);
        Errno errno = failed.errno();
        if (step.operation() instanceof HookOperation.Run run) {
            return HookReport.read(program, number, run).orElseGet(() -> Fault.of(errno, "run", HookReport.name(run)).hint(run.field()));
        }
        if (step.operation() instanceof MonitorOperation.AwaitExecute && plan.steps().getLast().operation() instanceof ProcessOperation.Enter enter) {
            // A process that shares no memory with the monitor has told it of its error.
            return notExecuted(enter.execute().candidates(), enter.execute().arguments().getFirst(),
                    Execution.denied(program, plan.steps().size() - 1) ? Errno.EACCES : errno);
        }
        if (step.operation() instanceof ProcessOperation.Execute execute) {
            return notExecuted(execute.candidates(), execute.arguments().getFirst(), Execution.denied(program, number) ? Errno.EACCES : errno);
        }
        if (step.operation() instanceof ProcessOperation.FindProgram find) {
            return notExecuted(find.candidates(), find.name(), Execution.denied(program, number) ? Errno.EACCES : errno);
        }
        if (step.operation() instanceof ProcessOperation.Schedule && errno == Errno.EPERM) {
            return Fault.of(errno, "start", subject + ": " + step.operation().text())
                    .hint("a real-time policy needs CAP_SYS_NICE and, in groups of version 1, a share of real time; a deadline cannot be kept on some processors only");
        }
        return Fault.of(errno, "start", subject + ": " + step.operation().text())
                .hint("step " + (number + 1) + " of the plan, there for " + step.why() + " [" + step.source() + "]");
    }

    /** The field's two cases, which surfaces tell apart by exit status: not found (127) and found but not executable (126). */
    private static Fault notExecuted(List<String> candidates, String program, Errno errno) {
        String name = "\"" + program + "\"";
        return switch (errno) {
            case ENOENT, ENOTDIR -> candidates.size() == 1 && name.contains("/")
                    ? Fault.of(errno, "execute", name).kind(Fault.Kind.NOT_FOUND).hint("the file or its interpreter is not in the container")
                    : Fault.of(Fault.Kind.NOT_FOUND, "execute", name, "executable file not found in $PATH");
            default -> Fault.of(errno, "execute", name).kind(Fault.Kind.PERMISSION).hint(errno == Errno.ENOEXEC
                    ? "it is neither a program of this machine nor a script with #!" : "it must be a file with execute permission");
        };
    }
}
