package dev.carafe.cli.run;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.Numbers;
import dev.carafe.engine.LimitOptions.DeviceLimit;
import dev.carafe.engine.SecurityOptions.DeviceMapping;
import dev.carafe.oci.runtime.DeviceRule;
import dev.carafe.oci.runtime.Rlimit;
import java.util.Locale;
import java.util.Optional;

/** Values with a small grammar of their own: devices, rates, ulimits, labels, variables, kernel parameters. The reasons of faults are docker's. */
final class Specifications {
    private static final String NUMBER_HINT = ". The correct format is <device-path>:<number>. Number must be a positive integer";
    private static final String RATE_HINT =
            ". The correct format is <device-path>:<number>[<unit>]. Number must be a positive integer. Unit is optional and can be kb, mb, or gb";

    private Specifications() {}

    /** {@code HOST[:CONTAINER][:PERMISSIONS]} of {@code --device}. */
    static DeviceMapping device(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length > 3 || parts[0].isEmpty()) {
            throw Fault.invalid("bad format for path", "", text);
        }
        String target = parts[0];
        String permissions = "rwm";
        if (parts.length == 2 && arePermissions(parts[1])) {
            permissions = parts[1];
        } else if (parts.length > 1) {
            target = parts[1];
        }
        if (parts.length == 3) {
            if (!arePermissions(parts[2])) {
                throw Fault.invalid("bad mode specified", "", parts[2]);
            }
            permissions = parts[2];
        }
        if (!target.startsWith("/")) {
            throw Fault.invalid("device", text, target + " is not an absolute path");
        }
        return new DeviceMapping(parts[0], target, permissions);
    }

    private static boolean arePermissions(String text) {
        for (int i = 0; i < text.length(); i++) {
            if ("rwm".indexOf(text.charAt(i)) < 0 || text.indexOf(text.charAt(i)) != i) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** {@code c 1:3 rwm} of {@code --device-cgroup-rule}, with a star for any number. */
    static DeviceRule deviceRule(String text) {
        String[] words = text.split(" ", -1);
        int colon = words.length == 3 ? words[1].indexOf(':') : -1;
        if (colon < 0 || words[2].isEmpty() || words[2].length() > 3) {
            throw badRule(text);
        }
        DeviceRule.Type type = switch (words[0]) {
            case "a" -> DeviceRule.Type.ALL;
            case "b" -> DeviceRule.Type.BLOCK;
            case "c" -> DeviceRule.Type.CHARACTER;
            default -> throw badRule(text);
        };
        for (int i = 0; i < words[2].length(); i++) {
            if ("rwm".indexOf(words[2].charAt(i)) < 0) {
                throw badRule(text);
            }
        }
        return new DeviceRule(true, Optional.of(type), deviceNumber(text, words[1].substring(0, colon)),
                deviceNumber(text, words[1].substring(colon + 1)), Optional.of(words[2]));
    }

    private static Optional<Long> deviceNumber(String rule, String number) {
        if (number.equals("*")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Numbers.parseDigits(number));
        } catch (Fault notANumber) {
            throw badRule(rule);
        }
    }

    private static Fault badRule(String text) {
        return reason("invalid device cgroup format '" + text + "'");
    }

    /** {@code /dev/DEVICE:VALUE} of the options that limit the block I/O of one device. */
    static DeviceLimit deviceLimit(DeviceLimit.Kind kind, String text) {
        int colon = text.indexOf(':');
        if (colon <= 0) {
            throw reason("bad format: " + text);
        }
        String path = text.substring(0, colon);
        String value = text.substring(colon + 1);
        if (!path.startsWith("/dev/")) {
            throw reason("bad format for device path: " + text);
        }
        try {
            return switch (kind) {
                case READ_BYTES, WRITE_BYTES -> new DeviceLimit(kind, path, Numbers.parseBytes(value));
                case READ_OPERATIONS, WRITE_OPERATIONS -> new DeviceLimit(kind, path, Numbers.parseDigits(value));
                case WEIGHT -> new DeviceLimit(kind, path, weight(text, Numbers.parseDigits(value)));
            };
        } catch (Fault notANumber) {
            throw reason(switch (kind) {
                case READ_BYTES, WRITE_BYTES -> "invalid rate for device: " + text + RATE_HINT;
                case READ_OPERATIONS, WRITE_OPERATIONS -> "invalid rate for device: " + text + NUMBER_HINT;
                case WEIGHT -> "invalid weight for device: " + text;
            });
        }
    }

    private static long weight(String text, long weight) {
        if (weight < 10 || weight > 1000) {
            throw reason("invalid weight for device: " + text);
        }
        return weight;
    }

    /** {@code NAME=SOFT[:HARD]} of {@code --ulimit}; -1 for no limit. */
    static Rlimit ulimit(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw reason("invalid ulimit argument: " + text);
        }
        Rlimit.Type type = ulimitType(text.substring(0, equals));
        String values = text.substring(equals + 1);
        String[] parts = values.split(":", -1);
        if (parts.length > 2) {
            throw reason("too many limit value arguments - " + values + ", can only have up to two, `soft[:hard]`");
        }
        long soft = bound(parts[0]);
        long hard = parts.length == 2 ? bound(parts[1]) : soft;
        if (hard != Rlimit.INFINITY && soft == Rlimit.INFINITY) {
            throw reason("ulimit soft limit must be less than or equal to hard limit: soft: -1 (unlimited), hard: " + hard);
        }
        if (hard != Rlimit.INFINITY && soft > hard) {
            throw reason("ulimit soft limit must be less than or equal to hard limit: " + soft + " > " + hard);
        }
        return new Rlimit(type, soft, hard);
    }

    private static long bound(String text) {
        long bound = Numbers.parseInt(text);
        if (bound < Rlimit.INFINITY) {
            throw reason("ulimit must not be negative, except for -1 (unlimited): " + bound);
        }
        return bound;
    }

    private static Rlimit.Type ulimitType(String name) {
        if (!name.equals("as")) {
            for (Rlimit.Type type : Rlimit.Type.values()) {
                if (type.name().substring("RLIMIT_".length()).toLowerCase(Locale.ROOT).equals(name)) {
                    return type;
                }
            }
        }
        throw reason("invalid ulimit type: " + name);
    }

    /** Refuses a label without a name. */
    static void checkLabel(String text) {
        String name = before(text).stripLeading();
        if (name.isEmpty()) {
            throw reason("invalid label '" + text + "': empty name");
        }
        for (int i = 0; i < name.length(); i++) {
            if (Character.isWhitespace(name.charAt(i))) {
                throw reason("label '" + name + "' contains whitespaces");
            }
        }
    }

    /** Refuses a variable without a name. */
    static void checkVariable(String text) {
        if (before(text).isEmpty()) {
            throw reason("invalid environment variable: " + text);
        }
    }

    /** Refuses a kernel parameter that is not one of a namespace's (namespaces(7): IPC and network). */
    static void checkSysctl(String text) {
        String name = before(text);
        boolean allowed = text.indexOf('=') >= 0 && switch (name) {
            case "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni",
                    "kernel.shm_rmid_forced" -> true;
            default -> name.startsWith("net.") || name.startsWith("fs.mqueue.");
        };
        if (!allowed) {
            throw reason("sysctl '" + text + "' is not allowed");
        }
    }

    /** What stands before the first equals sign. */
    static String before(String text) {
        int equals = text.indexOf('=');
        return equals < 0 ? text : text.substring(0, equals);
    }

    /** What stands behind the first equals sign; empty when there is none. */
    static String behind(String text) {
        int equals = text.indexOf('=');
        return equals < 0 ? "" : text.substring(equals + 1);
    }

    private static Fault reason(String text) {
        return Fault.invalid("read option", "", text);
    }
}
