package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.Json;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a container may use, by cgroup controller (runtime-spec config-linux.md#control-groups).
 *
 * @param devices which devices, in order
 * @param memory memory and swap
 * @param cpu CPU time and CPUs
 * @param pids tasks
 * @param blockIo disks
 * @param hugepageLimits huge pages, by size
 * @param network marks on packets
 * @param rdma RDMA, by device
 * @param unified cgroup v2 files and what is written to them, after all else
 */
public record Resources(List<DeviceRule> devices, Optional<MemoryLimits> memory, Optional<CpuLimits> cpu,
        Optional<PidsLimit> pids, Optional<BlockIo> blockIo, List<HugepageLimit> hugepageLimits,
        Optional<NetworkLimits> network, Map<String, RdmaLimit> rdma, Map<String, String> unified) implements JsonForm {
    public Resources {
        devices = List.copyOf(devices);
        hugepageLimits = List.copyOf(hugepageLimits);
        rdma = Collections.unmodifiableMap(new LinkedHashMap<>(rdma));
        unified = Collections.unmodifiableMap(new LinkedHashMap<>(unified));
    }

    /** Reads a whole document, which faults call {@code resources.json}. */
    public static Resources parse(String text) {
        return parse(Fields.of("resources.json", Json.parseObject("resources.json", text)));
    }

    /** Reads a whole document from UTF-8, which faults call {@code resources.json}. */
    public static Resources parse(byte[] utf8) {
        return parse(Fields.of("resources.json", Json.parseObject("resources.json", utf8)));
    }

    public static Resources parse(Fields in) {
        Fields fields = in.section("runtime-spec config-linux.md#control-groups");
        return new Resources(
                fields.objects("devices", DeviceRule::parse),
                fields.optionalObject("memory", MemoryLimits::parse),
                fields.optionalObject("cpu", CpuLimits::parse),
                fields.optionalObject("pids", PidsLimit::parse),
                fields.optionalObject("blockIO", BlockIo::parse),
                fields.objects("hugepageLimits", HugepageLimit::parse),
                fields.optionalObject("network", NetworkLimits::parse),
                fields.objectMap("rdma", RdmaLimit::parse),
                fields.stringMap("unified"));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .list("devices", devices)
                .optional("memory", memory)
                .optional("cpu", cpu)
                .optional("pids", pids)
                .optional("blockIO", blockIo)
                .list("hugepageLimits", hugepageLimits)
                .optional("network", network)
                .map("rdma", rdma)
                .map("unified", unified)
                .json();
    }

    /** Starts with everything absent. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts with the components of this value. */
    public Builder toBuilder() {
        var builder = new Builder();
        builder.devices = devices;
        builder.memory = memory;
        builder.cpu = cpu;
        builder.pids = pids;
        builder.blockIo = blockIo;
        builder.hugepageLimits = hugepageLimits;
        builder.network = network;
        builder.rdma = rdma;
        builder.unified = unified;
        return builder;
    }

    /** Collects the components of a {@link Resources}; each method replaces what was set before. */
    public static final class Builder {
        private List<DeviceRule> devices = List.of();
        private Optional<MemoryLimits> memory = Optional.empty();
        private Optional<CpuLimits> cpu = Optional.empty();
        private Optional<PidsLimit> pids = Optional.empty();
        private Optional<BlockIo> blockIo = Optional.empty();
        private List<HugepageLimit> hugepageLimits = List.of();
        private Optional<NetworkLimits> network = Optional.empty();
        private Map<String, RdmaLimit> rdma = Map.of();
        private Map<String, String> unified = Map.of();

        private Builder() {}

        public Builder devices(List<DeviceRule> values) {
            devices = values;
            return this;
        }

        public Builder memory(MemoryLimits value) {
            return memory(Optional.of(value));
        }

        public Builder memory(Optional<MemoryLimits> value) {
            memory = value;
            return this;
        }

        public Builder cpu(CpuLimits value) {
            return cpu(Optional.of(value));
        }

        public Builder cpu(Optional<CpuLimits> value) {
            cpu = value;
            return this;
        }

        public Builder pids(PidsLimit value) {
            return pids(Optional.of(value));
        }

        public Builder pids(Optional<PidsLimit> value) {
            pids = value;
            return this;
        }

        public Builder blockIo(BlockIo value) {
            return blockIo(Optional.of(value));
        }

        public Builder blockIo(Optional<BlockIo> value) {
            blockIo = value;
            return this;
        }

        public Builder hugepageLimits(List<HugepageLimit> values) {
            hugepageLimits = values;
            return this;
        }

        public Builder network(NetworkLimits value) {
            return network(Optional.of(value));
        }

        public Builder network(Optional<NetworkLimits> value) {
            network = value;
            return this;
        }

        public Builder rdma(Map<String, RdmaLimit> values) {
            rdma = values;
            return this;
        }

        public Builder unified(Map<String, String> values) {
            unified = values;
            return this;
        }

        public Resources build() {
            return new Resources(devices, memory, cpu, pids, blockIo, hugepageLimits, network, rdma, unified);
        }
    }
}
