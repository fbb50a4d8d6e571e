/**
 * Bundle and host facts in, kernel operations out.
 *
 * <p>A {@link dev.carafe.plan.Plan} is the whole start of a container, and its end, as an ordered list of
 * {@link dev.carafe.plan.Operation operations}. Each {@link dev.carafe.plan.Step} says who performs it (the monitor or the process that
 * becomes init), why it is there, which section of a specification or man page asks for it, the nearest shell command, and what takes
 * it back. {@link dev.carafe.plan.Planner} writes it; the parts that it is made of are {@code CgroupPlanner}, {@code MountPlanner},
 * {@code IdentityPlanner} and {@code HookPlanner}.
 *
 * <p>Invariants: nothing here touches the machine. The same {@link dev.carafe.oci.runtime.Spec}, {@link dev.carafe.plan.Launch} and
 * {@link dev.carafe.plan.HostFacts} give an equal plan, so a plan can be printed by a user without privilege, made for another
 * machine, stored, and compared. What the host cannot do at all is refused here, by a fault that names the field; what it may refuse is
 * found when the plan is performed.
 *
 * <p>Example: a bundle with {@code "hostname": "web"} and a new uts namespace gives, among others,
 * <pre>
 *   monitor  clone init with new mount, pid, network, ipc, uts namespaces   [clone(2)]
 *   init     set host name "web"                                           [runtime-spec config.md#hostname]
 * </pre>
 */
@NullMarked
package dev.carafe.plan;

import org.jspecify.annotations.NullMarked;
