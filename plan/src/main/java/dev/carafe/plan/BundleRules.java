package dev.carafe.plan;

import dev.carafe.oci.runtime.Capabilities;
import dev.carafe.oci.runtime.Linux;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.Process;
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

    /** Kernels from 5.16 on take a limit on their own memory and do not heed it: the limit on memory counts it too. */
    static boolean heedsKernelMemory(HostFacts host) {
        return !host.kernel().atLeast(5, 16);
    }

    /** Whether linux.mountLabel means anything here. */
    static boolean labelsMounts(HostFacts host) {
        return host.securityModules().contains("selinux");
    }

    /** See {@link Planner#warnings}. */
    static List<String> warnings(Process process, Linux linux, HostFacts host) {
        var lines = new ArrayList<String>();
        if (linux.resources().isPresent() && linux.resources().get().memory().isPresent()
                && linux.resources().get().memory().get().kernel().orElse(-1L) > 0 && !heedsKernelMemory(host)) {
            lines.add("config.json linux.resources.memory.kernel: kernels from 5.16 on do not heed it, left out: the limit on memory counts the kernel's too"
                    + " (runtime-spec config-linux.md#memory)");
        }
        if (!linux.mountLabel().orElse("").isEmpty() && !labelsMounts(host)) {
            lines.add("config.json linux.mountLabel: selinux is not active on this host, left out (runtime-spec config-linux.md#mount-label)");
        }
        if (process.capabilities().isPresent()) {
            capabilities(lines, process.capabilities().get(), linux, host);
        }
        return List.copyOf(lines);
    }

    private static void capabilities(List<String> lines, Capabilities asked, Linux linux, HostFacts host) {
        boolean ownUsers = false;
        for (Namespace namespace : linux.namespaces()) {
            ownUsers |= namespace.type() == Namespace.Type.USER;
        }
        long available = ownUsers ? Capability.ALL : host.capabilities();
        warn(lines, "bounding", asked.bounding(), available);
        warn(lines, "effective", asked.effective(), available);
        warn(lines, "inheritable", asked.inheritable(), available);
        warn(lines, "permitted", asked.permitted(), available);
        warn(lines, "ambient", asked.ambient(), available);
        long raisable = Capability.known(asked.permitted()) & Capability.known(asked.inheritable());
        for (int k = 0; k < asked.ambient().size(); k++) {
            long bit = Capability.known(asked.ambient().subList(k, k + 1));
            if ((bit & available) != 0 && (bit & raisable) == 0) {
                lines.add("config.json process.capabilities.ambient[" + k + "]: can't raise ambient capability " + asked.ambient().get(k)
                        + ": it is not both permitted and inheritable, left out (capabilities(7))");
            }
        }
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
