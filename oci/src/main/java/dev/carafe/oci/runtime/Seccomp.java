package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.List;
import java.util.Optional;

/**
 * Which system calls a container may make; seccomp(2) (runtime-spec config-linux.md#seccomp).
 *
 * @param defaultAction what happens at calls that no rule is about
 * @param defaultErrnoRet the error number that goes with it; absent means EPERM
 * @param architectures beside the native one
 * @param flags of seccomp(2)
 * @param listenerPath the socket to which the listener of {@code SCMP_ACT_NOTIFY} is sent
 * @param listenerMetadata sent along
 * @param syscalls the rules
 */
public record Seccomp(SeccompAction defaultAction, Optional<Integer> defaultErrnoRet, List<Arch> architectures,
        List<Flag> flags, Optional<String> listenerPath, Optional<String> listenerMetadata, List<SeccompRule> syscalls)
        implements JsonForm {
    /** System call tables; libseccomp's names. */
    public enum Arch {
        SCMP_ARCH_X86, SCMP_ARCH_X86_64, SCMP_ARCH_X32, SCMP_ARCH_ARM, SCMP_ARCH_AARCH64, SCMP_ARCH_MIPS, SCMP_ARCH_MIPS64,
        SCMP_ARCH_MIPS64N32, SCMP_ARCH_MIPSEL, SCMP_ARCH_MIPSEL64, SCMP_ARCH_MIPSEL64N32, SCMP_ARCH_PPC, SCMP_ARCH_PPC64,
        SCMP_ARCH_PPC64LE, SCMP_ARCH_S390, SCMP_ARCH_S390X, SCMP_ARCH_PARISC, SCMP_ARCH_PARISC64, SCMP_ARCH_RISCV64,
        SCMP_ARCH_LOONGARCH64, SCMP_ARCH_M68K, SCMP_ARCH_SH, SCMP_ARCH_SHEB
    }

    /** Flags of seccomp(2) that the spec knows. */
    public enum Flag {
        SECCOMP_FILTER_FLAG_TSYNC, SECCOMP_FILTER_FLAG_LOG, SECCOMP_FILTER_FLAG_SPEC_ALLOW, SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
    }

    public Seccomp {
        architectures = List.copyOf(architectures);
        flags = List.copyOf(flags);
        syscalls = List.copyOf(syscalls);
    }

    public static Seccomp parse(Fields in) {
        Fields fields = in.section("runtime-spec config-linux.md#seccomp");
        var parsed = new Seccomp(
                fields.oneOf("defaultAction", SeccompAction.values()),
                fields.optionalRange("defaultErrnoRet", 0, Integer.MAX_VALUE),
                fields.allOf("architectures", Arch.values()),
                fields.allOf("flags", Flag.values()),
                fields.optionalString("listenerPath"),
                fields.optionalString("listenerMetadata"),
                fields.objects("syscalls", SeccompRule::parse));
        if (parsed.listenerMetadata.isPresent() && parsed.listenerPath.isEmpty()) {
            throw fields.fault("listenerMetadata", "set without listenerPath");
        }
        return parsed;
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("defaultAction", defaultAction)
                .optional("defaultErrnoRet", defaultErrnoRet)
                .list("architectures", architectures)
                .list("flags", flags)
                .optional("listenerPath", listenerPath)
                .optional("listenerMetadata", listenerMetadata)
                .list("syscalls", syscalls)
                .json();
    }

    /** Starts with everything absent but these. */
    public static Builder builder(SeccompAction defaultAction) {
        return new Builder(defaultAction);
    }

    /** Starts with the components of this value. */
    public Builder toBuilder() {
        var builder = new Builder(defaultAction);
        builder.defaultErrnoRet = defaultErrnoRet;
        builder.architectures = architectures;
        builder.flags = flags;
        builder.listenerPath = listenerPath;
        builder.listenerMetadata = listenerMetadata;
        builder.syscalls = syscalls;
        return builder;
    }

    /** Collects the components of a {@link Seccomp}; each method replaces what was set before. */
    public static final class Builder {
        private SeccompAction defaultAction;
        private Optional<Integer> defaultErrnoRet = Optional.empty();
        private List<Arch> architectures = List.of();
        private List<Flag> flags = List.of();
        private Optional<String> listenerPath = Optional.empty();
        private Optional<String> listenerMetadata = Optional.empty();
        private List<SeccompRule> syscalls = List.of();

        private Builder(SeccompAction defaultAction) {
            this.defaultAction = defaultAction;
        }

        public Builder defaultAction(SeccompAction value) {
            defaultAction = value;
            return this;
        }

        public Builder defaultErrnoRet(int value) {
            return defaultErrnoRet(Optional.of(value));
        }

        public Builder defaultErrnoRet(Optional<Integer> value) {
            defaultErrnoRet = value;
            return this;
        }

        public Builder architectures(List<Arch> values) {
            architectures = values;
            return this;
        }

        public Builder flags(List<Flag> values) {
            flags = values;
            return this;
        }

        public Builder listenerPath(String value) {
            return listenerPath(Optional.of(value));
        }

        public Builder listenerPath(Optional<String> value) {
            listenerPath = value;
            return this;
        }

        public Builder listenerMetadata(String value) {
            return listenerMetadata(Optional.of(value));
        }

        public Builder listenerMetadata(Optional<String> value) {
            listenerMetadata = value;
            return this;
        }

        public Builder syscalls(List<SeccompRule> values) {
            syscalls = values;
            return this;
        }

        public Seccomp build() {
            return new Seccomp(defaultAction, defaultErrnoRet, architectures, flags, listenerPath, listenerMetadata, syscalls);
        }
    }
}
