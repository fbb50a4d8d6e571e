package dev.carafe.engine;

import java.util.Optional;

/**
 * What changes about a container's limits (docker's reference of {@code docker container update}); what is absent stays. Sizes are bytes,
 * times microseconds; the ranges are those of {@link LimitOptions}.
 *
 * @param memorySwap the most memory and swap together; -1: no limit
 * @param cpuNanos billionths of processors
 * @param pids the most tasks; -1: no limit
 * @param restart whether it starts again
 */
public record LimitUpdate(Optional<Long> memory, Optional<Long> memoryReservation, Optional<Long> memorySwap, Optional<Long> cpuNanos,
        Optional<Long> cpuShares, Optional<Long> cpuPeriod, Optional<Long> cpuQuota, Optional<String> cpusetCpus, Optional<String> cpusetMems,
        Optional<Long> pids, Optional<Integer> blockWeight, Optional<RestartPolicy> restart) {
    /** Nothing changes but the policy. */
    public static LimitUpdate restart(RestartPolicy policy) {
        return new LimitUpdate(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(policy));
    }

    /** Those limits with these in the place of what they say of the same. */
    LimitOptions on(LimitOptions old) {
        var limits = old.toBuilder();
        memory.ifPresent(limits::memory);
        memoryReservation.ifPresent(limits::memoryReservation);
        memorySwap.ifPresent(limits::memorySwap);
        cpuNanos.ifPresent(limits::cpuNanos);
        cpuShares.ifPresent(limits::cpuShares);
        cpuPeriod.ifPresent(limits::cpuPeriod);
        cpuQuota.ifPresent(limits::cpuQuota);
        cpusetCpus.ifPresent(limits::cpusetCpus);
        cpusetMems.ifPresent(limits::cpusetMems);
        pids.ifPresent(limits::pids);
        blockWeight.ifPresent(limits::blockWeight);
        return limits.build();
    }

    /** Whether it says anything of what control groups hold. */
    boolean changesLimits() {
        return memory.isPresent() || memoryReservation.isPresent() || memorySwap.isPresent() || cpuNanos.isPresent() || cpuShares.isPresent()
                || cpuPeriod.isPresent() || cpuQuota.isPresent() || cpusetCpus.isPresent() || cpusetMems.isPresent() || pids.isPresent()
                || blockWeight.isPresent();
    }
}
