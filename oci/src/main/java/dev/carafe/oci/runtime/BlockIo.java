package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.List;
import java.util.Optional;

/**
 * Limits of the block I/O controller (runtime-spec config-linux.md#block-io).
 *
 * @param weight the cgroup's share of each disk, 10 to 1000
 * @param leafWeight its own tasks' share against its child cgroups
 * @param weightDevice shares of single disks
 * @param throttleReadBps bytes read a second
 * @param throttleWriteBps bytes written a second
 * @param throttleReadIops reads a second
 * @param throttleWriteIops writes a second
 */
public record BlockIo(Optional<Integer> weight, Optional<Integer> leafWeight, List<WeightDevice> weightDevice,
        List<ThrottleDevice> throttleReadBps, List<ThrottleDevice> throttleWriteBps, List<ThrottleDevice> throttleReadIops,
        List<ThrottleDevice> throttleWriteIops) implements JsonForm {
    public BlockIo {
        weightDevice = List.copyOf(weightDevice);
        throttleReadBps = List.copyOf(throttleReadBps);
        throttleWriteBps = List.copyOf(throttleWriteBps);
        throttleReadIops = List.copyOf(throttleReadIops);
        throttleWriteIops = List.copyOf(throttleWriteIops);
    }

    public static BlockIo parse(Fields in) {
        Fields fields = in.section("runtime-spec config-linux.md#block-io");
        return new BlockIo(
                fields.optionalRange("weight", 0, 0xFFFF),
                fields.optionalRange("leafWeight", 0, 0xFFFF),
                fields.objects("weightDevice", WeightDevice::parse),
                fields.objects("throttleReadBpsDevice", ThrottleDevice::parse),
                fields.objects("throttleWriteBpsDevice", ThrottleDevice::parse),
                fields.objects("throttleReadIOPSDevice", ThrottleDevice::parse),
                fields.objects("throttleWriteIOPSDevice", ThrottleDevice::parse));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .optional("weight", weight)
                .optional("leafWeight", leafWeight)
                .list("weightDevice", weightDevice)
                .list("throttleReadBpsDevice", throttleReadBps)
                .list("throttleWriteBpsDevice", throttleWriteBps)
                .list("throttleReadIOPSDevice", throttleReadIops)
                .list("throttleWriteIOPSDevice", throttleWriteIops)
                .json();
    }

    /** Starts with everything absent. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts with the components of this value. */
    public Builder toBuilder() {
        var builder = new Builder();
        builder.weight = weight;
        builder.leafWeight = leafWeight;
        builder.weightDevice = weightDevice;
        builder.throttleReadBps = throttleReadBps;
        builder.throttleWriteBps = throttleWriteBps;
        builder.throttleReadIops = throttleReadIops;
        builder.throttleWriteIops = throttleWriteIops;
        return builder;
    }

    /** Collects the components of a {@link BlockIo}; each method replaces what was set before. */
    public static final class Builder {
        private Optional<Integer> weight = Optional.empty();
        private Optional<Integer> leafWeight = Optional.empty();
        private List<WeightDevice> weightDevice = List.of();
        private List<ThrottleDevice> throttleReadBps = List.of();
        private List<ThrottleDevice> throttleWriteBps = List.of();
        private List<ThrottleDevice> throttleReadIops = List.of();
        private List<ThrottleDevice> throttleWriteIops = List.of();

        private Builder() {}

        public Builder weight(int value) {
            return weight(Optional.of(value));
        }

        public Builder weight(Optional<Integer> value) {
            weight = value;
            return this;
        }

        public Builder leafWeight(int value) {
            return leafWeight(Optional.of(value));
        }

        public Builder leafWeight(Optional<Integer> value) {
            leafWeight = value;
            return this;
        }

        public Builder weightDevice(List<WeightDevice> values) {
            weightDevice = values;
            return this;
        }

        public Builder throttleReadBps(List<ThrottleDevice> values) {
            throttleReadBps = values;
            return this;
        }

        public Builder throttleWriteBps(List<ThrottleDevice> values) {
            throttleWriteBps = values;
            return this;
        }

        public Builder throttleReadIops(List<ThrottleDevice> values) {
            throttleReadIops = values;
            return this;
        }

        public Builder throttleWriteIops(List<ThrottleDevice> values) {
            throttleWriteIops = values;
            return this;
        }

        public BlockIo build() {
            return new BlockIo(weight, leafWeight, weightDevice, throttleReadBps, throttleWriteBps, throttleReadIops,
                    throttleWriteIops);
        }
    }
}
