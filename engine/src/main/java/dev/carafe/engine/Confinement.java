package dev.carafe.engine;

import dev.carafe.base.Fault;
import dev.carafe.engine.SecurityOptions.SeccompChoice;
import dev.carafe.oci.runtime.Seccomp;
import dev.carafe.plan.HostFacts;
import dev.carafe.plan.seccomp.DefaultProfile;
import dev.carafe.plan.seccomp.SeccompArchitecture;
import dev.carafe.plan.seccomp.SeccompProfile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What beyond capabilities keeps a container's processes from the host: system call filter and labels ({@code --security-opt}). */
final class Confinement {
    private static final String UNCONFINED = "unconfined";

    /** What policies name the processes of containers; the last part is the level. */
    private static final List<String> SELINUX_PARTS = List.of("user", "role", "type", "level");
    private static final List<String> SELINUX_USUAL = List.of("system_u", "system_r", "container_t", "s0");

    private Confinement() {}

    /** The filter; a container that is privileged has none unless a profile is named. */
    static Optional<Seccomp> seccomp(SecurityOptions options, List<String> bounding, HostFacts host) {
        SeccompChoice seccomp = options.seccomp();
        if (seccomp instanceof SeccompChoice.Unconfined) {
            return Optional.empty();
        } else if (seccomp instanceof SeccompChoice.Builtin) {
            return options.privileged() ? Optional.empty()
                    : Optional.of(DefaultProfile.resolve(Set.copyOf(bounding), architecture(host), host.kernel()));
        } else if (seccomp instanceof SeccompChoice.Profile p) {
            return Optional.of(SeccompProfile.parse("seccomp profile", p.json().getBytes(StandardCharsets.UTF_8))
                    .resolve(Set.copyOf(bounding), architecture(host), host.kernel()));
        } else {
            throw new MatchException(String.valueOf(seccomp), null);
        }
    }

    private static SeccompArchitecture architecture(HostFacts host) {
        return SeccompArchitecture.ofPlatform(host.architecture());
    }

    /** The AppArmor profile that is asked for by name. */
    static Optional<String> apparmor(SecurityOptions options) {
        return options.apparmor().filter(name -> !name.isEmpty() && !name.equals(UNCONFINED));
    }

    /** The SELinux label, if parts of one are asked for; the other parts are those of any container. */
    static Optional<String> selinux(SecurityOptions options, HostFacts host) {
        String[] label = SELINUX_USUAL.toArray(String[]::new);
        boolean asked = false;
        for (String word : options.selinux()) {
            if (word.equals("disable")) {
                return Optional.empty();
            }
            int colon = word.indexOf(':');
            int part = colon < 0 ? -1 : SELINUX_PARTS.indexOf(word.substring(0, colon));
            if (part < 0) {
                throw word.startsWith("filetype:")
                        ? Fault.of(Fault.Kind.UNSUPPORTED, "create", "--security-opt label=" + word, "files of containers get no label of their own yet")
                        : Fault.invalid("create", "--security-opt label=" + word, "expected user, role, type, level or disable");
            }
            label[part] = word.substring(colon + 1);
            asked = true;
        }
        if (asked && !host.securityModules().contains("selinux")) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "create", "--security-opt label=" + options.selinux().getFirst(),
                    "SELinux is not active on this host");
        }
        return asked ? Optional.of(String.join(":", label)) : Optional.empty();
    }
}
