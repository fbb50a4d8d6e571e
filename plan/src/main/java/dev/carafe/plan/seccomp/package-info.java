/**
 * Seccomp: from a profile to the filter that the kernel runs at every system call of a container.
 *
 * <p>In: a {@linkplain dev.carafe.plan.seccomp.SeccompProfile profile}, the user's or the
 * {@linkplain dev.carafe.plan.seccomp.DefaultProfile default}, and the container's capabilities, the machine's architecture and
 * its kernel version. Between: the {@code linux.seccomp} of the bundle ({@link dev.carafe.oci.runtime.Seccomp}). Out: a
 * {@linkplain dev.carafe.plan.seccomp.SeccompProgram program} in classic BPF, which also says what it does with any call and why.
 *
 * <pre>{@code
 * Seccomp seccomp = DefaultProfile.profile().resolve(Set.of("CAP_CHOWN"), X86_64, KernelVersion.parse("6.18.44"));
 * SeccompProgram program = SeccompCompiler.compile(seccomp, X86_64);
 * program.explain(X86_64, 165); // "mount: SCMP_ACT_ERRNO(EPERM) (no rule names it)"
 * }</pre>
 *
 * <p>Terms. A <em>call</em> is a system call of one architecture, known to the filter by its number. A <em>verdict</em> is what
 * happens at a call: rules whose conditions on the arguments are tried in order, and what happens otherwise. A <em>step</em> is
 * a node of the decision before it is laid out as instructions.
 *
 * <p>Invariants. The same profile gives the same bytes. A call is found by binary search, so every call costs about as many
 * comparisons as the logarithm of the number of ranges with one verdict; with the default profile and three architectures that
 * is at most twelve. A program that would be longer than the kernel takes is a fault, never a shorter one. Nothing here does I/O.
 */
@NullMarked
package dev.carafe.plan.seccomp;

import org.jspecify.annotations.NullMarked;
