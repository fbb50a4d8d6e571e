package dev.carafe.plan;

import dev.carafe.base.Fault;
import dev.carafe.oci.runtime.Capabilities;
import dev.carafe.oci.runtime.Linux;
import dev.carafe.oci.runtime.MemoryLimits;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Process;
import dev.carafe.oci.runtime.Resources;
import dev.carafe.oci.runtime.Spec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a bundle may say at all, before anything of it is planned; each part has rules of its own, which are asked from here. */
final class BundleRules {
    private BundleRules() {
    }

    /** What no host could do as the bundle says it. */
    static void check(Spec spec, Linux linux, Process process, Map<Namespace.Type, Optional<String>> namespaces) {
        version(spec.ociVersion());
        ProcessRules.check(process);
        if (spec.root().isPresent() && spec.root().get().path().isEmpty()) {
            throw Rules.broken("root.path", "expected the path of a directory", Rules.CONFIG + "root");
        }
        name("hostname", spec.hostname());
        name("domainname", spec.domainname());
        for (String key : spec.annotations().keySet()) {
            if (key.isEmpty()) {
                throw Rules.broken("annotations[\"\"]", "a key cannot be empty", Rules.CONFIG + "annotations");
            }
        }
        for (int k = 0; k < spec.mounts().size(); k++) {
            MountPlanner.check(spec.mounts().get(k), "mounts[" + k + "]");
        }
        HookPlanner.check(spec);
        LinuxRules.check(linux, namespaces);
        if (linux.seccomp().isPresent()) {
            SeccompRules.check(linux.seccomp().get());
        }
    }

    /** What this host's kernel takes and does not heed. */
    static void check(Linux linux, HostFacts host) {
        if (host.kernel().atLeast(5, 16) && linux.resources().flatMap(Resources::memory).flatMap(MemoryLimits::kernel).filter(limit -> limit > 0).isPresent()) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "config.json", "linux.resources.memory.kernel", "kernels from 5.16 on take such a limit and do not"
                    + " heed it (runtime-spec config-linux.md#memory)").hint("leave it out: the limit on memory counts the kernel's too");
        }
    }

    /** See {@link Planner#warnings}. */
    static List<String> warnings(Process process, Linux linux, HostFacts host) {
        if (process.capabilities().isEmpty()) {
            return List.of();
        }
        boolean ownUsers = false;
        for (Namespace namespace : linux.namespaces()) {
            ownUsers |= namespace.type() == Namespace.Type.USER;
        }
        Capabilities asked = process.capabilities().get();
        long available = ownUsers ? Capability.ALL : host.capabilities();
        var lines = new ArrayList<String>();
        warn(lines, "bounding", asked.bounding(), available);
        warn(lines, "effective", asked.effective(), available);
        warn(lines, "inheritable", asked.inheritable(), available);
        warn(lines, "permitted", asked.permitted(), available);
        warn(lines, "ambient", asked.ambient(), available);
        return List.copyOf(lines);
    }

    private static void warn(List<String> lines, String set, List<String> names, long available) {
        for (int k = 0; k < names.size(); k++) {
            long bit = Capability.known(names.subList(k, k + 1));
            if ((bit & available) == 0) {
                lines.add("config.json process.capabilities." + set + "[" + k + "]: " + (bit == 0 ? "unknown capability \"" + names.get(k) + "\""
                        : "the runtime does not have " + names.get(k) + " itself") + ", left out (runtime-spec config.md#linux-process)");
            }
        }
    }

    /** Semantic versions are alike within a major one; the first is the only one of the specification. */
    private static void version(String version) {
        int dots = 0;
        int digits = 0;
        boolean valid = true;
        for (int k = 0; k < version.length() && valid && (dots < 2 || version.charAt(k) != '-' && version.charAt(k) != '+'); k++) {
            char c = version.charAt(k);
            valid = c >= '0' && c <= '9' || c == '.' && digits > 0 && dots < 2;
            dots += c == '.' ? 1 : 0;
            digits = c == '.' ? 0 : digits + 1;
        }
        if (!valid || dots < 2 || digits == 0) {
            throw Rules.broken("ociVersion", "expected a version such as 1.2.0, found \"" + version.replace('\n', '?') + "\"", Rules.CONFIG + "specification-version");
        }
        if (!version.startsWith("1.")) {
            throw Rules.broken("ociVersion", "expected a version 1, found " + version, Rules.CONFIG + "specification-version");
        }
    }

    /** The kernel keeps 64 bytes (uts_namespaces(7)). */
    private static void name(String field, Optional<String> name) {
        if (name.isPresent()) {
            Rules.text(field, name.get(), Rules.CONFIG + field);
            int bytes = name.get().getBytes(StandardCharsets.UTF_8).length;
            if (bytes > 64) {
                throw Rules.broken(field, "the kernel keeps 64 bytes of it, this one has " + bytes, Rules.CONFIG + field);
            }
        }
    }
}
