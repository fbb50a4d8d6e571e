package dev.carafe.runtime.oci;

import dev.carafe.oci.runtime.Hook;
import dev.carafe.oci.runtime.Hooks;
import dev.carafe.oci.runtime.Process;
import dev.carafe.oci.runtime.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What hooks find in their environment when the bundle says nothing of it: what the runtime was called with, and those that start in the container what its
 * process gets. Programs that engines configure as hooks without an environment count on a PATH at least; runc and crun give them that too.
 */
final class HookEnvironment {
    private HookEnvironment() {
    }

    static Spec of(Spec spec, Map<String, String> caller) {
        if (spec.hooks().isEmpty()) {
            return spec;
        }
        var outside = new ArrayList<String>(caller.size());
        for (Map.Entry<String, String> variable : caller.entrySet()) {
            outside.add(variable.getKey() + "=" + variable.getValue());
        }
        List<String> inside = spec.process().map(Process::env).orElse(List.of());
        Hooks hooks = spec.hooks().get();
        Hooks filled = Hooks.builder().prestart(filled(hooks.prestart(), outside)).createRuntime(filled(hooks.createRuntime(), outside))
                .createContainer(filled(hooks.createContainer(), outside)).startContainer(filled(hooks.startContainer(), inside))
                .poststart(filled(hooks.poststart(), outside)).poststop(filled(hooks.poststop(), outside)).build();
        return spec.toBuilder().hooks(filled).build();
    }

    private static List<Hook> filled(List<Hook> hooks, List<String> environment) {
        var all = new ArrayList<Hook>(hooks.size());
        for (Hook hook : hooks) {
            all.add(hook.env().isEmpty() ? new Hook(hook.path(), hook.args(), environment, hook.timeout()) : hook);
        }
        return all;
    }
}
