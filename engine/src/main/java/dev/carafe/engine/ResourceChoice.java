package dev.carafe.engine;

import dev.carafe.base.Fault;
import dev.carafe.engine.LimitOptions.DeviceLimit;
import dev.carafe.engine.SecurityOptions.DeviceMapping;
import dev.carafe.oci.runtime.BlockIo;
import dev.carafe.oci.runtime.CpuLimits;
import dev.carafe.oci.runtime.Device;
import dev.carafe.oci.runtime.DeviceRule;
import dev.carafe.oci.runtime.MemoryLimits;
import dev.carafe.oci.runtime.PidsLimit;
import dev.carafe.oci.runtime.Resources;
import dev.carafe.oci.runtime.ThrottleDevice;
import dev.carafe.oci.runtime.WeightDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A container's share of the host and the devices that it may use (runtime-spec config-linux.md#control-groups). */
final class ResourceChoice {
    private static final long NANOS = 1_000_000_000;
    private static final long PERIOD = 100_000;

    /** Made in every container by the runtime (runtime-spec config-linux.md#default-devices). */
    private static final Set<String> MADE_ANYWAY = Set.of("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty",
            "/dev/ptmx", "/dev/console");

    private ResourceChoice() {}

    static Resources of(ContainerOptions options, Surroundings around) {
        LimitOptions limits = options.limits();
        return Resources.builder().devices(rules(options.security(), around)).memory(memory(limits, around.swapAccounting()))
                .cpu(processor(limits)).pids(limits.pids().map(ResourceChoice::processes))
                .blockIo(blocks(limits, around.limitedDevices())).build();
    }

    /** Docker's 0 is no limit; that of the specification is one. */
    private static PidsLimit processes(long most) {
        return new PidsLimit(Optional.of(most == 0 ? -1 : most));
    }

    /** Those limits that may change while a container runs. */
    static Resources changeable(LimitOptions limits, boolean swapAccounting) {
        return Resources.builder().memory(memory(limits, swapAccounting)).cpu(processor(limits))
                .pids(limits.pids().map(ResourceChoice::processes)).blockIo(blocks(limits, Map.of())).build();
    }

    /** Memory and swap together: twice the memory unless it is said, where the kernel counts swap at all. */
    static Optional<Long> swap(LimitOptions limits, boolean accounting) {
        return limits.memorySwap().or(() -> accounting ? limits.memory().map(bytes -> bytes > Long.MAX_VALUE / 2 ? Long.MAX_VALUE : 2 * bytes) : Optional.empty());
    }

    private static Optional<MemoryLimits> memory(LimitOptions limits, boolean accounting) {
        if (limits.memorySwap().filter(bytes -> bytes > 0).isPresent() && !accounting) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "limit", "--memory-swap", "this kernel does not count swap")
                    .hint("boot with swapaccount=1, or leave the limit out");
        }
        MemoryLimits memory = MemoryLimits.builder().limit(limits.memory()).reservation(limits.memoryReservation())
                .swap(swap(limits, accounting)).swappiness(limits.swappiness().map(Integer::longValue))
                .disableOomKiller(limits.oomKillDisable() ? Optional.of(true) : Optional.empty()).build();
        return memory.json().isEmpty() ? Optional.empty() : Optional.of(memory);
    }

    private static Optional<CpuLimits> processor(LimitOptions limits) {
        var cpu = CpuLimits.builder().shares(limits.cpuShares()).period(limits.cpuPeriod()).quota(limits.cpuQuota())
                .cpus(limits.cpusetCpus()).mems(limits.cpusetMems());
        limits.cpuNanos().ifPresent(nanos -> cpu.period(PERIOD).quota(nanos / (NANOS / PERIOD)));
        CpuLimits chosen = cpu.build();
        return chosen.json().isEmpty() ? Optional.empty() : Optional.of(chosen);
    }

    private static Optional<BlockIo> blocks(LimitOptions limits, Map<String, Device> nodes) {
        var weights = new ArrayList<WeightDevice>();
        var readBytes = new ArrayList<ThrottleDevice>();
        var writeBytes = new ArrayList<ThrottleDevice>();
        var readOperations = new ArrayList<ThrottleDevice>();
        var writeOperations = new ArrayList<ThrottleDevice>();
        for (DeviceLimit limit : limits.devices()) {
            Device node = nodes.get(limit.path());
            if (node == null) {
                throw Fault.notFound("limit", "block I/O of \"" + limit.path() + "\"", "no such device on the host");
            }
            var rate = new ThrottleDevice(node.major(), node.minor(), limit.value());
            switch (limit.kind()) {
                case WEIGHT -> weights.add(new WeightDevice(node.major(), node.minor(), Optional.of((int) limit.value()), Optional.empty()));
                case READ_BYTES -> readBytes.add(rate);
                case WRITE_BYTES -> writeBytes.add(rate);
                case READ_OPERATIONS -> readOperations.add(rate);
                case WRITE_OPERATIONS -> writeOperations.add(rate);
            }
        }
        BlockIo io = BlockIo.builder().weight(limits.blockWeight()).weightDevice(weights).throttleReadBps(readBytes)
                .throttleWriteBps(writeBytes).throttleReadIops(readOperations).throttleWriteIops(writeOperations).build();
        return io.json().isEmpty() ? Optional.empty() : Optional.of(io);
    }

    /** The nodes that are made in the container beside the usual ones. */
    static List<Device> devices(SecurityOptions options, Surroundings around) {
        var nodes = new ArrayList<Device>();
        if (options.privileged()) {
            for (Device each : around.hostDevices()) {
                if (!MADE_ANYWAY.contains(each.path())) {
                    nodes.add(each);
                }
            }
        }
        for (DeviceMapping mapping : options.devices()) {
            if (!options.privileged() || !mapping.source().equals(mapping.target())) {
                nodes.addAll(found(mapping, around));
            }
        }
        return nodes;
    }

    private static List<Device> found(DeviceMapping mapping, Surroundings around) {
        List<Device> nodes = around.devices().get(mapping);
        if (nodes == null) {
            throw Fault.notFound("error gathering device information while adding custom device", "\"" + mapping.source() + "\"",
                    "no such file or directory");
        }
        return nodes;
    }

    /** Nothing is allowed but the harmless, what was asked for by its node, and what was asked for by a rule. */
    private static List<DeviceRule> rules(SecurityOptions options, Surroundings around) {
        if (options.privileged()) {
            return List.of(new DeviceRule(true, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("rwm")));
        }
        var rules = new ArrayList<DeviceRule>();
        rules.add(new DeviceRule(false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("rwm")));
        for (int memory : new int[] {5, 3, 9, 8}) {
            rules.add(character(true, 1, memory));
        }
        rules.add(character(true, 5, 0));
        rules.add(character(true, 5, 1));
        rules.add(character(false, 10, 229));
        for (DeviceMapping mapping : options.devices()) {
            for (Device node : found(mapping, around)) {
                Optional<DeviceRule.Type> type = switch (node.type()) {
                    case BLOCK -> Optional.of(DeviceRule.Type.BLOCK);
                    case CHARACTER, UNBUFFERED -> Optional.of(DeviceRule.Type.CHARACTER);
                    case FIFO -> Optional.empty();
                };
                type.ifPresent(any -> rules.add(new DeviceRule(true, type, Optional.of(node.major()), Optional.of(node.minor()),
                        Optional.of(mapping.permissions()))));
            }
        }
        rules.addAll(options.deviceRules());
        return rules;
    }

    private static DeviceRule character(boolean allow, long major, long minor) {
        return new DeviceRule(allow, Optional.of(DeviceRule.Type.CHARACTER), Optional.of(major), Optional.of(minor), Optional.of("rwm"));
    }
}
