package dev.carafe.engine;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import dev.carafe.kernel.LockFile;
import dev.carafe.oci.runtime.BlockIo;
import dev.carafe.oci.runtime.Linux;
import dev.carafe.oci.runtime.Resources;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.plan.CgroupUpdate;
import java.util.Optional;

/**
 * Gives a container other limits: in the kernel where it runs, then in its bundle and its record, so that nothing is written that the kernel
 * refused. Both files are whole at every moment; who is killed between them leaves a record that shows the old numbers until the next update.
 */
final class Updating {
    private Updating() {
    }

    /** @return the record with the new limits */
    static ContainerRecord update(Containers all, Container container, LimitUpdate update) {
        String id = container.id();
        try (LockFile lock = all.lock(id)) {
            ContainerRecord old = all.store.record(id).orElseThrow(() -> Fault.notFound("update", "\"" + container.record().name() + "\"",
                    "it was removed meanwhile"));
            JsonObject document = old.document().deepCopy();
            JsonObject hostConfig = document.getAsJsonObject("HostConfig");
            if (update.changesLimits()) {
                limits(all, container, update, hostConfig);
            }
            update.restart().ifPresent(policy -> {
                if (old.removeWhenDone() && policy.kind() != RestartPolicy.Kind.NO) {
                    throw Fault.invalid("update", "\"" + old.name() + "\"", "restart policy cannot be updated because it is removed when it ends (--rm)");
                }
                var json = new JsonObject();
                json.addProperty("Name", policy.kind().word());
                json.addProperty("MaximumRetryCount", policy.retries());
                hostConfig.add("RestartPolicy", json);
            });
            ContainerRecord updated = ContainerRecord.parse(document);
            all.store.replace(updated);
            return updated;
        }
    }

    private static void limits(Containers all, Container container, LimitUpdate update, JsonObject hostConfig) {
        LimitOptions old = read(hostConfig);
        refuseConflicts(container, old, update);
        LimitOptions limits = update.on(old);
        boolean counted = Neighbours.countsSwap(all.host);
        Resources changed = ResourceChoice.changeable(limits, counted);
        Spec spec = all.store.bundle(container.id());
        Linux linux = spec.linux().orElseThrow();
        if (container.status().running()) {
            container.group().write(CgroupUpdate.of(linux.cgroupsPath().orElseThrow(), changed, all.host.cgroups()));
        }
        all.store.replace(container.id(), spec.toBuilder().linux(linux.toBuilder().resources(merged(linux.resources(), changed)).build()).build());
        write(hostConfig, limits, counted);
    }

    /** Those of the bundle that do not change: devices, and shares and rates for single ones. */
    private static Resources merged(Optional<Resources> old, Resources changed) {
        Resources base = old.orElseGet(() -> Resources.builder().build());
        Optional<BlockIo> blocks = changed.blockIo().isEmpty() ? base.blockIo()
                : Optional.of(base.blockIo().orElseGet(() -> BlockIo.builder().build()).toBuilder().weight(changed.blockIo().get().weight()).build());
        return base.toBuilder().memory(changed.memory()).cpu(changed.cpu()).pids(changed.pids()).blockIo(blocks).build();
    }

    /** Docker's rules for limits that exclude each other. */
    private static void refuseConflicts(Container container, LimitOptions old, LimitUpdate update) {
        String name = "\"" + container.record().name() + "\"";
        if (update.cpuNanos().isPresent() && (old.cpuPeriod().isPresent() || old.cpuQuota().isPresent())) {
            throw Fault.invalid("update", name, "conflicting options: cpus cannot be updated as CPU " + (old.cpuPeriod().isPresent() ? "period" : "quota")
                    + " has already been set");
        }
        if (old.cpuNanos().isPresent() && (update.cpuPeriod().isPresent() || update.cpuQuota().isPresent())) {
            throw Fault.invalid("update", name, "conflicting options: CPU " + (update.cpuPeriod().isPresent() ? "period" : "quota")
                    + " cannot be updated as cpus has already been set");
        }
        if (update.memory().isPresent() && update.memorySwap().isEmpty() && old.memorySwap().filter(swap -> swap > 0 && swap < update.memory().get()).isPresent()) {
            throw Fault.invalid("update", name, "memory limit should be smaller than the limit of memory and swap that is already set")
                    .hint("give --memory-swap at the same time");
        }
    }

    /** The limits as the record has them; 0 and nothing stand for none. */
    private static LimitOptions read(JsonObject hostConfig) {
        var limits = LimitOptions.builder();
        number(hostConfig, "Memory").ifPresent(limits::memory);
        number(hostConfig, "MemoryReservation").ifPresent(limits::memoryReservation);
        number(hostConfig, "MemorySwap").ifPresent(limits::memorySwap);
        number(hostConfig, "MemorySwappiness").ifPresent(n -> limits.swappiness(n.intValue()));
        number(hostConfig, "NanoCpus").ifPresent(limits::cpuNanos);
        number(hostConfig, "CpuShares").ifPresent(limits::cpuShares);
        number(hostConfig, "CpuPeriod").ifPresent(limits::cpuPeriod);
        number(hostConfig, "CpuQuota").ifPresent(limits::cpuQuota);
        text(hostConfig, "CpusetCpus").ifPresent(limits::cpusetCpus);
        text(hostConfig, "CpusetMems").ifPresent(limits::cpusetMems);
        number(hostConfig, "PidsLimit").ifPresent(limits::pids);
        number(hostConfig, "BlkioWeight").ifPresent(n -> limits.blockWeight(n.intValue()));
        JsonElement disable = hostConfig.get("OomKillDisable");
        limits.oomKillDisable(disable != null && disable.isJsonPrimitive() && disable.getAsBoolean());
        return limits.build();
    }

    private static void write(JsonObject hostConfig, LimitOptions limits, boolean counted) {
        hostConfig.addProperty("Memory", limits.memory().orElse(0L));
        hostConfig.addProperty("MemoryReservation", limits.memoryReservation().orElse(0L));
        hostConfig.addProperty("MemorySwap", ResourceChoice.swap(limits, counted).orElse(0L));
        hostConfig.addProperty("NanoCpus", limits.cpuNanos().orElse(0L));
        hostConfig.addProperty("CpuShares", limits.cpuShares().orElse(0L));
        hostConfig.addProperty("CpuPeriod", limits.cpuPeriod().orElse(0L));
        hostConfig.addProperty("CpuQuota", limits.cpuQuota().orElse(0L));
        hostConfig.addProperty("CpusetCpus", limits.cpusetCpus().orElse(""));
        hostConfig.addProperty("CpusetMems", limits.cpusetMems().orElse(""));
        hostConfig.addProperty("BlkioWeight", limits.blockWeight().orElse(0));
        limits.pids().ifPresent(pids -> hostConfig.addProperty("PidsLimit", pids));
    }

    private static Optional<Long> number(JsonObject in, String name) {
        JsonElement value = in.get(name);
        return value == null || value.isJsonNull() || value.getAsLong() == 0 ? Optional.empty() : Optional.of(value.getAsLong());
    }

    private static Optional<String> text(JsonObject in, String name) {
        JsonElement value = in.get(name);
        return value == null || value.isJsonNull() || value.getAsString().isEmpty() ? Optional.empty() : Optional.of(value.getAsString());
    }
}
