package dev.carafe.engine;

import dev.carafe.oci.runtime.DeviceRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a container may do to the host; what is absent is the engine's default.
 *
 * @param privileged every capability and device, no filter, nothing hidden
 * @param capabilitiesAdded names of capabilities(7), with or without {@code CAP_}, or {@code ALL}
 * @param capabilitiesDropped likewise; what is both added and dropped is dropped
 * @param seccomp which system calls are filtered
 * @param apparmor the name of an AppArmor profile that the host has loaded, or {@code unconfined}
 * @param selinux parts of the SELinux label: {@code user:U}, {@code role:R}, {@code type:T}, {@code level:L}, {@code filetype:T}, or {@code disable}
 * @param noNewPrivileges whether set-user-id programs and file capabilities give nothing (prctl(2) PR_SET_NO_NEW_PRIVS)
 * @param masked further paths that are hidden
 * @param unmasked paths that are not hidden although they usually are; {@code ALL}: none are
 * @param systemPathsOpen whether nothing of /proc and /sys is hidden or read-only
 * @param devices nodes of the host's that it gets
 * @param deviceRules what the device controller allows beyond that
 * @param sysctls kernel parameters of its own namespaces
 */
public record SecurityOptions(boolean privileged, List<String> capabilitiesAdded, List<String> capabilitiesDropped, SeccompChoice seccomp,
        Optional<String> apparmor, List<String> selinux, Optional<Boolean> noNewPrivileges, List<String> masked, List<String> unmasked,
        boolean systemPathsOpen, List<DeviceMapping> devices, List<DeviceRule> deviceRules, Map<String, String> sysctls) {
    /** All as usual. */
    public static final SecurityOptions NONE = builder().build();

    /** Which system calls a container's processes may make. */
    public sealed interface SeccompChoice {
        /** What {@code --security-opt} says for it; empty where nothing need be said. */
        Optional<String> option();

        /** The engine's own profile. */
        record Builtin() implements SeccompChoice {
            @Override
            public Optional<String> option() {
                return Optional.empty();
            }
        }

        /** No filter. */
        record Unconfined() implements SeccompChoice {
            @Override
            public Optional<String> option() {
                return Optional.of("seccomp=unconfined");
            }
        }

        /** A profile in docker's or the runtime-spec's JSON; its text, not its path. */
        record Profile(String json) implements SeccompChoice {
            @Override
            public Optional<String> option() {
                return Optional.of("seccomp=" + json);
            }
        }
    }

    /**
     * A device of the host, or a directory with devices.
     *
     * @param source the path on the host
     * @param target the path in the container
     * @param permissions letters of {@code rwm}: read, write, make a node
     */
    public record DeviceMapping(String source, String target, String permissions) {}

    public SecurityOptions {
        capabilitiesAdded = List.copyOf(capabilitiesAdded);
        capabilitiesDropped = List.copyOf(capabilitiesDropped);
        selinux = List.copyOf(selinux);
        masked = List.copyOf(masked);
        unmasked = List.copyOf(unmasked);
        devices = List.copyOf(devices);
        deviceRules = List.copyOf(deviceRules);
        sysctls = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(sysctls));
    }

    public static Builder builder() {
        return new Builder();
    }

    public Builder toBuilder() {
        var b = new Builder();
        b.privileged = privileged;
        b.capabilitiesAdded = capabilitiesAdded;
        b.capabilitiesDropped = capabilitiesDropped;
        b.seccomp = seccomp;
        b.apparmor = apparmor;
        b.selinux = selinux;
        b.noNewPrivileges = noNewPrivileges;
        b.masked = masked;
        b.unmasked = unmasked;
        b.systemPathsOpen = systemPathsOpen;
        b.devices = devices;
        b.deviceRules = deviceRules;
        b.sysctls = sysctls;
        return b;
    }

    /** Collects the parts of {@link SecurityOptions}. */
    public static final class Builder {
        private boolean privileged;
        private List<String> capabilitiesAdded = List.of();
        private List<String> capabilitiesDropped = List.of();
        private SeccompChoice seccomp = new SeccompChoice.Builtin();
        private Optional<String> apparmor = Optional.empty();
        private List<String> selinux = List.of();
        private Optional<Boolean> noNewPrivileges = Optional.empty();
        private List<String> masked = List.of();
        private List<String> unmasked = List.of();
        private boolean systemPathsOpen;
        private List<DeviceMapping> devices = List.of();
        private List<DeviceRule> deviceRules = List.of();
        private Map<String, String> sysctls = Map.of();

        private Builder() {}

        public Builder privileged(boolean on) {
            privileged = on;
            return this;
        }

        public Builder capabilities(List<String> added, List<String> dropped) {
            capabilitiesAdded = added;
            capabilitiesDropped = dropped;
            return this;
        }

        public Builder seccomp(SeccompChoice choice) {
            seccomp = choice;
            return this;
        }

        public Builder apparmor(String profile) {
            apparmor = Optional.of(profile);
            return this;
        }

        public Builder selinux(List<String> parts) {
            selinux = parts;
            return this;
        }

        public Builder noNewPrivileges(boolean on) {
            noNewPrivileges = Optional.of(on);
            return this;
        }

        public Builder masks(List<String> hidden, List<String> shown) {
            masked = hidden;
            unmasked = shown;
            return this;
        }

        public Builder systemPathsOpen(boolean on) {
            systemPathsOpen = on;
            return this;
        }

        public Builder devices(List<DeviceMapping> all) {
            devices = all;
            return this;
        }

        public Builder deviceRules(List<DeviceRule> rules) {
            deviceRules = rules;
            return this;
        }

        public Builder sysctls(Map<String, String> values) {
            sysctls = values;
            return this;
        }

        public SecurityOptions build() {
            return new SecurityOptions(privileged, capabilitiesAdded, capabilitiesDropped, seccomp, apparmor, selinux, noNewPrivileges, masked,
                    unmasked, systemPathsOpen, devices, deviceRules, sysctls);
        }
    }
}
