package dev.carafe.engine;

import dev.carafe.base.Fault;
import java.util.Optional;

/**
 * A secret that a container is given (podman-run(1), {@code --secret}), as a file or as a variable.
 *
 * @param secret its name or id
 * @param variable whether it becomes a variable rather than a file
 * @param target the file, below {@code /run/secrets} unless absolute, or the variable; absent: the secret's name
 * @param uid whose the file is
 * @param mode of the file
 */
public record SecretUse(String secret, boolean variable, Optional<String> target, int uid, int gid, int mode) {
    static final String DIRECTORY = "/run/secrets/";
    private static final int USUAL_MODE = 0444;

    /** A file that everybody in the container may read. */
    public static SecretUse file(String secret) {
        return new SecretUse(secret, false, Optional.empty(), 0, 0, USUAL_MODE);
    }

    public static SecretUse variable(String secret, String name) {
        return new SecretUse(secret, true, Optional.of(name), 0, 0, USUAL_MODE);
    }

    /**
     * Reads {@code SECRET[,type=mount|env][,target=][,uid=][,gid=][,mode=]}.
     *
     * @throws Fault of kind {@code INVALID}
     */
    public static SecretUse parse(String text) {
        String[] words = text.split(",", -1);
        String secret = words[0].startsWith("source=") ? words[0].substring("source=".length()) : words[0];
        if (secret.isEmpty() || secret.indexOf('=') >= 0) {
            throw invalid(text, "it begins with the secret's name");
        }
        String type = "mount";
        Optional<String> target = Optional.empty();
        int uid = 0;
        int gid = 0;
        int mode = USUAL_MODE;
        boolean owned = false;
        for (int k = 1; k < words.length; k++) {
            int equals = words[k].indexOf('=');
            String value = words[k].substring(equals + 1);
            switch (equals < 0 ? words[k] : words[k].substring(0, equals)) {
                case "type" -> type = value;
                case "target" -> target = Optional.of(value);
                case "uid" -> uid = number(text, words[k], value, 10);
                case "gid" -> gid = number(text, words[k], value, 10);
                case "mode" -> mode = number(text, words[k], value, 8);
                default -> throw invalid(text, "option " + words[k] + " invalid");
            }
            owned |= words[k].startsWith("uid=") || words[k].startsWith("gid=") || words[k].startsWith("mode=");
        }
        if (!type.equals("mount") && !type.equals("env")) {
            throw invalid(text, "type " + type + " is invalid");
        }
        if (type.equals("env") && owned) {
            throw invalid(text, "UID, GID, Mode options cannot be set with secret type env");
        }
        if (target.filter(String::isEmpty).isPresent()) {
            throw invalid(text, "the target is empty");
        }
        return new SecretUse(secret, type.equals("env"), target, uid, gid, mode);
    }

    private static int number(String text, String word, String value, int radix) {
        try {
            int number = Integer.parseInt(value, radix);
            if (number >= 0 && (radix != 8 || number <= 07777)) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            throw invalid(text, word.replace('=', ' ') + " invalid");
        }
        throw invalid(text, word.replace('=', ' ') + " invalid");
    }

    private static Fault invalid(String text, String reason) {
        return Fault.invalid("read", "secret \"" + text + "\"", reason);
    }

    /** Where a file comes to lie. */
    String path(String name) {
        String wanted = target.orElse(name);
        return wanted.startsWith("/") ? wanted : DIRECTORY + wanted;
    }
}
