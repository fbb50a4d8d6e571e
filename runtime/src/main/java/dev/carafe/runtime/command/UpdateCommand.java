package dev.carafe.runtime.command;

import dev.carafe.base.ByteSize;
import dev.carafe.base.Fault;
import dev.carafe.oci.runtime.BlockIo;
import dev.carafe.oci.runtime.CpuLimits;
import dev.carafe.oci.runtime.MemoryLimits;
import dev.carafe.oci.runtime.PidsLimit;
import dev.carafe.oci.runtime.Resources;
import dev.carafe.runtime.oci.OciContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** update: other limits for a container that exists. */
final class UpdateCommand implements Command {
    @Override
    public String usage() {
        return "update [options] <container-id>";
    }

    @Override
    public List<Option> options() {
        return List.of(
                Option.value("resources", 'r', "file with resources of the runtime-spec, - for standard input; other options are ignored then"),
                Option.value("blkio-weight", ' ', "weight for disks, 10 to 1000"),
                Option.value("cpu-period", ' ', "CFS period in microseconds"),
                Option.value("cpu-quota", ' ', "CFS quota in microseconds"),
                Option.value("cpu-burst", ' ', "CFS burst in microseconds"),
                Option.value("cpu-share", ' ', "CPU shares"),
                Option.value("cpu-rt-period", ' ', "real-time period in microseconds"),
                Option.value("cpu-rt-runtime", ' ', "real-time runtime in microseconds"),
                Option.value("cpuset-cpus", ' ', "processors to use"),
                Option.value("cpuset-mems", ' ', "memory nodes to use"),
                Option.value("cpu-idle", ' ', "1: run only when nobody else wants to"),
                Option.value("memory", ' ', "memory limit in bytes"),
                Option.value("memory-reservation", ' ', "memory that is kept first"),
                Option.value("memory-swap", ' ', "memory and swap together, -1 without limit"),
                Option.value("kernel-memory", ' ', "obsolete: the kernel has no such limit any more"),
                Option.value("kernel-memory-tcp", ' ', "obsolete likewise"),
                Option.value("pids-limit", ' ', "most tasks"),
                Option.value("l3-cache-schema", ' ', "Intel RDT cache schema"),
                Option.value("mem-bw-schema", ' ', "Intel RDT memory bandwidth schema"));
    }

    @Override
    public int run(Invocation call, Options options) {
        Invocation.expect("update", options, 1, 1);
        for (String name : List.of("kernel-memory", "kernel-memory-tcp")) {
            if (options.value(name).isPresent()) {
                call.caller().error("carafe-runtime: --" + name + " is ignored: the kernel has no such limit any more\n");
            }
        }
        Optional<String> file = options.value("resources");
        OciContainer container = call.container(options.operands().getFirst());
        var lines = new ArrayList<String>();
        options.value("l3-cache-schema").ifPresent(lines::add);
        options.value("mem-bw-schema").ifPresent(lines::add);
        if (!lines.isEmpty()) {
            container.updateSchemata(lines);
        }
        container.update(file.isPresent() ? withoutZeros(read(call, file.get())) : resources(options));
        return 0;
    }

    private static Resources read(Invocation call, String file) {
        try {
            return Resources.parse(file.equals("-") ? call.caller().in().readAllBytes() : Files.readAllBytes(call.path(file)));
        } catch (IOException e) {
            throw Fault.notFound("open", "\"" + file + "\"", "no such file or directory").cause(e);
        }
    }

    /** Engines write 0, or an empty text, for what shall stay as it is. */
    private static Resources withoutZeros(Resources given) {
        Resources.Builder resources = given.toBuilder();
        given.memory().ifPresent(m -> resources.memory(m.toBuilder().limit(some(m.limit())).reservation(some(m.reservation())).swap(some(m.swap()))
                .kernel(Optional.empty()).kernelTcp(Optional.empty()).disableOomKiller(Optional.empty()).build()));
        given.cpu().ifPresent(c -> resources.cpu(c.toBuilder().shares(some(c.shares())).quota(some(c.quota())).period(some(c.period()))
                .burst(some(c.burst())).realtimeRuntime(some(c.realtimeRuntime())).realtimePeriod(some(c.realtimePeriod())).build()));
        given.pids().filter(p -> p.limit().orElse(0L) == 0).ifPresent(p -> resources.pids(Optional.empty()));
        return resources.build();
    }

    private static Optional<Long> some(Optional<Long> value) {
        return value.filter(v -> v != 0);
    }

    private static Resources resources(Options options) {
        MemoryLimits memory = MemoryLimits.builder().limit(size(options, "memory")).reservation(size(options, "memory-reservation"))
                .swap(size(options, "memory-swap")).build();
        // Without a limit on memory there is none on memory and swap together.
        if (memory.limit().orElse(0L) == -1 && memory.swap().isEmpty()) {
            memory = memory.toBuilder().swap(-1).build();
        }
        CpuLimits cpu = CpuLimits.builder().shares(options.number("cpu-share")).period(options.number("cpu-period")).quota(options.number("cpu-quota"))
                .burst(options.number("cpu-burst")).realtimePeriod(options.number("cpu-rt-period")).realtimeRuntime(options.number("cpu-rt-runtime"))
                .cpus(options.value("cpuset-cpus")).mems(options.value("cpuset-mems")).idle(options.number("cpu-idle")).build();
        Resources.Builder resources = Resources.builder().memory(memory).cpu(cpu);
        options.number("pids-limit").ifPresent(limit -> resources.pids(new PidsLimit(Optional.of(limit))));
        int weight = options.count("blkio-weight", 1000);
        if (weight > 0) {
            resources.blockIo(BlockIo.builder().weight(weight).build());
        }
        return resources.build();
    }

    private static Optional<Long> size(Options options, String name) {
        Optional<String> text = options.value(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(text.get().equals("-1") ? -1 : ByteSize.parse(text.get()).bytes());
    }
}
