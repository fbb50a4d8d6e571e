package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.Optional;

/**
 * Limits of the memory controller in bytes, -1 for none (runtime-spec config-linux.md#memory).
 *
 * @param limit the most memory
 * @param reservation what is kept when memory is short
 * @param swap the most memory and swap together
 * @param kernel the most kernel memory; not recommended
 * @param kernelTcp the most memory of TCP buffers; not recommended
 * @param swappiness how eagerly the kernel swaps, 0 to 100
 * @param disableOomKiller whether tasks wait for memory rather than die
 * @param useHierarchy whether children count against their parents
 * @param checkBeforeUpdate whether a limit below the present usage is refused
 */
public record MemoryLimits(Optional<Long> limit, Optional<Long> reservation, Optional<Long> swap, Optional<Long> kernel,
        Optional<Long> kernelTcp, Optional<Long> swappiness, Optional<Boolean> disableOomKiller, Optional<Boolean> useHierarchy,
        Optional<Boolean> checkBeforeUpdate) implements JsonForm {
    public static MemoryLimits parse(Fields in) {
        Fields fields = in.section("runtime-spec config-linux.md#memory");
        return new MemoryLimits(
                fields.optionalInt64("limit"),
                fields.optionalInt64("reservation"),
                fields.optionalInt64("swap"),
                fields.optionalInt64("kernel"),
                fields.optionalInt64("kernelTCP"),
                fields.optionalUint64("swappiness"),
                fields.optionalFlag("disableOOMKiller"),
                fields.optionalFlag("useHierarchy"),
                fields.optionalFlag("checkBeforeUpdate"));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .optional("limit", limit)
                .optional("reservation", reservation)
                .optional("swap", swap)
                .optional("kernel", kernel)
                .optional("kernelTCP", kernelTcp)
                .unsigned("swappiness", swappiness)
                .optional("disableOOMKiller", disableOomKiller)
                .optional("useHierarchy", useHierarchy)
                .optional("checkBeforeUpdate", checkBeforeUpdate)
                .json();
    }

    /** Starts with everything absent. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts with the components of this value. */
    public Builder toBuilder() {
        var builder = new Builder();
        builder.limit = limit;
        builder.reservation = reservation;
        builder.swap = swap;
        builder.kernel = kernel;
        builder.kernelTcp = kernelTcp;
        builder.swappiness = swappiness;
        builder.disableOomKiller = disableOomKiller;
        builder.useHierarchy = useHierarchy;
        builder.checkBeforeUpdate = checkBeforeUpdate;
        return builder;
    }

    /** Collects the components of a {@link MemoryLimits}; each method replaces what was set before. */
    public static final class Builder {
        private Optional<Long> limit = Optional.empty();
        private Optional<Long> reservation = Optional.empty();
        private Optional<Long> swap = Optional.empty();
        private Optional<Long> kernel = Optional.empty();
        private Optional<Long> kernelTcp = Optional.empty();
        private Optional<Long> swappiness = Optional.empty();
        private Optional<Boolean> disableOomKiller = Optional.empty();
        private Optional<Boolean> useHierarchy = Optional.empty();
        private Optional<Boolean> checkBeforeUpdate = Optional.empty();

        private Builder() {}

        public Builder limit(long value) {
            return limit(Optional.of(value));
        }

        public Builder limit(Optional<Long> value) {
            limit = value;
            return this;
        }

        public Builder reservation(long value) {
            return reservation(Optional.of(value));
        }

        public Builder reservation(Optional<Long> value) {
            reservation = value;
            return this;
        }

        public Builder swap(long value) {
            return swap(Optional.of(value));
        }

        public Builder swap(Optional<Long> value) {
            swap = value;
            return this;
        }

        public Builder kernel(long value) {
            return kernel(Optional.of(value));
        }

        public Builder kernel(Optional<Long> value) {
            kernel = value;
            return this;
        }

        public Builder kernelTcp(long value) {
            return kernelTcp(Optional.of(value));
        }

        public Builder kernelTcp(Optional<Long> value) {
            kernelTcp = value;
            return this;
        }

        public Builder swappiness(long value) {
            return swappiness(Optional.of(value));
        }

        public Builder swappiness(Optional<Long> value) {
            swappiness = value;
            return this;
        }

        public Builder disableOomKiller(boolean value) {
            return disableOomKiller(Optional.of(value));
        }

        public Builder disableOomKiller(Optional<Boolean> value) {
            disableOomKiller = value;
            return this;
        }

        public Builder useHierarchy(boolean value) {
            return useHierarchy(Optional.of(value));
        }

        public Builder useHierarchy(Optional<Boolean> value) {
            useHierarchy = value;
            return this;
        }

        public Builder checkBeforeUpdate(boolean value) {
            return checkBeforeUpdate(Optional.of(value));
        }

        public Builder checkBeforeUpdate(Optional<Boolean> value) {
            checkBeforeUpdate = value;
            return this;
        }

        public MemoryLimits build() {
            return new MemoryLimits(limit, reservation, swap, kernel, kernelTcp, swappiness, disableOomKiller, useHierarchy,
                    checkBeforeUpdate);
        }
    }
}
