package dev.carafe.engine;

import com.google.gson.JsonObject;
import dev.carafe.base.ByteSize;
import dev.carafe.base.Fault;
import dev.carafe.plan.LogFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * How a container's output is kept: the driver and its options, by docker's names (docker's pages on logging drivers).
 *
 * @param mostBytes how long a file may be before the next is begun; 0: as long as it likes
 * @param files how many there are at most
 * @param compress whether all but the newest are packed by gzip
 * @param options as they were given
 */
record LogPolicy(String driver, long mostBytes, int files, boolean compress, Map<String, String> options) {
    /** Of logs that are kept in frames: the usual one. */
    static final String FRAMES = "carafe";
    /** Of logs that are not kept. */
    static final String NONE = "none";
    /** As docker's: frames with limits unless others are given. */
    private static final String LOCAL = "local";
    /** Docker's: besides the frames, a file of JSON lines. */
    static final String JSON = "json-file";
    /** Podman's: besides the frames, a file of lines as kubernetes writes them. */
    private static final String KUBERNETES = "k8s-file";
    private static final List<String> DRIVERS = List.of(FRAMES, LOCAL, JSON, KUBERNETES, NONE);
    private static final List<String> OPTIONS = List.of("compress", "env", "env-regex", "labels", "labels-regex", "max-buffer-size", "max-file", "max-size", "mode", "tag");
    private static final long LOCAL_BYTES = 20 << 20;
    private static final int LOCAL_FILES = 5;

    static LogPolicy of(ContainerRecord record) {
        JsonObject config = record.hostConfig().getAsJsonObject("LogConfig");
        if (config == null) {
            return of(FRAMES, Map.of());
        }
        JsonObject given = config.getAsJsonObject("Config");
        if (given == null || given.isEmpty()) {
            return of(config.get("Type").getAsString(), Map.of());
        }
        var options = new LinkedHashMap<String, String>();
        given.entrySet().forEach(entry -> options.put(entry.getKey(), entry.getValue().getAsString()));
        return of(config.get("Type").getAsString(), options);
    }

    /** @throws Fault {@code UNSUPPORTED} for an unknown driver, {@code INVALID} for options that it does not take */
    static LogPolicy of(String driver, Map<String, String> options) {
        if (!DRIVERS.contains(driver)) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "create", "--log-driver " + driver, "the drivers are " + String.join(", ", DRIVERS))
                    .hint("leave the option out; carafe logs reads what is kept");
        }
        boolean local = driver.equals(LOCAL);
        if (options.isEmpty()) {
            return new LogPolicy(driver, local ? LOCAL_BYTES : 0, local ? LOCAL_FILES : 1, local, options);
        }
        for (String name : options.keySet()) {
            if (driver.equals(NONE) || !OPTIONS.contains(name)) {
                throw invalid("unknown log opt '" + name + "' for " + driver + " log driver");
            }
        }
        long most = options.containsKey("max-size") ? size(options.get("max-size")) : local ? LOCAL_BYTES : 0;
        int files = options.containsKey("max-file") ? files(options.get("max-file")) : local ? LOCAL_FILES : 1;
        boolean compress = options.containsKey("compress") ? truth(options.get("compress")) : local && files > 1;
        if (compress && (files < 2 || most == 0)) {
            throw invalid("compress cannot be true when max-file is less than 2 or max-size is not set");
        }
        mode(options);
        pattern(options.getOrDefault("labels-regex", ""));
        pattern(options.getOrDefault("env-regex", ""));
        return new LogPolicy(driver, most, files, compress, options);
    }

    private static Fault invalid(String reason) {
        return Fault.invalid("create", "--log-opt", reason);
    }

    private static long size(String text) {
        long bytes = ByteSize.parse(text).bytes();
        if (bytes <= 0) {
            throw invalid("max-size must be a positive number");
        }
        return bytes;
    }

    private static int files(String text) {
        try {
            int files = Integer.parseInt(text);
            if (files >= 1 && files <= MOST_FILES) {
                return files;
            }
        } catch (NumberFormatException notANumber) {
            throw invalid("max-file must be a number, not \"" + text + "\"");
        }
        throw invalid("max-file cannot be less than 1 or more than " + MOST_FILES);
    }

    /** Each is moved by an instruction of the plan. */
    private static final int MOST_FILES = 1000;

    private static boolean truth(String text) {
        return switch (text) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw invalid("compress must be true or false, not \"" + text + "\"");
        };
    }

    /**
     * Both modes are one here: a container waits for nobody who reads its log, and nothing of it is dropped, so the buffer that a mode is about does not exist.
     */
    private static void mode(Map<String, String> options) {
        String mode = options.getOrDefault("mode", "blocking");
        if (!mode.equals("blocking") && !mode.equals("non-blocking")) {
            throw invalid("logger: invalid logging mode: " + mode);
        }
        if (options.containsKey("max-buffer-size")) {
            if (!mode.equals("non-blocking")) {
                throw invalid("logger: max-buffer-size option is only supported with 'mode=non-blocking'");
            }
            size(options.get("max-buffer-size"));
        }
    }

    private static Pattern pattern(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw invalid("\"" + text + "\" is no regular expression: " + e.getDescription());
        }
    }

    /** Whether output is kept at all. */
    boolean keeps() {
        return !driver.equals(NONE);
    }

    /** Whether an engine writes a copy in another format. */
    boolean copies() {
        return driver.equals(JSON) || driver.equals(KUBERNETES);
    }

    /** Where a tool finds the output: the copy where there is one. */
    Path path(Roots roots, String id) {
        return switch (driver) {
            case JSON -> roots.container(id).resolve(id + "-json.log");
            case KUBERNETES -> roots.container(id).resolve("ctr.log");
            default -> roots.log(id);
        };
    }

    LogFile file(Path path) {
        return new LogFile(path.toString(), mostBytes, files);
    }

    /** What the options say of each line besides its time and stream: labels, variables, the tag; in the order of their names. */
    Map<String, String> attributes(ContainerRecord record) {
        var attributes = new TreeMap<String, String>();
        Map<String, String> labels = record.labels();
        select(attributes, labels, "labels", "labels-regex");
        var variables = new LinkedHashMap<String, String>();
        for (String variable : record.environment()) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                variables.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        select(attributes, variables, "env", "env-regex");
        String tag = options.getOrDefault("tag", "");
        if (!tag.isEmpty()) {
            attributes.put("tag", tag(tag, record));
        }
        return attributes;
    }

    private void select(Map<String, String> into, Map<String, String> from, String names, String regex) {
        List<String> wanted = new ArrayList<>(List.of(options.getOrDefault(names, "").split(",")));
        String expression = options.getOrDefault(regex, "");
        Predicate<String> fits = expression.isEmpty() ? name -> false : pattern(expression).asPredicate();
        from.forEach((name, value) -> {
            if (wanted.contains(name) || fits.test(name)) {
                into.put(name, value);
            }
        });
    }

    /** Docker's words within a tag (docker's page "Customize log driver output"). */
    private static String tag(String template, ContainerRecord record) {
        String imageId = record.imageId().map(Object::toString).orElse("");
        return template.replace("{{.ID}}", record.id().substring(0, 12)).replace("{{.FullID}}", record.id()).replace("{{.Name}}", record.name())
                .replace("{{.ImageName}}", record.image()).replace("{{.ImageFullID}}", imageId)
                .replace("{{.ImageID}}", imageId.substring(imageId.indexOf(':') + 1).substring(0, Math.min(12, imageId.substring(imageId.indexOf(':') + 1).length())))
                .replace("{{.DaemonName}}", "carafe");
    }
}
