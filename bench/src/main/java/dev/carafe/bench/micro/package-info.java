/**
 * The pure parts of a container's start, alone in one process: JMH benchmarks. Each is measured warm, as a resident engine runs it, and
 * cold, as the first call of a new JVM.
 *
 * <p>{@code bench/micro PlanBenchmark.warm} runs one; the arguments are those of JMH.
 */
@NullMarked
package dev.carafe.bench.micro;

import org.jspecify.annotations.NullMarked;
