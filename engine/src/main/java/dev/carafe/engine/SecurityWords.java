package dev.carafe.engine;

import dev.carafe.base.Fault;
import dev.carafe.engine.SecurityOptions.SeccompChoice;
import java.util.ArrayList;
import java.util.List;

/**
 * The values of {@code --security-opt}: docker's {@code seccomp}, {@code apparmor}, {@code label}, {@code no-new-privileges} and
 * {@code systempaths}, and podman's {@code mask} and {@code unmask}. The name and the value are parted by {@code =}, or by a colon where there is none.
 */
public final class SecurityWords {
    /** Finds filters of system calls. */
    public interface Profiles {
        /**
         * The JSON that the value of {@code seccomp} means.
         *
         * @throws Fault when there is none
         */
        String profile(String value);
    }

    private final Profiles profiles;
    private final SecurityOptions.Builder options;
    private final List<String> selinux = new ArrayList<>();
    private final List<String> masked = new ArrayList<>();
    private final List<String> unmasked = new ArrayList<>();

    private SecurityWords(Profiles profiles, SecurityOptions.Builder options) {
        this.profiles = profiles;
        this.options = options;
    }

    /**
     * Adds what the values say.
     *
     * @throws Fault of kind {@code INVALID} for a value that is not known, or of the file's kind for a profile that cannot be read
     */
    public static void apply(List<String> values, Profiles profiles, SecurityOptions.Builder options) {
        var words = new SecurityWords(profiles, options);
        for (String value : values) {
            words.take(value);
        }
        options.selinux(words.selinux).masks(words.masked, words.unmasked);
    }

    private void take(String text) {
        int cut = text.indexOf('=') >= 0 ? text.indexOf('=') : text.indexOf(':');
        String name = cut < 0 ? text : text.substring(0, cut);
        String value = cut < 0 ? "" : text.substring(cut + 1);
        if (cut < 0 && !name.equals("no-new-privileges") || cut >= 0 && value.isEmpty()) {
            throw unknown(text);
        }
        switch (name) {
            case "no-new-privileges" -> options.noNewPrivileges(cut < 0 || isTrue(text, value));
            case "seccomp" -> options.seccomp(seccomp(value));
            case "apparmor" -> options.apparmor(value);
            case "label" -> selinux.add(label(text, value));
            case "mask" -> masked.addAll(paths(text, value));
            case "unmask" -> unmasked.addAll(value.equalsIgnoreCase("ALL") ? List.of("ALL") : paths(text, value));
            case "systempaths" -> {
                if (!value.equals("unconfined")) {
                    throw unknown(text);
                }
                options.systemPathsOpen(true);
            }
            default -> throw unknown(text);
        }
    }

    private static boolean isTrue(String text, String value) {
        return switch (value) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw unknown(text);
        };
    }

    private SeccompChoice seccomp(String value) {
        return switch (value) {
            case "unconfined" -> new SeccompChoice.Unconfined();
            case "builtin" -> new SeccompChoice.Builtin();
            default -> new SeccompChoice.Profile(profiles.profile(value));
        };
    }

    private static String label(String text, String value) {
        int colon = value.indexOf(':');
        boolean known = value.equals("disable") || colon > 0 && colon + 1 < value.length() && switch (value.substring(0, colon)) {
            case "user", "role", "type", "level", "filetype" -> true;
            default -> false;
        };
        if (!known) {
            throw unknown(text);
        }
        return value;
    }

    private static List<String> paths(String text, String value) {
        var paths = List.of(value.split(":", -1));
        for (String path : paths) {
            if (!path.startsWith("/")) {
                throw unknown(text);
            }
        }
        return paths;
    }

    private static Fault unknown(String text) {
        return Fault.invalid("invalid --security-opt", "", "\"" + text + "\"");
    }
}
