package dev.carafe.plan;

import dev.carafe.oci.runtime.Hook;
import dev.carafe.oci.runtime.Hooks;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.oci.runtime.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where hooks stand in a plan (runtime-spec runtime.md#lifecycle): those before the pivot when all mounts are done, in the order prestart,
 * createRuntime, createContainer; startContainer last before the program; poststart once it runs.
 */
final class HookPlanner {
    private static final String SPEC = "runtime-spec config.md#";
    private static final Hooks NONE = Hooks.builder().build();

    private final Spec spec;
    private final Launch launch;
    private final Hooks hooks;
    private final boolean monitorsTurn;

    HookPlanner(Spec spec, Launch launch) {
        this.spec = spec;
        this.launch = launch;
        this.hooks = spec.hooks().orElse(NONE);
        this.monitorsTurn = !hooks.prestart().isEmpty() || !hooks.createRuntime().isEmpty();
    }

    /** Whether each names a program. */
    static void check(Spec spec) {
        Hooks hooks = spec.hooks().orElse(NONE);
        check(HookOperation.Kind.PRESTART, hooks.prestart());
        check(HookOperation.Kind.CREATE_RUNTIME, hooks.createRuntime());
        check(HookOperation.Kind.CREATE_CONTAINER, hooks.createContainer());
        check(HookOperation.Kind.START_CONTAINER, hooks.startContainer());
        check(HookOperation.Kind.POSTSTART, hooks.poststart());
        check(HookOperation.Kind.POSTSTOP, hooks.poststop());
    }

    private static void check(HookOperation.Kind kind, List<Hook> list) {
        String section = SPEC + "posix-platform-hooks";
        for (int k = 0; k < list.size(); k++) {
            String field = "hooks." + kind.word() + "[" + k + "]";
            Rules.absolute(field + ".path", list.get(k).path(), section);
            Rules.texts(field + ".args", list.get(k).args(), section);
            Rules.texts(field + ".env", list.get(k).env(), section);
        }
    }

    /** Before init is cloned. */
    void prepare(Steps steps) {
        if (monitorsTurn) {
            steps.monitor(new HookOperation.Prepare(), "hooks.prestart, hooks.createRuntime", "pipe(7)");
        }
    }

    /** The monitor's part once init is on its way. */
    void monitor(Steps steps, Map<Namespace.Type, Optional<String>> namespaces) {
        var children = new ArrayList<Namespace.Type>();
        for (Namespace.Type type : List.of(Namespace.Type.PID, Namespace.Type.TIME)) {
            if (namespaces.containsKey(type) && (type == Namespace.Type.TIME || namespaces.get(type).isPresent())) {
                children.add(type);
            }
        }
        if (!children.isEmpty() && (monitorsTurn || !hooks.poststart().isEmpty())) {
            steps.monitor(new NamespaceOperation.Leave(List.copyOf(children)), "hooks run in the runtime's namespaces", "setns(2)");
        }
        if (monitorsTurn) {
            steps.monitor(new HookOperation.AwaitTree(), "hooks.prestart, hooks.createRuntime", SPEC + "createruntime-hooks");
            for (HookOperation.Run run : runs(HookOperation.Kind.PRESTART, hooks.prestart(), List.of())) {
                steps.monitor(run, run.field(), SPEC + "prestart");
            }
            for (HookOperation.Run run : runs(HookOperation.Kind.CREATE_RUNTIME, hooks.createRuntime(), List.of())) {
                steps.monitor(run, run.field(), SPEC + "createruntime-hooks");
            }
            steps.monitor(new HookOperation.LetGo(), "hooks.prestart, hooks.createRuntime", "pipe(7)");
        }
    }

    /** Init's part between the last mount and the pivot. */
    void beforePivot(Steps steps) {
        if (monitorsTurn) {
            steps.init(new HookOperation.AwaitMonitor(), "hooks.prestart, hooks.createRuntime", SPEC + "createruntime-hooks");
        }
        for (HookOperation.Run run : runs(HookOperation.Kind.CREATE_CONTAINER, hooks.createContainer(), List.of())) {
            steps.init(run, run.field(), SPEC + "createcontainer-hooks");
        }
    }

    /** Init's part before its program; {@code confinement} is what the program will run under, for its hooks too. */
    void beforeProgram(Steps steps, List<Operation> confinement) {
        for (HookOperation.Run run : runs(HookOperation.Kind.START_CONTAINER, hooks.startContainer(), confinement)) {
            steps.init(run, run.field(), SPEC + "startcontainer-hooks");
        }
    }

    boolean anyBeforeProgram() {
        return !hooks.startContainer().isEmpty();
    }

    /** The monitor's part once the program runs; {@code init} is its process where the plan does not make it. */
    void started(Steps steps, Optional<Integer> init) {
        for (HookOperation.Run run : runs(HookOperation.Kind.POSTSTART, hooks.poststart(), List.of(), init)) {
            steps.monitor(run, run.field(), SPEC + "poststart");
        }
    }

    /** What runs when the container is gone. */
    void stopped(Steps steps) {
        for (HookOperation.Run run : runs(HookOperation.Kind.POSTSTOP, hooks.poststop(), List.of())) {
            steps.monitor(run, run.field(), SPEC + "poststop");
        }
    }

    private List<HookOperation.Run> runs(HookOperation.Kind kind, List<Hook> list, List<Operation> confinement) {
        return runs(kind, list, confinement, Optional.empty());
    }

    private List<HookOperation.Run> runs(HookOperation.Kind kind, List<Hook> list, List<Operation> confinement, Optional<Integer> init) {
        if (list.isEmpty()) {
            return List.of();
        }
        State state = state(kind, init);
        var runs = new ArrayList<HookOperation.Run>(list.size());
        for (int k = 0; k < list.size(); k++) {
            runs.add(new HookOperation.Run(kind, k, list.get(k), state, confinement));
        }
        return runs;
    }

    private State state(HookOperation.Kind kind, Optional<Integer> init) {
        State.Status status = switch (kind) {
            case PRESTART, CREATE_RUNTIME, CREATE_CONTAINER -> State.Status.CREATING;
            case START_CONTAINER -> State.Status.CREATED;
            case POSTSTART -> State.Status.RUNNING;
            case POSTSTOP -> State.Status.STOPPED;
        };
        return State.builder(spec.ociVersion(), launch.id(), status, launch.bundle()).pid(init).annotations(spec.annotations()).build();
    }
}
