package dev.carafe.engine;

import dev.carafe.base.Fault;
import dev.carafe.oci.runtime.Rlimit;
import java.util.List;
import java.util.Optional;

/**
 * How much of the host a container may use; what is absent is not limited. Sizes are bytes, times microseconds.
 *
 * @param memory the most memory
 * @param memoryReservation what is kept when memory is short
 * @param memorySwap the most memory and swap together; -1: no limit
 * @param swappiness how eagerly the kernel swaps, 0 to 100
 * @param oomKillDisable whether tasks wait for memory rather than die
 * @param oomScore how likely the kernel is to end it when memory is short, -1000 to 1000
 * @param cpuNanos billionths of processors; excludes period and quota
 * @param cpuShares its share of processor time against others, 2 to 262144
 * @param cpuPeriod the time that the quota is for, 1000 to 1000000
 * @param cpuQuota its time in each period, 1000 or more; -1: no limit
 * @param cpusetCpus the processors that it may use, such as {@code 0-3,7}
 * @param cpusetMems the memory nodes that it may use
 * @param pids the most tasks; -1: no limit
 * @param blockWeight its share of block I/O, 10 to 1000
 * @param devices shares and rates of block I/O for single devices
 * @param ulimits limits of its processes
 */
public record LimitOptions(Optional<Long> memory, Optional<Long> memoryReservation, Optional<Long> memorySwap, Optional<Integer> swappiness,
        boolean oomKillDisable, Optional<Integer> oomScore, Optional<Long> cpuNanos, Optional<Long> cpuShares, Optional<Long> cpuPeriod,
        Optional<Long> cpuQuota, Optional<String> cpusetCpus, Optional<String> cpusetMems, Optional<Long> pids, Optional<Integer> blockWeight,
        List<DeviceLimit> devices, List<Rlimit> ulimits) {
    /** Nothing limited. */
    public static final LimitOptions NONE = builder().build();

    private static final long LEAST_MEMORY = 6L << 20;
    private static final long LEAST_SHARES = 2;
    private static final long MOST_SHARES = 262_144;

    /**
     * A share or a rate of block I/O for one device.
     *
     * @param kind what is limited
     * @param path the device's node on the host, below /dev
     * @param value a weight of 10 to 1000, bytes a second or operations a second
     */
    public record DeviceLimit(Kind kind, String path, long value) {
        /** What a limit for one device is about. */
        public enum Kind {
            WEIGHT, READ_BYTES, WRITE_BYTES, READ_OPERATIONS, WRITE_OPERATIONS
        }
    }

    public LimitOptions {
        devices = List.copyOf(devices);
        ulimits = List.copyOf(ulimits);
        checkMemory(memory, memoryReservation, memorySwap);
        range(swappiness, 0, 100, "memory swappiness");
        range(oomScore, -1000, 1000, "oom score adj");
        range(blockWeight, 10, 1000, "blkio weight");
        checkProcessor(cpuNanos, cpuPeriod, cpuQuota);
        for (DeviceLimit device : devices) {
            if (device.kind() == DeviceLimit.Kind.WEIGHT) {
                range(Optional.of((int) device.value()), 10, 1000, "blkio weight of " + device.path());
            }
        }
        // What the kernel would round to in silence.
        if (cpuShares.isPresent() && (cpuShares.get() < LEAST_SHARES || cpuShares.get() > MOST_SHARES)) {
            throw refused("invalid cpu shares " + cpuShares.get() + ", the range is from " + LEAST_SHARES + " to " + MOST_SHARES);
        }
        if (pids.isPresent() && (pids.get() < -1 || pids.get() == 0)) {
            throw refused("invalid pids limit " + pids.get() + ": must be positive, or -1 for none");
        }
    }

    private static void checkMemory(Optional<Long> memory, Optional<Long> reservation, Optional<Long> swap) {
        if (memory.isPresent() && memory.get() < LEAST_MEMORY) {
            throw refused("minimum memory limit allowed is 6MB");
        }
        if (reservation.isPresent() && reservation.get() < LEAST_MEMORY) {
            throw refused("minimum memory reservation allowed is 6MB");
        }
        if (memory.isPresent() && reservation.isPresent() && memory.get() < reservation.get()) {
            throw refused("minimum memory limit can not be less than memory reservation limit");
        }
        if (swap.isPresent() && swap.get() != -1 && memory.isEmpty()) {
            throw refused("you should always set the memory limit when using the memory and swap limit");
        }
        if (swap.isPresent() && swap.get() != -1 && swap.get() < memory.get()) {
            throw refused("minimum memory and swap limit should be larger than memory limit");
        }
    }

    private static void checkProcessor(Optional<Long> nanos, Optional<Long> period, Optional<Long> quota) {
        if (nanos.isPresent() && period.isPresent()) {
            throw refused("conflicting options: cpus and cpu period cannot both be set");
        }
        if (nanos.isPresent() && quota.isPresent()) {
            throw refused("conflicting options: cpus and cpu quota cannot both be set");
        }
        if (nanos.isPresent() && nanos.get() < 10_000_000) {
            throw refused("range of cpus is from 0.01");
        }
        if (period.isPresent() && (period.get() < 1000 || period.get() > 1_000_000)) {
            throw refused("cpu cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)");
        }
        if (quota.isPresent() && quota.get() != -1 && quota.get() < 1000) {
            throw refused("cpu cfs quota can not be less than 1ms (i.e. 1000)");
        }
    }

    private static void range(Optional<Integer> value, int least, int most, String what) {
        if (value.isPresent() && (value.get() < least || value.get() > most)) {
            throw refused("invalid value " + value.get() + ", range for " + what + " is [" + least + ", " + most + "]");
        }
    }

    private static Fault refused(String reason) {
        return Fault.invalid("limit", "container", reason);
    }

    public static Builder builder() {
        return new Builder();
    }

    public Builder toBuilder() {
        var b = new Builder();
        b.memory = memory;
        b.memoryReservation = memoryReservation;
        b.memorySwap = memorySwap;
        b.swappiness = swappiness;
        b.oomKillDisable = oomKillDisable;
        b.oomScore = oomScore;
        b.cpuNanos = cpuNanos;
        b.cpuShares = cpuShares;
        b.cpuPeriod = cpuPeriod;
        b.cpuQuota = cpuQuota;
        b.cpusetCpus = cpusetCpus;
        b.cpusetMems = cpusetMems;
        b.pids = pids;
        b.blockWeight = blockWeight;
        b.devices = devices;
        b.ulimits = ulimits;
        return b;
    }

    /** Collects the parts of {@link LimitOptions}. */
    public static final class Builder {
        private Optional<Long> memory = Optional.empty();
        private Optional<Long> memoryReservation = Optional.empty();
        private Optional<Long> memorySwap = Optional.empty();
        private Optional<Integer> swappiness = Optional.empty();
        private boolean oomKillDisable;
        private Optional<Integer> oomScore = Optional.empty();
        private Optional<Long> cpuNanos = Optional.empty();
        private Optional<Long> cpuShares = Optional.empty();
        private Optional<Long> cpuPeriod = Optional.empty();
        private Optional<Long> cpuQuota = Optional.empty();
        private Optional<String> cpusetCpus = Optional.empty();
        private Optional<String> cpusetMems = Optional.empty();
        private Optional<Long> pids = Optional.empty();
        private Optional<Integer> blockWeight = Optional.empty();
        private List<DeviceLimit> devices = List.of();
        private List<Rlimit> ulimits = List.of();

        private Builder() {}

        public Builder memory(long bytes) {
            memory = Optional.of(bytes);
            return this;
        }

        public Builder memoryReservation(long bytes) {
            memoryReservation = Optional.of(bytes);
            return this;
        }

        public Builder memorySwap(long bytes) {
            memorySwap = Optional.of(bytes);
            return this;
        }

        public Builder swappiness(int percent) {
            swappiness = Optional.of(percent);
            return this;
        }

        public Builder oomKillDisable(boolean on) {
            oomKillDisable = on;
            return this;
        }

        public Builder oomScore(int score) {
            oomScore = Optional.of(score);
            return this;
        }

        public Builder cpuNanos(long billionths) {
            cpuNanos = Optional.of(billionths);
            return this;
        }

        public Builder cpuShares(long shares) {
            cpuShares = Optional.of(shares);
            return this;
        }

        public Builder cpuPeriod(long microseconds) {
            cpuPeriod = Optional.of(microseconds);
            return this;
        }

        public Builder cpuQuota(long microseconds) {
            cpuQuota = Optional.of(microseconds);
            return this;
        }

        public Builder cpusetCpus(String list) {
            cpusetCpus = Optional.of(list);
            return this;
        }

        public Builder cpusetMems(String list) {
            cpusetMems = Optional.of(list);
            return this;
        }

        public Builder pids(long most) {
            pids = Optional.of(most);
            return this;
        }

        public Builder blockWeight(int weight) {
            blockWeight = Optional.of(weight);
            return this;
        }

        public Builder devices(List<DeviceLimit> all) {
            devices = all;
            return this;
        }

        public Builder ulimits(List<Rlimit> all) {
            ulimits = all;
            return this;
        }

        public LimitOptions build() {
            return new LimitOptions(memory, memoryReservation, memorySwap, swappiness, oomKillDisable, oomScore, cpuNanos, cpuShares, cpuPeriod,
                    cpuQuota, cpusetCpus, cpusetMems, pids, blockWeight, devices, ulimits);
        }
    }
}
