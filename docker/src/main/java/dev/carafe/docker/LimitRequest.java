package dev.carafe.docker;

import dev.carafe.engine.LimitOptions;
import dev.carafe.engine.LimitOptions.DeviceLimit;
import dev.carafe.engine.LimitUpdate;
import dev.carafe.engine.RestartPolicy;
import dev.carafe.oci.runtime.Rlimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The limits of a {@code HostConfig}; docker's zero stands for nothing said. */
final class LimitRequest {
    private LimitRequest() {
    }

    static LimitOptions of(Body host) {
        var limits = LimitOptions.builder().oomKillDisable(host.on("OomKillDisable")).devices(devices(host)).ulimits(ulimits(host));
        host.positive("Memory").ifPresent(limits::memory);
        host.positive("MemoryReservation").ifPresent(limits::memoryReservation);
        host.positive("MemorySwap").ifPresent(limits::memorySwap);
        // -1 is what old clients say for nothing.
        host.number("MemorySwappiness").filter(n -> n != -1).ifPresent(n -> limits.swappiness(Math.toIntExact(n)));
        host.positive("OomScoreAdj").ifPresent(n -> limits.oomScore(Math.clamp(n, Integer.MIN_VALUE, Integer.MAX_VALUE)));
        host.positive("NanoCpus").ifPresent(limits::cpuNanos);
        host.positive("CpuShares").ifPresent(limits::cpuShares);
        host.positive("CpuPeriod").ifPresent(limits::cpuPeriod);
        host.positive("CpuQuota").ifPresent(limits::cpuQuota);
        host.given("CpusetCpus").ifPresent(limits::cpusetCpus);
        host.given("CpusetMems").ifPresent(limits::cpusetMems);
        host.positive("PidsLimit").ifPresent(n -> limits.pids(Math.max(-1, n)));
        host.positive("BlkioWeight").ifPresent(n -> limits.blockWeight(Math.toIntExact(Math.min(n, Integer.MAX_VALUE))));
        return limits.build();
    }

    /** What {@code ContainerUpdate} changes. */
    static LimitUpdate update(Body host) {
        if (host.positive("KernelMemory").isPresent() || !host.array("Devices").isEmpty() || !host.objects("Ulimits").isEmpty()) {
            throw ApiFault.unsupported("kernel memory, devices and ulimits of a container cannot be changed");
        }
        Optional<RestartPolicy> restart = host.object("RestartPolicy").given("Name").isPresent() ? Optional.of(CreateRequest.restart(host.object("RestartPolicy")))
                : Optional.empty();
        return new LimitUpdate(host.positive("Memory"), host.positive("MemoryReservation"), host.positive("MemorySwap"), host.positive("NanoCpus"),
                host.positive("CpuShares"), host.positive("CpuPeriod"), host.positive("CpuQuota"), host.given("CpusetCpus"), host.given("CpusetMems"),
                host.positive("PidsLimit").map(n -> Math.max(-1, n)), host.positive("BlkioWeight").map(n -> Math.toIntExact(Math.min(n, Integer.MAX_VALUE))), restart);
    }

    private static List<DeviceLimit> devices(Body host) {
        var all = new ArrayList<DeviceLimit>();
        add(all, host, "BlkioWeightDevice", "Weight", DeviceLimit.Kind.WEIGHT);
        add(all, host, "BlkioDeviceReadBps", "Rate", DeviceLimit.Kind.READ_BYTES);
        add(all, host, "BlkioDeviceWriteBps", "Rate", DeviceLimit.Kind.WRITE_BYTES);
        add(all, host, "BlkioDeviceReadIOps", "Rate", DeviceLimit.Kind.READ_OPERATIONS);
        add(all, host, "BlkioDeviceWriteIOps", "Rate", DeviceLimit.Kind.WRITE_OPERATIONS);
        return all;
    }

    private static void add(List<DeviceLimit> all, Body host, String field, String value, DeviceLimit.Kind kind) {
        for (Body device : host.objects(field)) {
            all.add(new DeviceLimit(kind, device.text("Path"), device.number(value).orElse(0L)));
        }
    }

    private static List<Rlimit> ulimits(Body host) {
        var all = new ArrayList<Rlimit>();
        for (Body limit : host.objects("Ulimits")) {
            String name = limit.text("Name");
            Rlimit.Type type;
            try {
                type = Rlimit.Type.valueOf("RLIMIT_" + name.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException unknown) {
                throw ApiFault.invalid("invalid ulimit type: " + name);
            }
            long soft = limit.number("Soft").orElse(0L);
            long hard = limit.number("Hard").orElse(0L);
            if (hard != Rlimit.INFINITY && (soft == Rlimit.INFINITY || soft > hard)) {
                throw ApiFault.invalid("ulimit soft limit must be less than or equal to hard limit: " + soft + " > " + hard);
            }
            all.add(new Rlimit(type, soft, hard));
        }
        return all;
    }
}
