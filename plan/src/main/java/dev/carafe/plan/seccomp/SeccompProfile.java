package dev.carafe.plan.seccomp;

import com.google.gson.JsonObject;
import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.base.KernelVersion;
import dev.carafe.oci.Fields;
import dev.carafe.oci.Json;
import dev.carafe.oci.runtime.Seccomp;
import dev.carafe.oci.runtime.Seccomp.Arch;
import dev.carafe.oci.runtime.SeccompAction;
import dev.carafe.oci.runtime.SeccompArg;
import dev.carafe.oci.runtime.SeccompRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A seccomp profile as {@code --security-opt seccomp=FILE} takes it: docker's format, whose rules may depend on capabilities,
 * architecture and kernel, or a plain {@code linux.seccomp} of the runtime-spec, whose rules depend on nothing. Resolved for
 * one container on one machine it is the latter.
 *
 * <p>Read is what docker reads ({@code names} or, in old profiles, {@code name}; {@code archMap} or {@code architectures};
 * {@code includes}, {@code excludes}, {@code comment}) and the {@code errno} and {@code defaultErrno} of podman, error numbers by
 * name.
 *
 * @param base everything but the rules, and the architectures when they do not depend on the machine
 * @param families the architectures that go with each native one, {@code archMap} in docker's format
 * @param rules in the document's order
 */
public record SeccompProfile(Seccomp base, List<Family> families, List<Rule> rules) {
    /**
     * A native architecture and those that also run on it.
     *
     * @param architecture the native one
     * @param others may be empty
     */
    public record Family(Arch architecture, List<Arch> others) {
        public Family {
            others = List.copyOf(others);
        }
    }

    /**
     * A rule and when it is part of the profile.
     *
     * @param rule as in the runtime-spec
     * @param includes what must all hold
     * @param excludes what must not hold in any part
     * @param comment for the reader, or empty
     */
    public record Rule(SeccompRule rule, Filter includes, Filter excludes, String comment) {}

    /**
     * What a rule may depend on.
     *
     * @param capabilities by their kernel names, such as {@code CAP_SYS_ADMIN}
     * @param architectures of the machine, by {@linkplain SeccompArchitecture#profileName() docker's names}
     * @param kernel the oldest kernel
     */
    public record Filter(List<String> capabilities, List<String> architectures, Optional<KernelVersion> kernel) {
        /** Depends on nothing. */
        public static final Filter NONE = new Filter(List.of(), List.of(), Optional.empty());

        public Filter {
            capabilities = List.copyOf(capabilities);
            architectures = List.copyOf(architectures);
        }

        private boolean allHold(Set<String> held, String architecture, KernelVersion running) {
            return held.containsAll(capabilities)
                    && (architectures.isEmpty() || architectures.contains(architecture))
                    && (kernel.isEmpty() || running.compareTo(kernel.get()) >= 0);
        }

        private boolean anyHolds(Set<String> held, String architecture, KernelVersion running) {
            for (String each : capabilities) {
                if (held.contains(each)) {
                    return true;
                }
            }
            return architectures.contains(architecture) || kernel.isPresent() && running.compareTo(kernel.get()) >= 0;
        }
    }

    public SeccompProfile {
        families = List.copyOf(families);
        rules = List.copyOf(rules);
    }

    /**
     * Reads a profile.
     *
     * @param document what faults call it, such as its file name
     */
    public static SeccompProfile parse(String document, byte[] utf8) {
        Fields fields = Fields.of(document, Json.parseObject(document, utf8));
        if (!fields.has("defaultAction") && !fields.has("syscalls")) {
            throw fields.fault("defaultAction", "required, but missing").hint("a container without a profile is \"unconfined\"");
        }
        var head = new JsonObject();
        for (String name : fields.object().keySet()) {
            if (!name.equals("syscalls")) {
                head.add(name, fields.object().get(name));
            }
        }
        Seccomp base = Seccomp.parse(Fields.of(document, head));
        Optional<Integer> named = errno(fields, "defaultErrno");
        if (named.isPresent() && base.defaultAction() == SeccompAction.SCMP_ACT_ERRNO) {
            base = base.toBuilder().defaultErrnoRet(named).build();
        }
        List<Family> families = fields.objects("archMap", in -> new Family(
                in.oneOf("architecture", Arch.values()), in.allOf("subArchitectures", Arch.values())));
        if (!families.isEmpty() && !base.architectures().isEmpty()) {
            throw fields.fault("archMap", "stands beside architectures, expected one of the two");
        }
        return new SeccompProfile(base, families, fields.objects("syscalls", SeccompProfile::rule));
    }

    private static Rule rule(Fields in) {
        List<String> names = in.strings("names");
        Optional<String> name = in.optionalString("name").filter(each -> !each.isEmpty());
        if (name.isPresent() && !names.isEmpty()) {
            throw in.fault("name", "stands beside names, expected one of the two");
        }
        if (names.isEmpty()) {
            names = List.of(name.orElseThrow(() -> in.fault("names", "expected at least one name")));
        }
        SeccompAction action = in.oneOf("action", SeccompAction.values());
        Optional<Integer> errnoRet = in.optionalRange("errnoRet", 0, Integer.MAX_VALUE);
        Optional<Integer> named = errno(in, "errno");
        if (named.isPresent() && action == SeccompAction.SCMP_ACT_ERRNO) {
            errnoRet = named;
        }
        return new Rule(new SeccompRule(names, action, errnoRet, in.objects("args", SeccompArg::parse)),
                in.optionalObject("includes", SeccompProfile::filter).orElse(Filter.NONE),
                in.optionalObject("excludes", SeccompProfile::filter).orElse(Filter.NONE),
                in.optionalString("comment").orElse(""));
    }

    private static Filter filter(Fields in) {
        Optional<KernelVersion> kernel = in.optionalString("minKernel").filter(each -> !each.isEmpty()).map(text -> {
            KernelVersion version;
            try {
                version = KernelVersion.parse(text);
            } catch (Fault e) {
                throw in.fault("minKernel", e.reason() + ", found \"" + text + '"').cause(e);
            }
            if (!version.toString().equals(text)) {
                throw in.fault("minKernel", "expected two numbers with a dot between, such as 6.18, found \"" + text + '"');
            }
            return version;
        });
        return new Filter(in.strings("caps"), in.strings("arches"), kernel);
    }

    private static Optional<Integer> errno(Fields in, String field) {
        return in.optionalString(field).filter(each -> !each.isEmpty()).map(name -> {
            for (Errno each : Errno.values()) {
                if (each.name().equals(name)) {
                    return each.number();
                }
            }
            throw in.fault(field, "unknown error name \"" + name + '"');
        });
    }

    /**
     * The profile for one container: rules whose conditions hold, in order, and the architectures that go with the native one.
     *
     * @param capabilities the bounding set of the container's process
     */
    public Seccomp resolve(Set<String> capabilities, SeccompArchitecture nativeArchitecture, KernelVersion kernel) {
        String architecture = nativeArchitecture.profileName();
        var chosen = new ArrayList<SeccompRule>(rules.size());
        for (Rule each : rules) {
            if (each.includes.allHold(capabilities, architecture, kernel)
                    && !each.excludes.anyHolds(capabilities, architecture, kernel)) {
                chosen.add(each.rule);
            }
        }
        List<Arch> architectures = base.architectures();
        for (Family family : families) {
            if (family.architecture == nativeArchitecture.spec()) {
                var all = new ArrayList<Arch>();
                all.add(family.architecture);
                all.addAll(family.others);
                architectures = all;
                break;
            }
        }
        return base.toBuilder().architectures(architectures).syscalls(chosen).build();
    }
}
