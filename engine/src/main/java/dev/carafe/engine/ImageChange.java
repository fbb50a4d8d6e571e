package dev.carafe.engine;

import dev.carafe.base.Durations;
import dev.carafe.base.Fault;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.Healthcheck;
import dev.carafe.oci.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/** One instruction in the words of a Dockerfile that changes an image's configuration: docker's {@code --change}. */
public final class ImageChange {
    private ImageChange() {
    }

    /** @throws Fault INVALID for an instruction that changes no configuration */
    public static ContainerConfig apply(ContainerConfig config, String change) {
        int space = change.indexOf(' ');
        String word = (space < 0 ? change : change.substring(0, space)).toUpperCase(Locale.ROOT);
        String rest = space < 0 ? "" : change.substring(space + 1).trim();
        var builder = config.toBuilder();
        switch (word) {
            case "CMD" -> builder.cmd(command(rest));
            case "ENTRYPOINT" -> builder.entrypoint(command(rest));
            case "USER" -> builder.user(rest);
            case "WORKDIR" -> builder.workingDir(rest);
            case "STOPSIGNAL" -> builder.stopSignal(rest);
            case "ENV" -> builder.env(variable(config.env(), rest.indexOf('=') > 0 ? rest : rest.replaceFirst("\\s+", "=")));
            case "EXPOSE" -> builder.exposedPorts(with(config.exposedPorts(), rest.indexOf('/') > 0 ? rest : rest + "/tcp"));
            case "VOLUME" -> builder.volumes(with(config.volumes(), rest));
            case "ONBUILD" -> builder.onBuild(with(config.onBuild(), rest));
            case "LABEL" -> {
                var labels = new LinkedHashMap<>(config.labels());
                int equals = rest.indexOf('=');
                labels.put(equals < 0 ? rest : rest.substring(0, equals), equals < 0 ? "" : rest.substring(equals + 1).replace("\"", ""));
                builder.labels(labels);
            }
            case "HEALTHCHECK" -> builder.healthcheck(health(rest));
            default -> throw Fault.invalid("change", "image by \"" + change + "\"", word + " is not a valid change command");
        }
        return builder.build();
    }

    /** {@code NONE}, or options and {@code CMD} with a command in either form. */
    private static Healthcheck health(String text) {
        if (text.equalsIgnoreCase("NONE")) {
            return Healthcheck.NONE;
        }
        var health = Healthcheck.builder();
        String rest = text;
        while (rest.startsWith("--")) {
            int space = rest.indexOf(' ');
            int equals = rest.indexOf('=');
            if (space < 0 || equals < 0 || equals > space) {
                throw Fault.invalid("change", "image by \"HEALTHCHECK " + text + "\"", "missing a value or a command");
            }
            String value = rest.substring(equals + 1, space);
            switch (rest.substring(2, equals)) {
                case "interval" -> health.interval(Durations.parse(value));
                case "timeout" -> health.timeout(Durations.parse(value));
                case "start-period" -> health.startPeriod(Durations.parse(value));
                case "start-interval" -> health.startInterval(Durations.parse(value));
                case "retries" -> health.retries(retries(value));
                default -> throw Fault.invalid("change", "image by \"HEALTHCHECK " + text + "\"", "unknown flag: " + rest.substring(0, equals));
            }
            rest = rest.substring(space + 1).trim();
        }
        if (!rest.toUpperCase(Locale.ROOT).startsWith("CMD ")) {
            throw Fault.invalid("change", "image by \"HEALTHCHECK " + text + "\"", "expected NONE or CMD and a command");
        }
        String command = rest.substring("CMD ".length()).trim();
        List<String> test = new ArrayList<>(command.startsWith("[") ? command(command) : List.of(command));
        test.addFirst(command.startsWith("[") ? "CMD" : "CMD-SHELL");
        return health.test(test).build();
    }

    private static int retries(String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw Fault.invalid("change", "image", "--retries takes a number, not \"" + value + "\"");
        }
    }

    private static List<String> with(List<String> list, String one) {
        var longer = new ArrayList<>(list);
        longer.remove(one);
        longer.add(one);
        return longer;
    }

    /** In the place of an older value. */
    private static List<String> variable(List<String> list, String one) {
        String name = one.substring(0, Math.max(one.indexOf('='), 0)) + "=";
        var changed = new ArrayList<>(list);
        for (int k = 0; k < changed.size(); k++) {
            if (changed.get(k).startsWith(name)) {
                changed.set(k, one);
                return changed;
            }
        }
        changed.add(one);
        return changed;
    }

    /** The exec form is a JSON array; anything else is for the shell. */
    private static List<String> command(String text) {
        if (!text.startsWith("[")) {
            return List.of("/bin/sh", "-c", text);
        }
        var words = new ArrayList<String>();
        Json.parse("change", text).getAsJsonArray().forEach(word -> words.add(word.getAsString()));
        return words;
    }
}
