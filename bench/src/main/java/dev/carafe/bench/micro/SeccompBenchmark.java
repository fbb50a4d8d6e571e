package dev.carafe.bench.micro;

import dev.carafe.base.KernelVersion;
import dev.carafe.oci.Platform;
import dev.carafe.oci.runtime.Seccomp;
import dev.carafe.plan.seccomp.DefaultProfile;
import dev.carafe.plan.seccomp.SeccompArchitecture;
import dev.carafe.plan.seccomp.SeccompCompiler;
import dev.carafe.plan.seccomp.SeccompProgram;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From the default profile to the filter that the kernel takes: resolving it for the host and compiling it. */
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SeccompBenchmark {
    private static final Set<String> CAPABILITIES = Set.of("CAP_CHOWN", "CAP_SETUID", "CAP_SETGID", "CAP_SYS_CHROOT");

    private SeccompArchitecture architecture =
            SeccompArchitecture.ofPlatform(Platform.host(System.getProperty("os.arch")).architecture());
    private KernelVersion kernel = KernelVersion.parse(System.getProperty("os.version"));

    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @Fork(1)
    @Warmup(iterations = 5, time = 1)
    @Measurement(iterations = 5, time = 1)
    public SeccompProgram warm() {
        return filter();
    }

    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Fork(10)
    @Warmup(iterations = 0)
    @Measurement(iterations = 1)
    public SeccompProgram cold() {
        return filter();
    }

    private SeccompProgram filter() {
        Seccomp resolved = DefaultProfile.profile().resolve(CAPABILITIES, architecture, kernel);
        return SeccompCompiler.compile(resolved, architecture);
    }
}
