package dev.carafe.runtime;

import dev.carafe.plan.Actor;
import dev.carafe.plan.CgroupOperation;
import dev.carafe.plan.HookOperation;
import dev.carafe.plan.HostFacts;
import dev.carafe.plan.IdentityOperation;
import dev.carafe.plan.MonitorOperation;
import dev.carafe.plan.MountOperation;
import dev.carafe.plan.NamespaceOperation;
import dev.carafe.plan.NetworkOperation;
import dev.carafe.plan.Operation;
import dev.carafe.plan.Plan;
import dev.carafe.plan.ProcessOperation;
import dev.carafe.plan.Step;
import org.jspecify.annotations.Nullable;

/**
 * Turns the operations of a plan into system calls: operation by operation, in the plan's order. Pure, like the plan.
 *
 * <p>Monitor and init share what is made before the clone; {@link Wiring} holds those places.
 *
 * <p>On the way of a start, here and in every module, closed choices are told apart by chains of {@code instanceof}: each pattern
 * switch is linked by a class that is made when it is first reached, which no cache keeps, and a start that is made by a JVM of its
 * own would wait some forty milliseconds for them.
 */
final class Lowering {
    private final Assembler assembler = new Assembler();
    private final CgroupLowering cgroups;
    private final NamespaceLowering namespaces;
    private final MountLowering mounts;
    private final ProcessLowering process;
    private final IdentityLowering identity;
    private final MonitorLowering monitor;
    private @Nullable HookLowering hooks;
    private final RootedPaths paths;
    /** Made when it is needed: most plans of a cold start have no networks. */
    private @Nullable NetworkLowering network;
    private final Wiring wiring;

    private Lowering(HostFacts host) {
        wiring = new Wiring(assembler);
        cgroups = new CgroupLowering(assembler);
        namespaces = new NamespaceLowering(assembler, wiring);
        paths = new RootedPaths(assembler, wiring);
        mounts = new MountLowering(assembler, wiring, paths, host.kernel());
        process = new ProcessLowering(assembler, wiring, paths);
        identity = new IdentityLowering(assembler, wiring);
        monitor = new MonitorLowering(assembler, wiring);
    }

    /** The program of the plan for that host. */
    static Program program(Plan plan, HostFacts host) {
        return new Lowering(host).lower(plan);
    }

    private Program lower(Plan plan) {
        Actor actor = Actor.MONITOR;
        int number = 0;
        for (Step step : plan.steps()) {
            assembler.step(number++);
            if (step.actor() == Actor.INIT && actor != Actor.INIT) {
                monitor.end();
                assembler.forInit();
                assembler.bind(wiring.initBegins);
                namespaces.initBegins();
            }
            actor = step.actor();
            Operation operation = step.operation();
            if (operation instanceof CgroupOperation o) {
                cgroups.lower(o);
            } else if (operation instanceof NamespaceOperation o) {
                namespaces.lower(o, actor);
            } else if (operation instanceof MountOperation o) {
                mounts.lower(o);
            } else if (operation instanceof ProcessOperation o) {
                process.lower(o);
            } else if (operation instanceof IdentityOperation o) {
                identity.lower(o);
            } else if (operation instanceof MonitorOperation o) {
                monitor.lower(o);
            } else if (operation instanceof HookOperation o) {
                if (hooks == null) {
                    hooks = new HookLowering(assembler, wiring, paths, identity);
                }
                hooks.lower(o);
            } else if (operation instanceof NetworkOperation o) {
                network().lower(o);
            } else {
                throw new MatchException(String.valueOf(operation), null);
            }
        }
        return assembler.program();
    }

    private NetworkLowering network() {
        NetworkLowering made = network;
        if (made == null) {
            made = new NetworkLowering(assembler, wiring);
            network = made;
        }
        return made;
    }
}
