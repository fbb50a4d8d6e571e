/**
 * Containers for tests of JUnit: started before them, removed after them, and removed as well when the JVM is killed.
 *
 * <p>In: {@link dev.carafe.engine.ContainerOptions}, and a {@link dev.carafe.junit.Readiness} that says when a container may be used. Out: the
 * {@link dev.carafe.engine.Container}. The engine is in the test's JVM; there is no daemon and no container that cleans up.
 *
 * <pre>{@code
 *     class StoreTest {
 *         @RegisterExtension
 *         static final ContainerExtension STORE = ContainerExtension.of(ContainerOptions.builder("redis").build()).readyWhen(Readiness.port(6379));
 *
 *         @Test
 *         void answers() {
 *             String address = STORE.address();
 *             …
 *         }
 *     }
 * }</pre>
 *
 * <p>A static field gives one container for all tests of its class, a field of the instance one for each. The engine's directories are those of the
 * properties {@code carafe.root} and {@code carafe.run-root}, or the usual ones; its installation that of {@code carafe.home}, of the variable {@code CARAFE_HOME}, or of the
 * program in the path. It needs root.
 *
 * <p>Invariant: every container bears the label {@code dev.carafe.junit} with a word for the JVM that made it. A {@linkplain dev.carafe.junit.TestSession shell that the JVM
 * holds by a pipe} removes those of a JVM that ended without having done so.
 */
@NullMarked
package dev.carafe.junit;

import org.jspecify.annotations.NullMarked;
