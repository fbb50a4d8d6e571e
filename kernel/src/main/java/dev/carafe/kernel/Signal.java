package dev.carafe.kernel;

import dev.carafe.base.Fault;
import java.util.Locale;

/**
 * A signal of Linux (signal(7)), as x86-64 and arm64 number them; the real-time signals are those that glibc and musl leave to programs.
 *
 * @param number 1 to 64
 */
public record Signal(int number) {
    public static final Signal HUP = new Signal(1);
    public static final Signal INT = new Signal(2);
    public static final Signal KILL = new Signal(9);
    public static final Signal TERM = new Signal(15);

    private static final int LAST = 64;
    private static final int FIRST_REAL_TIME = 34;
    private static final String[] NAMES = {"", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
        "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR",
        "SYS"};

    public Signal {
        if (number < 1 || number > LAST) {
            throw Fault.invalid("invalid signal", "", Integer.toString(number)).hint("signals are numbered from 1 to " + LAST);
        }
    }

    /**
     * Reads a number, or a name in any case with or without SIG: {@code 15}, {@code TERM}, {@code sigterm}, {@code RTMIN+3}, {@code RTMAX-2}.
     *
     * @throws Fault of kind {@code INVALID}
     */
    public static Signal parse(String text) {
        String name = text.toUpperCase(Locale.ROOT);
        if (name.startsWith("SIG")) {
            name = name.substring(3);
        }
        int number = switch (name) {
            case "IOT" -> 6;
            case "CLD" -> 17;
            case "POLL" -> 29;
            case "UNUSED" -> 31;
            default -> named(name);
        };
        if (number == 0 && name.startsWith("RTMIN")) {
            number = offset(name.substring(5), '+', FIRST_REAL_TIME, 1);
        } else if (number == 0 && name.startsWith("RTMAX")) {
            number = offset(name.substring(5), '-', LAST, -1);
        } else if (number == 0) {
            number = digits(text);
        }
        if (number < 1 || number > LAST) {
            throw Fault.invalid("invalid signal", "", text);
        }
        return new Signal(number);
    }

    private static int named(String name) {
        for (int i = 1; i < NAMES.length; i++) {
            if (NAMES[i].equals(name)) {
                return i;
            }
        }
        return 0;
    }

    private static int offset(String text, char sign, int base, int direction) {
        if (text.isEmpty()) {
            return base;
        }
        int offset = text.charAt(0) == sign ? digits(text.substring(1)) : -1;
        int number = base + direction * offset;
        return offset >= 0 && number >= FIRST_REAL_TIME && number <= LAST ? number : 0;
    }

    /** Up to two decimal digits, or -1. */
    private static int digits(String text) {
        if (text.isEmpty() || text.length() > 2) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + c - '0';
        }
        return number;
    }

    /** As signal(7) spells it: {@code SIGTERM}, {@code SIGRTMIN+3}; the two that belong to the C library by number alone. */
    public String word() {
        if (number < NAMES.length) {
            return "SIG" + NAMES[number];
        }
        if (number < FIRST_REAL_TIME) {
            return Integer.toString(number);
        }
        if (number == LAST) {
            return "SIGRTMAX";
        }
        return number == FIRST_REAL_TIME ? "SIGRTMIN" : "SIGRTMIN+" + (number - FIRST_REAL_TIME);
    }

    @Override
    public String toString() {
        return word();
    }
}
