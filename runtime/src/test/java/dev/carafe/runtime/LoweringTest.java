package dev.carafe.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.carafe.base.Fault;
import dev.carafe.base.IpAddress;
import dev.carafe.base.KernelVersion;
import dev.carafe.base.MacAddress;
import dev.carafe.kernel.SystemCall;
import dev.carafe.oci.runtime.IdMapping;
import dev.carafe.oci.runtime.Mount;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Seccomp;
import dev.carafe.oci.runtime.SeccompAction;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.plan.Actor;
import dev.carafe.plan.Capability;
import dev.carafe.plan.CgroupOperation;
import dev.carafe.plan.Cgroups;
import dev.carafe.plan.Connections;
import dev.carafe.plan.HostFacts;
import dev.carafe.plan.IdentityOperation;
import dev.carafe.plan.Launch;
import dev.carafe.plan.LogFile;
import dev.carafe.plan.MonitorOperation;
import dev.carafe.plan.MountOperation;
import dev.carafe.plan.NetworkOperation;
import dev.carafe.plan.Operation;
import dev.carafe.plan.Plan;
import dev.carafe.plan.Planner;
import dev.carafe.plan.ProcessOperation;
import dev.carafe.plan.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans as system calls; needs no privilege, since nothing is performed. */
class LoweringTest {
    private static final Cgroups V1 = new Cgroups(List.of(new Cgroups.V1(List.of("memory"), "/sys/fs/cgroup/memory", "", ""),
            new Cgroups.V1(List.of("devices"), "/sys/fs/cgroup/devices", "", "")), Optional.empty());
    private static final Cgroups V2 = new Cgroups(List.of(), Optional.of(new Cgroups.V2("/sys/fs/cgroup", Set.of("memory", "pids"))));

    private static HostFacts host(Cgroups cgroups) {
        return new HostFacts(new KernelVersion(6, 18), "amd64", 0, Capability.ALL, cgroups, Set.of(), "/carafe");
    }

    private static Launch launch() {
        return new Launch("web", new Launch.Root.Directory("/var/lib/root"), "/run/web", "/var/lib/web", Optional.of(LogFile.of("/var/lib/web/log")), true, false, Optional.empty());
    }

    private static Spec spec() {
        Spec spec = TestBundle.with(TestBundle.of("/box/web", "x", "true", "argument"), Mount.of("/data", "bind", "/srv/data", "rbind", "rslave", "ro", "rnoexec"),
                Mount.of("/etc/hosts", "bind", "/srv/hosts", "bind"));
        return TestBundle.linux(spec, l -> l.sysctl(Map.of("net.ipv4.ip_forward", "1")).seccomp(Seccomp.builder(SeccompAction.SCMP_ACT_ALLOW).build()));
    }

    private static Spec mapped() {
        var namespaces = new ArrayList<>(spec().linux().orElseThrow().namespaces());
        namespaces.add(Namespace.of(Namespace.Type.USER));
        var map = List.of(new IdMapping(0, 100000, 65536));
        return TestBundle.linux(spec(), l -> l.namespaces(namespaces).uidMappings(map).gidMappings(map));
    }

    private record Lowered(Plan plan, Disassembly program) {
        List<Disassembly.Instruction> of(int step) {
            return program.instructions().stream().filter(i -> i.step() == step).toList();
        }

        /** The instructions of the only operation of that kind. */
        List<Disassembly.Instruction> of(Class<? extends Operation> kind) {
            for (int k = 0; k < plan.steps().size(); k++) {
                if (kind.isInstance(plan.steps().get(k).operation())) {
                    return of(k);
                }
            }
            throw new AssertionError("no " + kind.getSimpleName());
        }

        List<String> names(Class<? extends Operation> kind) {
            return of(kind).stream().map(Disassembly.Instruction::name).toList();
        }
    }

    private static Lowered lowered(Plan plan, Cgroups cgroups) {
        return new Lowered(plan, Disassembly.of(Lowering.program(plan, host(cgroups))));
    }

    private static Lowered lowered(Spec spec, Cgroups cgroups) {
        return lowered(Planner.start(spec, launch(), host(cgroups)), cgroups);
    }

    /** One of every shape: both versions, a terminal, a user namespace, an overlay, a second process. */
    private static Map<String, Lowered> all() {
        var all = new LinkedHashMap<String, Lowered>();
        all.put("v1", lowered(spec(), V1));
        all.put("v2", lowered(spec(), V2));
        all.put("terminal", lowered(TestBundle.process(spec(), p -> p.terminal(true)), V1));
        all.put("user namespace", lowered(mapped(), V2));
        var overlay = new Launch("web", new Launch.Root.Overlay(List.of("/l/b", "/l/a"), Optional.of("/u"), Optional.of("/w"), List.of("metacopy=on"), "/m"), "/run/web",
                "/var/lib/web", Optional.empty(), false, false, Optional.empty());
        all.put("overlay", lowered(Planner.start(spec(), overlay, host(V1)), V1));
        Spec spec = spec();
        all.put("exec", lowered(Planner.exec(spec.process().orElseThrow(), spec.linux().orElseThrow(), 42, launch(), host(V1)), V1));
        return all;
    }

    @Test
    void jumpsLeadForwardWithinTheProgramAndResultsComeFromBefore() {
        all().forEach((name, lowered) -> {
            int count = lowered.program().count();
            for (Disassembly.Instruction i : lowered.program().instructions()) {
                assertThat(i.onOk()).as("%s: %s", name, i).matches(to -> to == 0 || to > i.number() && to <= count);
                assertThat(i.onError()).as("%s: %s", name, i).matches(to -> to == 0 || to > i.number() && to <= count);
                for (int k = 0; k < 6; k++) {
                    if (i.isResult(k)) {
                        assertThat(i.argument(k)).as("%s: %s", name, i).isLessThan(i.number());
                    }
                }
            }
        });
    }

    @Test
    void whoWaitsForTheEndNeedNotWaitForThePacketFilter() {
        var admit = new NetworkOperation.Admit("carafe", "veth1", MacAddress.of(IpAddress.parse("172.17.0.2")), List.of(IpAddress.parse("172.17.0.2")), List.of());
        Launch plain = launch();
        var connected = new Launch(plain.id(), plain.root(), plain.runDirectory(), plain.stateDirectory(), plain.log(), plain.stdin(), plain.stdinOnce(), plain.session(),
                plain.caller(), new Connections(List.of(admit), List.of()));
        Lowered lowered = lowered(Planner.start(spec(), connected, host(V1)), V1);
        assertThat(lowered.names(NetworkOperation.Dismiss.class)).isNotEmpty().doesNotContain("close");
        assertThat(beforeTheExit(lowered)).isEqualTo(ProgramLayout.FD_STATUS);
        assertThat(beforeTheExit(lowered(spec(), V1))).isNotEqualTo(ProgramLayout.FD_STATUS);
    }

    /** The descriptor that the monitor closes last before it ends. */
    private static long beforeTheExit(Lowered lowered) {
        Disassembly.Instruction last = lowered.program().instructions().get(lowered.program().initAt() - 2);
        assertThat(lowered.program().instruction(last.number() + 1).name()).isEqualTo("exit");
        assertThat(last.is(SystemCall.CLOSE)).isTrue();
        return last.argument(0);
    }

    @Test
    void jumpsStayWithTheProcessThatMakesThem() {
        all().forEach((name, lowered) -> {
            int init = lowered.program().initAt();
            for (Disassembly.Instruction i : lowered.program().instructions()) {
                if (i.number() < init) {
                    assertThat(Math.max(i.onOk(), i.onError())).as("%s: %s", name, i).isLessThan(init);
                }
            }
        });
    }

    @Test
    void stepsAreInThePlansOrder() {
        all().forEach((name, lowered) -> {
            assertThat(lowered.program().instructions().stream().map(Disassembly.Instruction::step).toList()).as(name).isSorted();
            assertThat(lowered.program().instructions().getLast().step()).isEqualTo(lowered.plan().steps().size() - 1);
        });
    }

    @Test
    void everyProgramMayBePerformed(@TempDir Path directory) throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "needs gcc to build the native program");
        Path checker = ContainerTest.buildNative();
        for (Map.Entry<String, Lowered> entry : all().entrySet()) {
            Path file = directory.resolve(entry.getKey().replace(' ', '-'));
            entry.getValue().program().write(file);
            assertThat(new ProcessBuilder(checker.toString(), "--check-plan", file.toString()).start().waitFor()).as(entry.getKey()).isZero();
        }
        Path broken = directory.resolve("broken");
        byte[] bytes = Files.readAllBytes(directory.resolve("v1"));
        bytes[all().get("v1").program().codeAt() + 18] = -1;
        Files.write(broken, bytes);
        assertThat(new ProcessBuilder(checker.toString(), "--check-plan", broken.toString()).start().waitFor()).isEqualTo(1);
    }

    @Test
    void noDescriptorOutlivesTheStartOfTheProgram() {
        all().forEach((name, lowered) -> {
            for (Disassembly.Instruction i : lowered.program().instructions()) {
                if (i.is(SystemCall.OPENAT)) {
                    assertThat(i.argument(2) & Flags.O_CLOEXEC).as("%s: %s", name, i).isNotZero();
                } else if (i.is(SystemCall.OPENAT2)) {
                    assertThat(lowered.program().number(i.argument(2)) & Flags.O_CLOEXEC).as("%s: %s", name, i).isNotZero();
                } else if (i.is(SystemCall.OPEN_TREE)) {
                    assertThat(i.argument(2) & Flags.O_CLOEXEC).as("%s: %s", name, i).isNotZero();
                } else if (i.is(SystemCall.PIPE2)) {
                    assertThat(i.argument(1) & Flags.O_CLOEXEC).as("%s: %s", name, i).isNotZero();
                } else if (i.is(SystemCall.SOCKET) || i.is(SystemCall.SOCKETPAIR)) {
                    assertThat(i.argument(1) & Flags.SOCK_CLOEXEC).as("%s: %s", name, i).isNotZero();
                } else if (i.is(SystemCall.FSOPEN) || i.is(SystemCall.FSMOUNT)) {
                    assertThat(i.argument(1) & 1).as("%s: %s", name, i).isOne();
                } else if (i.is(SystemCall.DUP3) && i.argument(1) > 2) {
                    assertThat(i.argument(2) & Flags.O_CLOEXEC).as("%s: %s", name, i).isNotZero();
                }
            }
        });
    }

    @Test
    void everyContainerPathIsResolvedWithinTheRoot() {
        all().forEach((name, lowered) -> {
            for (Disassembly.Instruction i : lowered.program().instructions()) {
                if (i.is(SystemCall.OPENAT2)) {
                    // A kernel parameter is opened below procfs, and nothing may lie on the way to it.
                    assertThat(lowered.program().number(i.argument(2) + 16)).as("%s: %s", name, i).isIn(Flags.RESOLVE_IN_ROOT,
                            Flags.RESOLVE_BENEATH | Flags.RESOLVE_NO_SYMLINKS | Flags.RESOLVE_NO_MAGICLINKS | Flags.RESOLVE_NO_XDEV);
                    assertThat(i.isResult(0)).as("%s: %s starts at the root", name, i).isTrue();
                    assertThat(i.argument(3)).isEqualTo(24);
                }
            }
        });
    }

    /** Between the root's mount and the pivot, a container path is only ever used through openat2, or as one name below a descriptor. */
    @Test
    void noContainerPathIsOpenedByTheHostsRules() {
        all().forEach((name, lowered) -> {
            for (Disassembly.Instruction i : lowered.program().instructions()) {
                Step step = lowered.plan().steps().get(i.step());
                boolean rooted = step.operation() instanceof MountOperation.Filesystem || step.operation() instanceof MountOperation.MakeLink
                        || step.operation() instanceof MountOperation.Sysctl || step.operation() instanceof MountOperation.MakeReadonly;
                if (rooted && (i.is(SystemCall.OPENAT) || i.is(SystemCall.OPEN_TREE))) {
                    assertThat(i.isResult(0)).as("%s: %s of \"%s\"", name, i, step.operation().text()).isTrue();
                }
                if (i.is(SystemCall.MKDIRAT) && step.actor() == Actor.INIT && rooted || i.is(SystemCall.MKNODAT) || i.is(SystemCall.SYMLINKAT) && rooted) {
                    int word = i.is(SystemCall.SYMLINKAT) ? 2 : 1;
                    assertThat(lowered.program().string(i.argument(word))).as("%s: %s", name, i).doesNotContain("/");
                }
            }
        });
    }

    @Test
    void aFilesystemIsConfiguredMountedAndAttached() {
        Lowered lowered = lowered(spec(), V1);
        assertThat(lowered.names(MountOperation.Filesystem.class)).containsExactly("fsopen", "fsconfig", "fsconfig", "fsmount",
                "openat2", "openat2", "mkdirat", "close", "openat2", "move_mount");
        List<Disassembly.Instruction> proc = lowered.of(MountOperation.Filesystem.class);
        assertThat(lowered.program().string(proc.getFirst().argument(0))).isEqualTo("proc");
        assertThat(proc.get(3).argument(2)).as("nosuid, nodev, noexec").isEqualTo(14);
        assertThat(proc.get(4).onOk()).as("a directory that is there is not made").isEqualTo(proc.get(8).number());
        assertThat(proc.getLast().argument(4)).isEqualTo(0x44);
    }

    @Test
    void thePivotLeavesNothingOfTheHostMounted() {
        Lowered lowered = lowered(spec(), V1);
        assertThat(lowered.names(MountOperation.PivotRoot.class)).containsExactly("fchdir", "pivot_root", "umount2", "chdir");
        List<Disassembly.Instruction> pivot = lowered.of(MountOperation.PivotRoot.class);
        assertThat(lowered.program().string(pivot.get(1).argument(0))).isEqualTo(".");
        assertThat(pivot.get(2).argument(1)).isEqualTo(Flags.MNT_DETACH);
        assertThat(pivot).allMatch(i -> i.onError() == 0);
    }

    @Test
    void whoDiesWithTheMonitorChecksThatItStillLives() {
        Lowered lowered = lowered(spec(), V1);
        assertThat(lowered.names(ProcessOperation.DieWithMonitor.class)).endsWith("prctl", "load", "write");
        assertThat(lowered.names(IdentityOperation.SetIds.class)).containsExactly("prctl", "setgroups", "setresgid", "setresuid", "capset",
                "prctl", "load", "write");
    }

    @Test
    void theProgramIsTriedAtEveryPlaceAndTheLastErrorCounts() {
        Spec spec = TestBundle.process(spec(), p -> p.env(List.of("PATH=/a:/b:/c")));
        List<Disassembly.Instruction> tries = lowered(spec, V1).of(ProcessOperation.Execute.class);
        assertThat(tries).hasSize(3).allMatch(i -> i.is(SystemCall.EXECVE));
        assertThat(tries.get(0).errors()).containsExactly(2, 20, 13);
        assertThat(tries.get(2).onError()).isZero();
    }

    @Test
    void descriptorsFromFourOnAreClosed() {
        Disassembly.Instruction close = lowered(spec(), V1).of(ProcessOperation.CloseDescriptors.class).getFirst();
        assertThat(close.is(SystemCall.CLOSE_RANGE)).isTrue();
        assertThat(close.arguments().subList(0, 3)).containsExactly(4L, 0xffff_ffffL, 0L);
    }

    @Test
    void clearingUpBeginsWhereInitIsEndedAndNothingThereStopsIt() {
        all().forEach((name, lowered) -> {
            int cleanup = lowered.program().cleanup();
            assertThat(cleanup).as(name).isPositive();
            assertThat(lowered.plan().steps().get(lowered.program().instruction(cleanup).step()).operation()).isInstanceOf(MonitorOperation.EndInit.class);
            for (int k = cleanup; k < lowered.program().initAt(); k++) {
                Disassembly.Instruction i = lowered.program().instruction(k);
                assertThat(i.kind() == ProgramLayout.KIND_EXIT || i.onError() != 0).as("%s: %s", name, i).isTrue();
            }
        });
    }

    @Test
    void aGroupIsJoinedThroughTasksByItself() {
        Lowered lowered = lowered(spec(), V1);
        List<Disassembly.Instruction> join = lowered.of(CgroupOperation.Join.class);
        assertThat(lowered.program().string(join.get(0).argument(1))).isEqualTo("/sys/fs/cgroup/memory/box/web/tasks");
        assertThat(lowered.program().string(join.get(1).argument(1))).isEqualTo("0");
    }

    @Test
    void onVersion2InitIsClonedIntoItsGroup() {
        Lowered lowered = lowered(spec(), V2);
        Disassembly.Instruction fork = lowered.program().instructions().stream().filter(i -> i.kind() == ProgramLayout.KIND_FORK).findFirst().orElseThrow();
        assertThat(lowered.program().number(fork.argument(0)) & Flags.CLONE_INTO_CGROUP).isNotZero();
        assertThat(fork.argument(1)).isEqualTo(88);
    }

    @Test
    void textsThatTheKernelWouldCutAreRefused() {
        var launch = new Launch("web", new Launch.Root.Directory("/var/lib/root\0/x"), "/run/web", "/var/lib/web", Optional.empty(), false, false, Optional.empty());
        Plan plan = Planner.start(spec(), launch, host(V1));
        assertThat(catchThrowableOfType(Fault.class, () -> lowered(plan, V1))).hasMessageContaining("the text contains a NUL character");
    }

    @Test
    void beforeKernel68AllLayersGoIntoOneShortValue() {
        var old = new HostFacts(new KernelVersion(5, 15), "amd64", 0, Capability.ALL, V1, Set.of(), "/carafe");
        var few = new Launch("web", new Launch.Root.Overlay(List.of("/s/2/fs", "/s/1/fs"), Optional.empty(), Optional.empty(), List.of(), "/m"), "/r", "/s", Optional.empty(),
                false, false, Optional.empty());
        Disassembly program = Disassembly.of(Lowering.program(Planner.start(spec(), few, old), old));
        assertThat(program.instructions().stream().filter(i -> i.is(SystemCall.FSCONFIG) && i.argument(3) != 0).map(i -> program.string(i.argument(2)) + "="
                + program.string(i.argument(3)))).contains("lowerdir=2/fs:1/fs");
        var layers = new ArrayList<String>();
        for (int k = 0; k < 100; k++) {
            layers.add("/snapshots/" + k + "/fs");
        }
        var many = new Launch("web", new Launch.Root.Overlay(layers, Optional.empty(), Optional.empty(), List.of(), "/m"), "/r", "/s", Optional.empty(), false, false,
                Optional.empty());
        assertThat(catchThrowableOfType(Fault.class, () -> Lowering.program(Planner.start(spec(), many, old), old)).kind()).isEqualTo(Fault.Kind.UNSUPPORTED);
        assertThat(Lowering.program(Planner.start(spec(), many, host(V1)), host(V1))).isNotNull();
    }
}
