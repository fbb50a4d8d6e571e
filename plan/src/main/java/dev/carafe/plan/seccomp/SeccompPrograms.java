package dev.carafe.plan.seccomp;

import dev.carafe.oci.runtime.Seccomp;

/** Where a plan has its filters from: compiled anew, or kept from the last time by somebody who may do input and output. */
@FunctionalInterface
public interface SeccompPrograms {
    /** Compiled anew each time. */
    SeccompPrograms COMPILED = SeccompCompiler::compile;

    /** The filter that {@link SeccompCompiler#compile} makes of these. */
    SeccompProgram program(Seccomp profile, SeccompArchitecture nativeArchitecture);
}
