package dev.carafe.bench.micro;

import dev.carafe.bench.BundleTemplate;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.plan.HostFacts;
import dev.carafe.plan.Launch;
import dev.carafe.plan.LogFile;
import dev.carafe.plan.Plan;
import dev.carafe.plan.Planner;
import dev.carafe.runtime.HostProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Planning the start of a container with default privileges, seccomp profile included, on this host. */
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PlanBenchmark {
    private static final Launch LAUNCH = new Launch("bench", new Launch.Root.Overlay(List.of("/layers/1", "/layers/0"),
            Optional.of("/upper"), Optional.of("/work"), List.of(), "/root"), "/run/bench", "/state/bench", Optional.of(LogFile.of("/state/bench/log")),
            false, false, Optional.empty());

    private Spec spec = Spec.builder().build();
    private HostFacts host = HostProbe.probe("/proc/self/exe");

    /** Writes the bundle's files into a temporary directory and reads the spec as an engine has it. */
    @Setup
    public void bundle() throws IOException {
        Path directory = Files.createTempDirectory("carafe-bench-micro");
        spec = BundleTemplate.docker(Path.of("/rootfs"), directory).spec("/bench/micro", List.of("true"));
        for (String name : List.of("resolv.conf", "hostname", "hosts")) {
            Files.delete(directory.resolve(name));
        }
        Files.delete(directory);
    }

    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @Fork(1)
    @Warmup(iterations = 5, time = 1)
    @Measurement(iterations = 5, time = 1)
    public Plan warm() {
        return Planner.start(spec, LAUNCH, host);
    }

    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Fork(10)
    @Warmup(iterations = 0)
    @Measurement(iterations = 1)
    public Plan cold() {
        return Planner.start(spec, LAUNCH, host);
    }
}
