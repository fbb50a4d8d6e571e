package dev.carafe.runtime.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.carafe.oci.runtime.MemoryPolicy;
import dev.carafe.oci.runtime.Namespace;
import dev.carafe.oci.runtime.SeccompAction;
import dev.carafe.oci.runtime.Spec;
import dev.carafe.plan.Capability;
import dev.carafe.plan.MountOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** features: what this runtime knows, whatever this host can do (runtime-spec features.md). */
final class FeaturesCommand implements Command {
    private static final List<String> OPERATORS = List.of("SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE", "SCMP_CMP_EQ", "SCMP_CMP_GE", "SCMP_CMP_GT",
            "SCMP_CMP_MASKED_EQ");
    private static final List<String> FLAGS = List.of("SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
            "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV");

    @Override
    public String usage() {
        return "features";
    }

    @Override
    public List<Option> options() {
        return List.of();
    }

    @Override
    public int run(Invocation call, Options options) {
        Invocation.expect("features", options, 0, 0);
        call.caller().out(dev.carafe.oci.Json.pretty(document(), "    ") + "\n");
        return 0;
    }

    static JsonObject document() {
        var features = new JsonObject();
        features.addProperty("ociVersionMin", "1.0.0");
        features.addProperty("ociVersionMax", Spec.VERSION);
        features.add("hooks", array(List.of("prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop")));
        features.add("mountOptions", array(MountOptions.known()));
        features.add("linux", linux());
        var annotations = new JsonObject();
        annotations.addProperty("dev.carafe.runtime.version", "0.1.0");
        // Engines ask for these before they offer checkpoints (runc's own names).
        annotations.addProperty("org.opencontainers.runc.checkpoint.enabled", "true");
        annotations.addProperty("run.oci.crun.checkpoint.enabled", "true");
        features.add("annotations", annotations);
        features.add("potentiallyUnsafeConfigAnnotations", array(List.of("org.criu.config", "org.systemd.property.")));
        return features;
    }

    private static JsonObject linux() {
        var linux = new JsonObject();
        var namespaces = new ArrayList<String>();
        for (Namespace.Type type : Namespace.Type.values()) {
            namespaces.add(type.toString());
        }
        Collections.sort(namespaces);
        linux.add("namespaces", array(namespaces));
        var capabilities = new ArrayList<String>();
        for (Capability capability : Capability.values()) {
            capabilities.add("CAP_" + capability.name().replaceFirst("^CAP_", ""));
        }
        linux.add("capabilities", array(capabilities));
        var cgroup = new JsonObject();
        cgroup.addProperty("v1", true);
        cgroup.addProperty("v2", true);
        cgroup.addProperty("systemd", true);
        cgroup.addProperty("systemdUser", true);
        cgroup.addProperty("rdma", true);
        linux.add("cgroup", cgroup);
        var seccomp = enabled(true);
        var actions = new ArrayList<String>();
        for (SeccompAction action : SeccompAction.values()) {
            actions.add(action.name());
        }
        seccomp.add("actions", array(actions));
        seccomp.add("operators", array(OPERATORS));
        var architectures = new ArrayList<String>();
        for (var architecture : dev.carafe.oci.runtime.Seccomp.Arch.values()) {
            architectures.add(architecture.name());
        }
        seccomp.add("archs", array(architectures));
        seccomp.add("knownFlags", array(FLAGS));
        seccomp.add("supportedFlags", array(FLAGS));
        linux.add("seccomp", seccomp);
        linux.add("apparmor", enabled(true));
        linux.add("selinux", enabled(true));
        var rdt = enabled(true);
        rdt.addProperty("schemata", true);
        rdt.addProperty("monitoring", true);
        linux.add("intelRdt", rdt);
        var memory = new JsonObject();
        memory.add("modes", words(MemoryPolicy.Mode.values()));
        memory.add("flags", words(MemoryPolicy.Flag.values()));
        linux.add("memoryPolicy", memory);
        var extensions = new JsonObject();
        extensions.add("idmap", enabled(true));
        linux.add("mountExtensions", extensions);
        linux.add("netDevices", enabled(true));
        return linux;
    }

    private static JsonArray words(Enum<?>[] values) {
        var array = new JsonArray();
        for (Enum<?> value : values) {
            array.add(value.name());
        }
        return array;
    }

    private static JsonObject enabled(boolean value) {
        var object = new JsonObject();
        object.addProperty("enabled", value);
        return object;
    }

    private static JsonArray array(List<String> words) {
        var array = new JsonArray();
        for (String word : words) {
            array.add(word);
        }
        return array;
    }
}
