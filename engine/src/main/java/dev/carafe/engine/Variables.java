package dev.carafe.engine;

import dev.carafe.oci.ContainerConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The environment of a container's processes, in docker's order: the engine's own variables, the user's, the image's, and at the
 * end HOME, where nobody has set it. A later word for the same variable takes the earlier one's place; a bare name takes the
 * variable away.
 */
final class Variables {
    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private Variables() {}

    /** What the container's configuration says: the user's words, then the image's for other variables. */
    static List<String> configured(ProcessOptions options, ContainerConfig image) {
        var all = new ArrayList<>(options.environment());
        for (String each : image.env()) {
            if (options.environment().stream().noneMatch(own -> name(own).equals(name(each)))) {
                all.add(each);
            }
        }
        return all;
    }

    /**
     * The whole environment.
     *
     * @param configured as {@link #configured} gives it
     * @param more what comes on top of that, for a further process
     */
    static List<String> of(String hostname, boolean terminal, List<String> configured, List<String> more, String home) {
        var variables = new LinkedHashMap<String, String>();
        variables.put("PATH", "PATH=" + DEFAULT_PATH);
        variables.put("HOSTNAME", "HOSTNAME=" + hostname);
        if (terminal) {
            variables.put("TERM", "TERM=xterm");
        }
        apply(variables, configured);
        apply(variables, more);
        if (variables.getOrDefault("HOME", "HOME=").equals("HOME=")) {
            variables.put("HOME", "HOME=" + home);
        }
        return List.copyOf(variables.values());
    }

    private static void apply(Map<String, String> variables, List<String> words) {
        for (String word : words) {
            if (word.indexOf('=') < 0) {
                variables.remove(word);
            } else {
                variables.put(name(word), word);
            }
        }
    }

    static String name(String word) {
        int equals = word.indexOf('=');
        return equals < 0 ? word : word.substring(0, equals);
    }
}
