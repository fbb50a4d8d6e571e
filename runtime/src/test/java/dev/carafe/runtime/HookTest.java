package dev.carafe.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.base.Fault;
import dev.carafe.oci.runtime.Hook;
import dev.carafe.oci.runtime.Hooks;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.oci.runtime.State;
import dev.carafe.plan.Plan;
import dev.carafe.plan.Planner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Hooks on the running kernel: programs that write down what they find. */
class HookTest extends ContainerTest {
    private Path notes() {
        return state.resolve("notes");
    }

    private Hook script(String text, String... env) {
        return timed(text, Optional.empty(), env);
    }

    private Hook timed(String text, Optional<Integer> timeout, String... env) {
        var all = new ArrayList<>(List.of("CARAFE_TEST=" + marker(), "PATH=/bin:/usr/bin"));
        all.addAll(List.of(env));
        return new Hook("/bin/sh", List.of("sh", "-c", text), all, timeout);
    }

    /** A hook that appends what the script prints to the notes. */
    private Hook noting(String text) {
        return script("{ " + text + "; } >> " + notes());
    }

    private static Spec with(Spec spec, UnaryOperator<Hooks.Builder> hooks) {
        return spec.toBuilder().hooks(hooks.apply(Hooks.builder()).build()).build();
    }

    private List<String> notesTaken() throws IOException {
        return Files.exists(notes()) ? Files.readAllLines(notes()) : List.of();
    }

    @Test
    void allSixRunInTheirOrder() throws IOException {
        Hook inside = new Hook("/bin/sh", List.of("sh", "-c", "echo startContainer >> /tmp/order"), List.of("PATH=/bin"), Optional.empty());
        Spec spec = with(shell("cat /tmp/order; rm /tmp/order"), h -> h.prestart(List.of(noting("echo prestart0"), noting("echo prestart1")))
                .createRuntime(List.of(noting("echo createRuntime"))).createContainer(List.of(noting("echo createContainer")))
                .startContainer(List.of(inside, inside)).poststart(List.of(noting("echo poststart"))).poststop(List.of(noting("echo poststop"))));
        assertThat(output(spec)).isEqualTo("startContainer\nstartContainer\n");
        assertThat(notesTaken()).containsExactly("prestart0", "prestart1", "createRuntime", "createContainer", "poststart");
        assertThat(stop(spec)).isEmpty();
        assertThat(notesTaken()).last().isEqualTo("poststop");
    }

    private List<Fault> stop(Spec spec) {
        Plan plan = Planner.stopped(spec, launch()).orElseThrow();
        return new Launcher(host, performer).perform(plan, program(), "\"" + id + "\"");
    }

    @Test
    void eachReadsTheStateWithTheNumberThatItsNamespaceGivesTheProcess() throws IOException {
        Hook inside = new Hook("/bin/sh", List.of("sh", "-c", "cat > /tmp/state"), List.of("PATH=/bin"), Optional.empty());
        Spec spec = with(shell("cat /tmp/state; rm /tmp/state; sleep 100"), h -> h.prestart(List.of(noting("cat; echo")))
                .createContainer(List.of(noting("cat; echo"))).startContainer(List.of(inside)).poststart(List.of(noting("cat; echo")))
                .poststop(List.of(noting("cat; echo")))).toBuilder().annotations(Map.of("org.x", "\"pid\":0,\n")).build();
        try (Running running = start(spec)) {
            running.awaitOutput("}");
            State created = State.parse(stream(1));
            assertThat(created).isEqualTo(told(spec, State.Status.CREATED).pid(1).build());
            assertThat(notesTaken()).hasSize(3);
            assertThat(State.parse(notesTaken().get(0))).isEqualTo(told(spec, State.Status.CREATING).pid(running.init()).build());
            assertThat(State.parse(notesTaken().get(1))).isEqualTo(told(spec, State.Status.CREATING).pid(1).build());
            assertThat(State.parse(notesTaken().get(2))).isEqualTo(told(spec, State.Status.RUNNING).pid(running.init()).build());
        }
        assertThat(stop(spec)).isEmpty();
        assertThat(State.parse(notesTaken().getLast())).isEqualTo(told(spec, State.Status.STOPPED).build());
    }

    private State.Builder told(Spec spec, State.Status status) {
        return State.builder(spec.ociVersion(), id, status, state.toString()).annotations(spec.annotations());
    }

    @Test
    void aStateOfAnySizeReachesAHookThatDoesNotReadIt() {
        Spec spec = with(bundle("/bin/true"), h -> h.prestart(List.of(script("true"))).startContainer(List.of(new Hook("/bin/true", List.of(), List.of(), Optional.empty()))))
                .toBuilder().annotations(Map.of("long", "x".repeat(300_000))).build();
        assertThat(run(spec).exit().code()).isZero();
    }

    @Test
    void itsArgumentsAndEnvironmentAreThoseOfTheBundleAndNothingElseIsOpen() throws IOException {
        // grep keeps the descriptor with which ls reads the directory out.
        Hook hook = new Hook("/bin/busybox", List.of("sh", "-c", "{ echo \"$0 $1\"; env; readlink /proc/self/fd/*; umask; pwd; grep SigBlk /proc/self/status; } > "
                + notes(), "zero", "one"), List.of("A=1", "PATH=/bin"), Optional.empty());
        assertThat(run(with(bundle("/bin/true"), h -> h.prestart(List.of(hook)))).exit().code()).isZero();
        assertThat(notesTaken()).contains("zero one", "A=1", "PATH=/bin", "0022", state.toString(), "SigBlk:\t0000000000000000")
                .noneMatch(l -> l.contains("CARAFE") || l.contains("socket:") || l.contains("pipe:") || l.contains("carafe-test-plan"));
        assertThat(notesTaken()).filteredOn(l -> l.contains("memfd:")).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void thoseOfTheRuntimeAreInItsNamespaces() throws IOException {
        String names = "for n in mnt pid net uts ipc; do readlink /proc/self/ns/$n; done";
        Spec spec = with(shell("sleep 100"), h -> h.prestart(List.of(noting(names))).poststart(List.of(noting(names))));
        try (Running running = start(spec)) {
            var own = new ArrayList<String>();
            var inside = new ArrayList<String>();
            for (String name : List.of("mnt", "pid", "net", "uts", "ipc")) {
                own.add(Files.readSymbolicLink(Path.of("/proc/self/ns/" + name)).toString());
                inside.add(Files.readSymbolicLink(Path.of("/proc/" + running.init() + "/ns/" + name)).toString());
            }
            assertThat(notesTaken().subList(0, 5)).isEqualTo(own);
            assertThat(notesTaken().subList(5, 10)).isEqualTo(own);
            assertThat(inside).doesNotContainAnyElementsOf(own);
        }
    }

    @Test
    void aHookOfTheContainersNamespacesMayMountAndSetTheHostName() {
        Hook hook = script("mount -t tmpfs -o size=64k carafe-hook tmp && hostname from-hook");
        assertThat(output(with(shell("grep carafe-hook /proc/mounts | cut -d ' ' -f 1-3; hostname"),
                h -> h.createContainer(List.of(hook))).toBuilder().hostname(Optional.empty()).build())).isEqualTo("carafe-hook /tmp tmpfs\nfrom-hook\n");
    }

    @Test
    void aHookOfTheRuntimeMayChangeTheContainersNetwork() {
        // As docker does it: by the number that it is told.
        Hook hook = script("pid=$(sed 's/.*\"pid\":\\([0-9]*\\).*/\\1/') && nsenter -t $pid -n ip link add hooked type veth peer name other");
        assertThat(output(with(shell("grep -c hooked /proc/net/dev"), h -> h.prestart(List.of(hook))))).isEqualTo("1\n");
    }

    @Test
    void aHookInTheContainerHasTheProgramsUserAndRights() {
        Hook inside = new Hook("/bin/sh", List.of("sh", "-c", "{ id -u; grep -E 'CapEff|NoNewPrivs' /proc/self/status; pwd; } > /tmp/who"), List.of("PATH=/bin"), Optional.empty());
        Spec spec = TestBundle.process(shell("cat /tmp/who; id -u; grep -E 'CapEff|NoNewPrivs' /proc/self/status; pwd; rm /tmp/who"), p -> p.cwd("/home"));
        String[] lines = output(with(spec, h -> h.startContainer(List.of(inside)))).split("\n");
        assertThat(lines).hasSize(8);
        assertThat(List.of(lines).subList(0, 4)).isEqualTo(List.of(lines).subList(4, 8));
    }

    @Test
    void aHookThatFailsBeforeTheProgramRunsIsNamedAndNothingIsLeft() throws IOException {
        Map<String, UnaryOperator<Hooks.Builder>> places = Map.of("prestart", h -> h.prestart(List.of(script("echo ok"), script("echo no luck >&2; echo more; exit 3"))),
                "createRuntime", h -> h.createRuntime(List.of(script("true"), script("echo no luck >&2; exit 3"))),
                "createContainer", h -> h.createContainer(List.of(script("true"), script("echo no luck >&2; exit 3"))),
                "startContainer", h -> h.startContainer(List.of(script("true"), script("echo no luck >&2; exit 3"))),
                "poststart", h -> h.poststart(List.of(script("true"), script("echo no luck >&2; exit 3"))));
        for (var place : places.entrySet()) {
            Fault fault = refusal(with(shell("sleep 100"), place.getValue()));
            assertThat(fault).as(place.getKey()).hasMessage("run the " + place.getKey() + " hook \"/bin/sh\": it exited with status 3; hooks."
                    + place.getKey() + "[1] said: no luck");
            leftovers.assertNone("after a " + place.getKey() + " hook failed");
        }
    }

    @Test
    void theHooksAfterOneThatFailedAreNotRun() throws IOException {
        assertThat(refusal(with(shell("sleep 100"), h -> h.prestart(List.of(script("kill -9 $$"), noting("echo second"))).createRuntime(List.of(noting("echo third"))))))
                .hasMessage("run the prestart hook \"/bin/sh\": signal 9 killed it; hooks.prestart[0]");
        assertThat(notesTaken()).isEmpty();
    }

    @Test
    void aHookThatIsNotThereIsNamedWithItsError() {
        var missing = new Hook("/no/such/hook", List.of(), List.of(), Optional.empty());
        assertThat(refusal(with(bundle("/bin/true"), h -> h.createRuntime(List.of(missing)))))
                .hasMessage("run the createRuntime hook \"/no/such/hook\": no such file or directory (ENOENT); hooks.createRuntime[0]");
        assertThat(refusal(with(bundle("/bin/true"), h -> h.startContainer(List.of(missing)))))
                .hasMessage("run the startContainer hook \"/no/such/hook\": no such file or directory (ENOENT); hooks.startContainer[0]");
    }

    @Test
    void aHookThatHangsIsKilledAtItsDeadlineWithWhatItStarted() throws IOException {
        for (UnaryOperator<Hooks.Builder> place : List.<UnaryOperator<Hooks.Builder>>of(
                h -> h.prestart(List.of(timed("echo stuck; sleep 1000 & sleep 1000", Optional.of(1)))),
                h -> h.startContainer(List.of(timed("echo stuck; sleep 1000 & sleep 1000", Optional.of(1)))))) {
            assertThat(refusal(with(shell("sleep 100"), place))).satisfies(f -> {
                assertThat(f.kind()).isEqualTo(Fault.Kind.TIMEOUT);
                assertThat(f.getMessage()).contains("hook \"/bin/sh\": it did not end within 1 s and was killed").endsWith("said: stuck");
            });
            leftovers.assertNone("after a hook hung");
        }
    }

    @Test
    void aHookThatEndsInTimeIsNotHeldAgainstIt() {
        assertThat(run(with(bundle("/bin/true"), h -> h.prestart(List.of(timed("true", Optional.of(100)))))).exit().code()).isZero();
    }

    @Test
    void afterTheEndEachHookRunsWhateverBecameOfTheOthers() throws IOException {
        var missing = new Hook("/no/such/hook", List.of(), List.of(), Optional.empty());
        List<Fault> warnings = stop(with(bundle("/bin/true"), h -> h.poststop(List.of(script("exit 7"), noting("echo on"), missing,
                timed("sleep 1000", Optional.of(1)), noting("echo and on")))));
        assertThat(warnings).extracting(Fault::getMessage).containsExactly("run the poststop hook \"/bin/sh\": it exited with status 7; hooks.poststop[0]",
                "run the poststop hook \"/no/such/hook\": no such file or directory (ENOENT); hooks.poststop[2]",
                "run the poststop hook \"/bin/sh\": it did not end within 1 s and was killed; hooks.poststop[3]");
        assertThat(notesTaken()).containsExactly("on", "and on");
    }

    @Test
    void aHookOfTheRuntimeIsNotInAPidNamespaceThatTheContainerJoined() throws IOException {
        try (Running first = start(shell("sleep 100"))) {
            Spec second = with(TestBundle.linux(shell("sleep 100"), l -> l.cgroupsPath(cgroup() + "b").namespaces(List.of(Namespace.of(Namespace.Type.MOUNT),
                    Namespace.of(Namespace.Type.NETWORK), Namespace.of(Namespace.Type.IPC), Namespace.of(Namespace.Type.UTS), Namespace.of(Namespace.Type.TIME),
                    Namespace.join(Namespace.Type.PID, "/proc/" + first.init() + "/ns/pid")))), h -> h.prestart(List.of(noting("readlink /proc/self/ns/pid /proc/self/ns/time"))));
            Path own = Files.createDirectories(work.resolve(id + "-second"));
            var launch = new dev.carafe.plan.Launch(id, launch().root(), own.toString(), own.toString(), Optional.empty(), false, false, Optional.empty());
            try (Running running = start(second, launch)) {
                assertThat(notesTaken()).containsExactly(Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString(),
                        Files.readSymbolicLink(Path.of("/proc/self/ns/time")).toString());
                assertThat(running.init()).isPositive();
            }
            remove(own);
        }
    }
}
