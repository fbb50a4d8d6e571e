package dev.carafe.build.graph;

import dev.carafe.build.dockerfile.Instruction;
import dev.carafe.build.dockerfile.Variables;
import dev.carafe.oci.Platform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The arguments of a build: given, predefined, and declared before the first stage (Dockerfile reference, "ARG"). */
final class Arguments {
    private static final List<String> PROXIES = List.of("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "FTP_PROXY", "ftp_proxy", "NO_PROXY", "no_proxy",
            "ALL_PROXY", "all_proxy");

    private final Map<String, String> given;
    private final Map<String, String> predefined = new LinkedHashMap<>();
    private final Map<String, Optional<String>> global = new LinkedHashMap<>();
    private final Set<String> used = new LinkedHashSet<>();

    Arguments(GraphOptions options) {
        given = options.arguments();
        platform("BUILD", options.host());
        platform("TARGET", options.platform());
        predefined.put("TARGETSTAGE", options.target().orElse("default"));
    }

    private void platform(String prefix, Platform platform) {
        predefined.put(prefix + "PLATFORM", platform.toString());
        predefined.put(prefix + "OS", platform.os());
        predefined.put(prefix + "ARCH", platform.architecture());
        predefined.put(prefix + "VARIANT", platform.variant().orElse(""));
        predefined.put(prefix + "OSVERSION", platform.osVersion().orElse(""));
    }

    /** A declaration before the first stage. @param value with variables replaced */
    void declare(String name, Optional<String> value) {
        used.add(name);
        global.put(name, Optional.ofNullable(given.get(name)).or(() -> value).or(() -> Optional.ofNullable(predefined.get(name))));
    }

    /** What may be used before the first stage and in FROM. */
    Variables beforeStages() {
        return name -> {
            if (global.containsKey(name)) {
                return global.get(name);
            }
            if (!predefined.containsKey(name)) {
                return Optional.empty();
            }
            used.add(name);
            return Optional.of(given.getOrDefault(name, predefined.get(name)));
        };
    }

    /** What a declaration within a stage stands for. @param value its own, with variables replaced */
    Optional<String> value(Instruction.Declared declared, Optional<String> value) {
        String name = declared.name();
        used.add(name);
        return Optional.ofNullable(given.get(name)).or(() -> value).or(() -> global.getOrDefault(name, Optional.empty()))
                .or(() -> Optional.ofNullable(predefined.get(name)));
    }

    /** Proxies that were given: commands have them without a declaration, and they change no key. */
    List<String> proxies() {
        var proxies = new ArrayList<String>();
        for (String name : PROXIES) {
            if (given.containsKey(name)) {
                proxies.add(name + "=" + given.get(name));
            }
        }
        return proxies;
    }

    /** Those given that nothing has asked for. */
    List<String> unused() {
        var unused = new ArrayList<String>();
        for (String name : given.keySet()) {
            if (!used.contains(name) && !PROXIES.contains(name) && !name.startsWith("BUILDKIT_") && !name.equals("SOURCE_DATE_EPOCH")) {
                unused.add(name);
            }
        }
        return unused;
    }
}
