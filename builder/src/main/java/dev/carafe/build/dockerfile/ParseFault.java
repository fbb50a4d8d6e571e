package dev.carafe.build.dockerfile;

import dev.carafe.base.Fault;

/** What is wrong with a Dockerfile, in BuildKit's words: {@code dockerfile parse error on line N: …}. */
public final class ParseFault {
    private static final String OPERATION = "dockerfile parse error";

    private ParseFault() {
    }

    /** @param line counted from 1 */
    public static Fault at(int line, String reason) {
        return Fault.invalid(OPERATION, "on line " + line, reason);
    }

    /** Of the whole file. */
    static Fault file(String reason) {
        return Fault.invalid("dockerfile", "", reason);
    }

    /** The line that a fault names; 0 when it names none. */
    public static int line(Fault fault) {
        return fault.operation().equals(OPERATION) ? Integer.parseInt(fault.object().substring("on line ".length())) : 0;
    }

    /** A fault of the expansion of variables, with the line that it came from. */
    public static Fault located(Fault fault, int line) {
        return fault.operation().equals("expand") ? at(line, "failed to process: " + fault.reason()).cause(fault) : fault;
    }
}
