/**
 * The engine as a library: images and containers, and the state that they have on disk.
 *
 * <p>In: {@link dev.carafe.engine.Roots} (where state is kept), an {@link dev.carafe.engine.Installation} (the native program and the
 * embedded image), and {@link dev.carafe.engine.ContainerOptions}, the full set of what can be asked of a container. Out:
 * {@link dev.carafe.engine.Container handles} to start, enter, stop and remove; bundles, plans and docker's inspect documents as
 * values; or a {@link dev.carafe.base.Fault}. {@link dev.carafe.engine.Engine} is the entry.
 *
 * <p>The way of a container, one class for each arrow:
 *
 * <pre>
 *     options ──Images──▶ prepared image ──SnapshotDriver──▶ mounts ──Specifier──▶ bundle ──ContainerStore──▶ a container on disk
 *     container ──Planner──▶ plan ──Launcher──▶ monitor and program ──Run──▶ exit code
 * </pre>
 *
 * <p>Terms. A <em>prepared</em> image has its layers unpacked. The <em>surroundings</em> of a container are what its bundle takes from the
 * machine and from other containers. The <em>record</em> of a container is the document that inspect shows, without what changes while
 * it runs. A <em>run</em> is a start that somebody watches. {@code host:} is the machine's own system as an image.
 *
 * <p>Invariants:
 * <ul>
 *   <li>All truth is on disk and in the kernel. Any number of engines, in any number of processes, may work on one root; each container is
 *       changed under a lock of its own. Closing or killing an engine stops no container.
 *   <li>A container is there from one rename to another; a name belongs to one container, since only one process can make its link.
 *   <li>A status is derived, never stored: from the lock that a living monitor holds, the state in the plan's file, the exit record, and the
 *       note of the last start.
 *   <li>What is asked for and cannot be done is refused by a fault that names the option.
 *   <li>{@link dev.carafe.engine.Engine#recover} finds whatever killed processes left, and may run at any time beside other use.
 * </ul>
 *
 * <p>To start and to exec block until the program runs; {@link dev.carafe.engine.Container#await} and {@link dev.carafe.engine.Run#await} until
 * it has ended. Handles hold nothing open; engines, runs and log readers are closed by whoever opened them.
 *
 * <p>Example:
 *
 * <pre>{@code
 *     try (var engine = Engine.open(Path.of("/var/lib/carafe"))) {
 *         var hello = ProcessOptions.builder().command(List.of("echo", "hello")).build();
 *         Container container = engine.containers().create(ContainerOptions.builder("busybox").process(hello).build());
 *         container.start();
 *         int status = container.await();                                            // 0
 *         try (LogReader log = container.logs().orElseThrow()) {
 *             System.out.write(log.next().orElseThrow().bytes());                    // hello
 *         }
 *         container.remove(false);
 *     }
 * }</pre>
 */
@NullMarked
package dev.carafe.engine;

import org.jspecify.annotations.NullMarked;
