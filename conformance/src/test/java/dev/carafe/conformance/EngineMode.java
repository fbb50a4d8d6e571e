package dev.carafe.conformance;

/** Who serves a command; the results must be the same. */
enum EngineMode {
    /** An engine that stays between commands. */
    WARM(""),
    /** A Java of the command's own. */
    IN_PROCESS("off");

    private final String value;

    EngineMode(String value) {
        this.value = value;
    }

    /** What the variable {@code CARAFE_ENGINE} says for it. */
    String value() {
        return value;
    }
}
