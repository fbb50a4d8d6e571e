package dev.carafe.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.oci.runtime.Hook;
import dev.carafe.oci.runtime.Hooks;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.oci.runtime.State;
import dev.carafe.oci.runtime.TimeOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HookPlanTest {
    private static Hook hook(String path) {
        return new Hook(path, List.of(), List.of(), Optional.empty());
    }

    private static Spec all() {
        return Bundles.full().toBuilder().annotations(Map.of("k", "v")).hooks(Hooks.builder().prestart(List.of(hook("/a"), hook("/b")))
                .createRuntime(List.of(hook("/c"))).createContainer(List.of(hook("/d"))).startContainer(List.of(hook("/e")))
                .poststart(List.of(new Hook("/f", List.of("f", "x y"), List.of(), Optional.of(3)))).poststop(List.of(hook("/g"), hook("/h"))).build()).build();
    }

    private static List<HookOperation.Run> runs(Plan plan) {
        return plan.steps().stream().map(Step::operation).filter(HookOperation.Run.class::isInstance).map(HookOperation.Run.class::cast).toList();
    }

    @Test
    void theMonitorRunsThoseOfTheRuntimesNamespacesWhenTheTreeStands() {
        List<String> monitor = Bundles.texts(Bundles.plan(all()), Actor.MONITOR);
        assertThat(monitor).containsSubsequence("make pipes to wait for hooks", "clone init with new mount, pid, network, ipc, uts namespaces in cgroup \"/sys/fs/cgroup/unified/box/web\"",
                "wait until the container's file tree stands", "run the prestart hook \"/a\"", "run the prestart hook \"/b\"",
                "run the createRuntime hook \"/c\"", "let init go on", "wait until init has started its program",
                "run the poststart hook \"/f\" \"x y\" for 3 s at most", "report that the program runs");
        assertThat(monitor).noneMatch(t -> t.contains("poststop"));
    }

    @Test
    void initRunsThoseOfTheContainersNamespacesBeforeThePivotAndBeforeTheProgram() {
        List<String> init = Bundles.texts(Bundles.plan(all()), Actor.INIT);
        assertThat(init).containsSubsequence("bind \"/srv/data\" on \"/data\" (ro)", "wait for the hooks in the runtime's namespaces",
                "run the createContainer hook \"/d\"", "make \"/proc/sys\" read-only", "pivot to the container's root and let go of the host's",
                "change directory to \"/srv\"", "run the startContainer hook \"/e\"", "allow no new privileges", "execute \"nginx\" \"-g\" \"daemon off;\"");
    }

    @Test
    void aHookBeforeTheProgramIsConfinedAsTheProgramIs() {
        Plan plan = Bundles.plan(all());
        assertThat(runs(plan)).filteredOn(r -> r.kind() == HookOperation.Kind.START_CONTAINER).singleElement()
                .satisfies(r -> assertThat(r.confinement()).extracting(Operation::text).containsExactly("allow no new privileges",
                        "set capabilities: effective 21, permitted 21, inheritable 0, ambient 0"));
        assertThat(runs(plan)).filteredOn(r -> r.kind() != HookOperation.Kind.START_CONTAINER).allSatisfy(r -> assertThat(r.confinement()).isEmpty());
    }

    @Test
    void eachIsToldTheStateOfItsTime() {
        var told = runs(Bundles.plan(all()));
        assertThat(told).extracting(HookOperation.Run::state).allSatisfy(s -> {
            assertThat(s.id()).isEqualTo("web");
            assertThat(s.bundle()).isEqualTo("/var/lib/carafe/web");
            assertThat(s.annotations()).containsEntry("k", "v");
        });
        assertThat(told).extracting(r -> r.kind().word() + " " + r.state().status()).containsExactlyInAnyOrder("prestart creating", "prestart creating",
                "createRuntime creating", "createContainer creating", "startContainer created", "poststart running");
    }

    @Test
    void thoseAfterTheStartAreAPlanOfTheirOwnToo() {
        Plan plan = Planner.started(all(), Bundles.launch(), 4711).orElseThrow();
        assertThat(runs(plan)).singleElement().satisfies(r -> {
            assertThat(r.mayFail()).isFalse();
            assertThat(r.state().status()).isEqualTo(State.Status.RUNNING);
            assertThat(r.state().pid()).contains(4711);
        });
        assertThat(Planner.started(Bundles.full(), Bundles.launch(), 4711)).isEmpty();
    }

    @Test
    void thoseAfterTheEndAreAPlanOfTheirOwnInWhichEachMayFail() {
        Plan plan = Planner.stopped(all(), Bundles.launch()).orElseThrow();
        assertThat(Bundles.texts(plan, Actor.MONITOR)).containsExactly("run the poststop hook \"/g\"", "run the poststop hook \"/h\"");
        assertThat(runs(plan)).allSatisfy(r -> {
            assertThat(r.mayFail()).isTrue();
            assertThat(r.state().status()).isEqualTo(State.Status.STOPPED);
            assertThat(r.state().pid()).isEmpty();
        });
        assertThat(runs(plan).getLast().field()).isEqualTo("hooks.poststop[1]");
        assertThat(runs(Bundles.plan(all()))).noneMatch(HookOperation.Run::mayFail);
        assertThat(Planner.stopped(Bundles.full(), Bundles.launch())).isEmpty();
    }

    @Test
    void aMonitorWhoseChildrenAreElsewhereReturnsBeforeItRunsHooks() {
        Spec joined = Bundles.linux(all(), l -> l.namespaces(List.of(Namespace.of(Namespace.Type.MOUNT), Namespace.of(Namespace.Type.UTS), Namespace.of(Namespace.Type.CGROUP),
                Namespace.join(Namespace.Type.PID, "/proc/1/ns/pid"), Namespace.of(Namespace.Type.TIME))).timeOffsets(Map.of("boottime",
                new TimeOffset(Optional.of(1L), Optional.empty()))));
        assertThat(Bundles.texts(Bundles.plan(joined), Actor.MONITOR)).containsSubsequence("clone init with new mount, uts namespaces in cgroup \"/sys/fs/cgroup/unified/box/web\"",
                "return to the own pid, time namespaces", "run the prestart hook \"/a\"");
        assertThat(Bundles.texts(Bundles.plan(all()), Actor.MONITOR)).noneMatch(t -> t.startsWith("return"));
    }

    @Test
    void aBundleWithoutHooksPlansNothingForThem() {
        assertThat(Bundles.plan(Bundles.full()).steps()).noneMatch(s -> s.operation() instanceof HookOperation);
    }
}
