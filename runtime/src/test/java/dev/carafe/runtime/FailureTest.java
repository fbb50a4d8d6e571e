package dev.carafe.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.base.Errno;
import dev.carafe.kernel.SystemCall;
import dev.carafe.oci.runtime.Hook;
import dev.carafe.oci.runtime.Hooks;
import dev.carafe.oci.runtime.IdMapping;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Seccomp;
import dev.carafe.oci.runtime.SeccompAction;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.plan.Actor;
import dev.carafe.plan.MonitorOperation;
import dev.carafe.plan.Plan;
import dev.carafe.plan.Planner;
import dev.carafe.plan.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** An error at any instruction, or the end of the monitor there, leaves nothing of the container behind. */
class FailureTest extends ContainerTest {
    private static final int REACHED = 77;

    private Spec full(String... command) {
        return TestBundle.process(TestBundle.linux(bundle(command), l -> l.seccomp(Seccomp.builder(SeccompAction.SCMP_ACT_ALLOW).build())),
                p -> p.oomScoreAdj(5).noNewPrivileges(false));
    }

    private Disassembly lowered(Plan plan) {
        return Disassembly.of(Lowering.program(plan, host));
    }

    /** Which instructions a start that works performs. */
    private List<Execution.Result> reference(Disassembly program) throws IOException {
        Path file = program();
        program.write(file);
        try (Performer.Performance performance = performer.perform(file, SessionStreams.NONE)) {
            assertThat(performance.awaitStart()).isTrue();
            performance.awaitEnd();
        }
        assertThat(Execution.read(file).orElseThrow().failure()).isEmpty();
        List<Execution.Result> results = Execution.results(file);
        Files.delete(file);
        return results;
    }

    @Test
    void anErrorAtAnyInstructionLeavesNothingBehindAndIsNamed() throws IOException {
        sweepErrors(Planner.start(full("/bin/true"), launch(), host), step -> true);
    }

    @Test
    void anErrorAtAnyInstructionAboutATerminalLeavesNothingBehind() throws IOException {
        Plan pipes = Planner.start(full("/bin/true"), launch(), host);
        sweepErrors(Planner.start(TestBundle.process(full("/bin/true"), p -> p.terminal(true)), launch(), host),
                step -> !pipes.steps().contains(step));
    }

    private Spec mapped(String... command) {
        var namespaces = new ArrayList<>(bundle().linux().orElseThrow().namespaces());
        namespaces.add(Namespace.of(Namespace.Type.USER));
        // Root stays root, so that the image need not be given away.
        var map = List.of(new IdMapping(0, 0, 65536));
        return TestBundle.linux(full(command), l -> l.namespaces(namespaces).uidMappings(map).gidMappings(map));
    }

    @Test
    void anErrorAtAnyInstructionAboutAUserNamespaceLeavesNothingBehind() throws IOException {
        Plan plain = Planner.start(full("/bin/true"), launch(), host);
        sweepErrors(Planner.start(mapped("/bin/true"), launch(), host), step -> !plain.steps().contains(step));
    }

    @Test
    void anErrorAtAnyInstructionAboutHooksLeavesNothingBehind() throws IOException {
        var hook = new Hook("/bin/true", List.of(), List.of("CARAFE_TEST=" + marker()), Optional.of(1000));
        Spec hooked = full("/bin/true").toBuilder().hooks(Hooks.builder().prestart(List.of(hook)).createContainer(List.of(hook)).startContainer(List.of(hook))
                .poststart(List.of(hook)).build()).build();
        Plan plain = Planner.start(full("/bin/true"), launch(), host);
        sweepErrors(Planner.start(hooked, launch(), host), step -> !plain.steps().contains(step));
    }

    private void sweepErrors(Plan plan, Predicate<Step> chosen) throws IOException {
        Disassembly program = lowered(plan);
        List<Execution.Result> reference = reference(program);
        for (Disassembly.Instruction i : program.instructions()) {
            if (!chosen.test(plan.steps().get(i.step())) || reference.get(i.number()).time() == 0 || i.kind() == ProgramLayout.KIND_EXIT) {
                continue;
            }
            Path file = program();
            program.failing(i.number()).write(file);
            boolean started;
            try (Performer.Performance performance = performer.perform(file, SessionStreams.NONE)) {
                started = performance.awaitStart();
                performance.awaitEnd();
            }
            Execution execution = Execution.read(file).orElseThrow();
            String where = "after " + i + " of step " + (i.step() + 1) + ", \"" + plan.steps().get(i.step()).operation().text() + "\", failed";
            boolean after = plan.steps().get(i.step()).actor() == Actor.MONITOR_AFTER;
            if (i.tolerates(Errno.ENOSYS)) {
                assertThat(execution.failure().map(Execution.Failure::instruction)).as(where).isNotEqualTo(Optional.of(i.number()));
            } else {
                Execution.Failure failure = execution.failure().orElseThrow(() -> new AssertionError(where));
                assertThat(failure.instruction()).as(where + "; " + failure + " " + program.instruction(failure.instruction())).isEqualTo(i.number());
                assertThat(Execution.step(file, i.number())).as(where).isEqualTo(i.step());
                assertThat(started).as(where).isEqualTo(after || wasReportedBefore(plan, i.step()));
            }
            if (after) {
                // What takes back was itself broken.
                leftovers.awaitNoProcess(where);
                leftovers.assertNoMount(where);
                leftovers.removeGroups();
            } else {
                leftovers.assertNone(where);
            }
            Files.delete(file);
            Files.deleteIfExists(state.resolve(ExitRecord.FILE));
        }
    }

    /** Whether the monitor has reported the program's start before that step. */
    private static boolean wasReportedBefore(Plan plan, int step) {
        if (plan.steps().get(step).actor() != Actor.MONITOR) {
            return false;
        }
        for (int k = 0; k < step; k++) {
            if (plan.steps().get(k).operation() instanceof MonitorOperation.Report) {
                return true;
            }
        }
        return false;
    }

    @Test
    void theEndOfTheMonitorAtAnyInstructionLeavesNoProcess() throws IOException {
        sweepKills(Planner.start(full("/bin/sleep", "1000"), launch(), host), Planner.start(full("/bin/true"), launch(), host), step -> true);
    }

    @Test
    void theEndOfTheMonitorAtAnyInstructionAboutATerminalLeavesNoProcess() throws IOException {
        Plan pipes = Planner.start(full("/bin/sleep", "1000"), launch(), host);
        sweepKills(Planner.start(TestBundle.process(full("/bin/sleep", "1000"), p -> p.terminal(true)), launch(), host),
                Planner.start(TestBundle.process(full("/bin/true"), p -> p.terminal(true)), launch(), host), step -> !pipes.steps().contains(step));
    }

    @Test
    void theEndOfTheMonitorAtAnyInstructionAboutAUserNamespaceLeavesNoProcess() throws IOException {
        Plan plain = Planner.start(full("/bin/sleep", "1000"), launch(), host);
        sweepKills(Planner.start(mapped("/bin/sleep", "1000"), launch(), host), Planner.start(mapped("/bin/true"), launch(), host),
                step -> !plain.steps().contains(step));
    }

    private void sweepKills(Plan plan, Plan quick, Predicate<Step> chosen) throws IOException {
        Disassembly program = lowered(plan);
        List<Execution.Result> reference = reference(lowered(quick));
        var survived = new ArrayList<String>();
        for (Disassembly.Instruction i : program.instructions()) {
            boolean watched = watch(program) < i.number() && i.number() < program.initAt();
            if (!chosen.test(plan.steps().get(i.step())) || reference.get(i.number()).time() == 0 || watched) {
                continue;
            }
            Path file = program();
            program.pausing(i.number(), REACHED, 300).write(file);
            try (Performer.Performance performance = performer.perform(file, SessionStreams.NONE)) {
                assertThat(Leftovers.await(() -> state(file) == REACHED)).as("reached %s", i).isTrue();
                KERNEL.call(SystemCall.KILL, header(file, ProgramLayout.MONITOR), 9);
                if (!Leftovers.await(() -> leftovers.processes().isEmpty())) {
                    survived.add(i + " of step " + (i.step() + 1) + ": " + leftovers.processes());
                    KERNEL.call(SystemCall.KILL, header(file, ProgramLayout.INIT), 9);
                    leftovers.awaitNoProcess("after init was killed");
                }
                performance.awaitEnd();
            }
            leftovers.assertNoMount("after the monitor was killed at " + i);
            leftovers.removeGroups();
            Files.delete(file);
        }
        assertThat(survived).as("instructions where the end of the monitor did not end the container").isEmpty();
    }

    private static int watch(Disassembly program) {
        return program.instructions().stream().filter(i -> i.kind() == ProgramLayout.KIND_WATCH).findFirst().orElseThrow().number();
    }

    private static int state(Path file) {
        return header(file, ProgramLayout.STATE);
    }

    private static int header(Path file, int offset) {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer number = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder());
            channel.read(number, offset);
            return number.getInt(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
