package dev.carafe.cli.run;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.Numbers;
import dev.carafe.engine.ContainerMount;
import dev.carafe.engine.ContainerMount.Bind;
import dev.carafe.engine.ContainerMount.Recursion;
import dev.carafe.engine.ContainerMount.Relabel;
import dev.carafe.engine.ContainerMount.Tmpfs;
import dev.carafe.engine.ContainerMount.Volume;
import dev.carafe.engine.VolumeWords;
import dev.carafe.plan.MountOptions.Propagation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The value of {@code --mount}: {@code key=value} pairs with commas between them, quoted as CSV (docker's reference of {@code docker run},
 * "Add bind mounts or volumes using the --mount flag"). Reading it checks its form; {@link #mount} checks what it means.
 */
final class MountSpecification {
    private String type = "volume";
    private String source = "";
    private String target = "";
    private boolean readOnly;
    private String propagation = "";
    private Recursion recursion = Recursion.ENABLED;
    private boolean createSource;
    private boolean copy = true;
    private String subpath = "";
    private String driver = "";
    private final Map<String, String> driverOptions = new LinkedHashMap<>();
    private final Map<String, String> labels = new LinkedHashMap<>();
    private long tmpfsBytes;
    private String tmpfsMode = "";
    private final List<String> families = new ArrayList<>();

    private MountSpecification() {}

    static MountSpecification parse(String text) {
        var specification = new MountSpecification();
        String value = text.strip();
        if (value.isEmpty()) {
            throw refused("value is empty");
        }
        for (String field : fields(value)) {
            specification.take(field);
        }
        specification.check();
        return specification;
    }

    private void take(String field) {
        int equals = field.indexOf('=');
        String key = (equals < 0 ? field : field.substring(0, equals)).toLowerCase(Locale.ROOT);
        String value = equals < 0 ? "" : field.substring(equals + 1);
        if (!key.equals(key.strip())) {
            throw refused("invalid option '" + key.strip() + "' in '" + field + "': option should not have whitespace");
        }
        if (equals >= 0 && !value.equals(value.strip())) {
            throw refused("invalid value for '" + key + "' in '" + field + "': value should not have whitespace");
        }
        boolean isSwitch = switch (key) {
            case "readonly", "ro", "volume-nocopy", "bind-nonrecursive", "bind-create-src" -> true;
            default -> false;
        };
        if (equals < 0 && !isSwitch) {
            throw refused("invalid field '" + field + "' must be a key=value pair");
        }
        if (key.startsWith("bind-") || key.startsWith("volume-") || key.startsWith("tmpfs-")) {
            families.add(key.substring(0, key.indexOf('-')));
        }
        set(key, value, field, isSwitch && (equals < 0 || isTrue(key, value)));
    }

    private void set(String key, String value, String field, boolean on) {
        switch (key) {
            case "type" -> type = value.toLowerCase(Locale.ROOT);
            case "source", "src" -> source = value;
            case "target", "dst", "destination" -> target = value;
            case "readonly", "ro" -> readOnly = on;
            case "bind-propagation" -> propagation = value.toLowerCase(Locale.ROOT);
            case "bind-nonrecursive" -> recursion = on ? Recursion.DISABLED : Recursion.ENABLED;
            case "bind-recursive" -> recursion = recursion(key, value);
            case "bind-create-src" -> createSource = on;
            case "volume-nocopy" -> copy = !on;
            case "volume-subpath" -> subpath = value;
            case "volume-driver" -> driver = value;
            case "volume-label" -> put(labels, value);
            case "volume-opt" -> put(driverOptions, value);
            case "tmpfs-size" -> tmpfsBytes = tmpfsBytes(key, value);
            case "tmpfs-mode" -> tmpfsMode = tmpfsMode(key, value);
            default -> throw refused("unknown option '" + key + "' in '" + field + "'");
        }
    }

    private static Recursion recursion(String key, String value) {
        return switch (value) {
            case "enabled" -> Recursion.ENABLED;
            case "disabled" -> Recursion.DISABLED;
            case "writable" -> Recursion.WRITABLE;
            case "readonly" -> Recursion.READONLY;
            default -> throw refused(
                    "invalid value for " + key + ": " + value + " (must be \"enabled\", \"disabled\", \"writable\", or \"readonly\")");
        };
    }

    private static long tmpfsBytes(String key, String value) {
        try {
            return Numbers.parseBytes(value);
        } catch (Fault notASize) {
            throw refused("invalid value for " + key + ": " + value);
        }
    }

    private static String tmpfsMode(String key, String value) {
        boolean octal = !value.isEmpty() && value.length() <= 5;
        for (int i = 0; i < value.length(); i++) {
            octal &= value.charAt(i) >= '0' && value.charAt(i) <= '7';
        }
        if (!octal) {
            throw refused("invalid value for " + key + ": " + value);
        }
        return value;
    }

    private static boolean isTrue(String key, String value) {
        return switch (value) {
            case "1", "true" -> true;
            case "0", "false" -> false;
            default -> throw refused("invalid value for " + key + ": " + value);
        };
    }

    private static void put(Map<String, String> map, String entry) {
        int equals = entry.indexOf('=');
        map.put(equals < 0 ? entry : entry.substring(0, equals), equals < 0 ? "" : entry.substring(equals + 1));
    }

    private void check() {
        if (type.isEmpty()) {
            throw refused("type is required");
        }
        if (target.isEmpty()) {
            throw refused("target is required");
        }
        for (String family : families) {
            if (!family.equals(type)) {
                throw refused("cannot mix '" + family + "-*' options with mount type '" + type + "'");
            }
        }
    }

    /**
     * The mount that is meant.
     *
     * @throws Fault of kind {@code INVALID}: {@code invalid mount config for type "bind": …}
     */
    ContainerMount mount(Caller caller) {
        return switch (type) {
            case "bind" -> new Bind(caller.absolute(source), target, readOnly, propagation(), recursion, Relabel.NONE, createSource);
            case "volume" -> new Volume(VolumeWords.name(source), target, readOnly, copy, given(subpath), given(driver), driverOptions,
                    labels, Relabel.NONE);
            case "tmpfs" -> tmpfs();
            default -> throw invalid("mount type unknown");
        };
    }

    private Tmpfs tmpfs() {
        if (!source.isEmpty()) {
            throw invalid("field Source must not be specified");
        }
        var options = new ArrayList<String>();
        if (readOnly) {
            options.add("ro");
        }
        if (!tmpfsMode.isEmpty()) {
            options.add("mode=" + tmpfsMode);
        }
        if (tmpfsBytes > 0) {
            options.add("size=" + tmpfsBytes);
        }
        return new Tmpfs(target, options);
    }

    private Optional<Propagation> propagation() {
        if (propagation.isEmpty()) {
            return Optional.empty();
        }
        Optional<Propagation> kind = Propagation.parse(propagation);
        if (kind.isEmpty() || propagation.endsWith("unbindable")) {
            throw invalid("invalid propagation mode: " + propagation);
        }
        return kind;
    }

    private static Optional<String> given(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private Fault invalid(String reason) {
        return Fault.invalid("invalid mount config", "for type \"" + type + "\"", reason);
    }

    private static Fault refused(String reason) {
        return Fault.invalid("read mount", "", reason);
    }

    /** The fields of one line of CSV (RFC 4180). */
    private static List<String> fields(String line) {
        var fields = new ArrayList<String>();
        int at = 0;
        while (true) {
            var field = new StringBuilder();
            if (at < line.length() && line.charAt(at) == '"') {
                at = quoted(line, at + 1, field);
            } else {
                int comma = line.indexOf(',', at);
                int end = comma < 0 ? line.length() : comma;
                field.append(line, at, end);
                if (field.indexOf("\"") >= 0) {
                    throw refused("parse error on line 1, column " + (at + field.indexOf("\"") + 1) + ": bare \" in non-quoted-field");
                }
                at = end;
            }
            fields.add(field.toString());
            if (at >= line.length()) {
                return fields;
            }
            at++;
        }
    }

    private static int quoted(String line, int start, StringBuilder field) {
        for (int at = start; at < line.length(); at++) {
            if (line.charAt(at) != '"') {
                field.append(line.charAt(at));
            } else if (line.startsWith("\"\"", at)) {
                field.append('"');
                at++;
            } else if (at + 1 == line.length() || line.charAt(at + 1) == ',') {
                return at + 1;
            } else {
                throw refused("parse error on line 1, column " + (at + 1) + ": extraneous or missing \" in quoted-field");
            }
        }
        throw refused("parse error on line 1, column " + (line.length() + 1) + ": extraneous or missing \" in quoted-field");
    }
}
