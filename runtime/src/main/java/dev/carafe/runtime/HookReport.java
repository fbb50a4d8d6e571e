package dev.carafe.runtime;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.SystemCall;
import dev.carafe.plan.HookOperation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** How a hook ended, read from the results of the instructions that {@link HookLowering} made of it. */
final class HookReport {
    private static final int EXITED = 1;

    private final Path program;
    private final int step;
    private final HookOperation.Run run;
    private final List<Execution.Instruction> instructions;
    private final List<Execution.Result> results;

    private HookReport(Path program, int step, HookOperation.Run run) {
        this.program = program;
        this.step = step;
        this.run = run;
        this.instructions = Execution.instructions(program);
        this.results = Execution.results(program);
    }

    /** What went wrong with it; empty when it ended well, or was not run. */
    static Optional<Fault> read(Path program, int step, HookOperation.Run run) {
        return new HookReport(program, step, run).fault();
    }

    static String name(HookOperation.Run run) {
        return "the " + run.kind().word() + " hook \"" + run.hook().path() + "\"";
    }

    /** Of two verdicts, that on its time comes first in the list, and only one of them is reached. */
    private Optional<Fault> fault() {
        boolean limited = run.hook().timeout().isPresent();
        for (int k = 0; k < results.size(); k++) {
            if (results.get(k).step() != step || instructions.get(k).call() != SystemCall.FUTEX.number()
                    || instructions.get(k).kind() != ProgramLayout.KIND_CALL) {
                continue;
            }
            if (limited) {
                if (results.get(k).time() != 0) {
                    return Optional.of(with(Fault.of(Fault.Kind.TIMEOUT, "run", name(run), "it did not end within " + run.hook().timeout().get()
                            + " s and was killed"), k - 1, run.field()));
                }
                limited = false;
            } else if (results.get(k).time() == 0 || results.get(k).value() == -Errno.ETIMEDOUT.number()) {
                return Optional.empty();
            } else {
                return Optional.of(ended(k));
            }
        }
        return Optional.empty();
    }

    private Fault ended(int verdict) {
        long code = results.get(verdict - 2).value();
        long status = results.get(verdict - 1).value();
        for (int k = verdict; k < results.size() && results.get(k).step() == step; k++) {
            if (instructions.get(k).call() == SystemCall.EXECVE.number() && results.get(k).value() < 0) {
                return Fault.of(Errno.of((int) -results.get(k).value()), "run", name(run)).hint(run.field());
            }
        }
        return with(Fault.of(Fault.Kind.UNAVAILABLE, "run", name(run), code == EXITED ? "it exited with status " + status
                : "signal " + status + " killed it"), verdict - 3, run.field());
    }

    /** The first line that it printed says more than anything else could. */
    private Fault with(Fault fault, int read, String field) {
        long count = results.get(read).value();
        if (count > 0) {
            String text = new String(Execution.bytes(program, instructions.get(read).arguments()[1], (int) count), StandardCharsets.UTF_8).strip();
            int end = text.indexOf('\n');
            String line = (end < 0 ? text : text.substring(0, end)).replaceAll("\\p{Cntrl}", "?");
            if (!line.isEmpty()) {
                return fault.hint(field + " said: " + line);
            }
        }
        return fault.hint(field);
    }
}
