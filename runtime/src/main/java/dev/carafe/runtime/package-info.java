/**
 * Plans become processes: operations are lowered to system calls, a native program performs them, and a file tells how far it is.
 *
 * <p>In: a {@link dev.carafe.plan.Plan}, the {@link dev.carafe.plan.HostFacts} that it was made for, and the descriptors of a session. Out: a
 * {@link dev.carafe.runtime.Performer.Performance} that tells of start and end; an {@link dev.carafe.runtime.Execution} read from the plan's
 * file; at last an {@link dev.carafe.runtime.ExitRecord}. {@link dev.carafe.runtime.Launcher} is the entry; the native program is in
 * {@code src/main/c}.
 *
 * <p>Terms. An <em>operation</em> is a step of the plan, an <em>instruction</em> mostly one system call; an operation is lowered to one or more. The
 * <em>program</em> is the plan's binary form: instructions, the data that they point to, and room for results. The <em>performer</em> forks a
 * <em>monitor</em> for each program, which goes through the instructions; one of them forks <em>init</em>, and both go on in the same list.
 *
 * <pre>
 *     plan ──Lowering──▶ program, a file ──Performer──▶ monitor ─┬─▶ init ──execve──▶ the container's program
 *                            ▲                                  │
 *                            └── results, times, first failure ─┴── state, process ids, how it ended
 * </pre>
 *
 * <p>Invariants:
 * <ul>
 *   <li>The native program takes no decision and knows no policy. It checks a program before it performs it: no index, jump or address that it
 *       follows leads out of the file, and jumps lead forward, so that every program ends.
 *   <li>The file is mapped at one address by everyone who performs it, so it needs no relocation; any process may read it at any time.
 *   <li>The first failure counts. The monitor then goes on where clearing up begins, so a start that failed leaves nothing.
 *   <li>A container ends with its monitor, whatever ends that; a monitor does not end with engine, performer or client.
 *   <li>A path of the container is resolved within its root by the kernel (openat2(2)), never by the host's rules.
 *   <li>Lowering is pure; only {@code Program.write} and the performers touch the machine.
 * </ul>
 *
 * <p>Example: start a container, and print what each operation took.
 *
 * <pre>{@code
 *     HostFacts host = HostProbe.probe("/opt/carafe/bin/carafe");
 *     Plan plan = Planner.start(bundle, launch, host);
 *     Path program = Path.of(launch.runDirectory(), "plan");
 *     try (Performer.Performance run = new Launcher(host, performer).launch(plan, program, SessionStreams.NONE, "\"web\"")) {
 *         List<Long> nanos = Execution.times(program, plan.steps().size());
 *         run.awaitEnd();
 *         ExitRecord end = ExitRecord.read(Path.of(launch.stateDirectory())).orElseThrow();
 *         System.out.println(plan.print(nanos) + end.exit().code());
 *     }
 * }</pre>
 */
@NullMarked
package dev.carafe.runtime;

import org.jspecify.annotations.NullMarked;
