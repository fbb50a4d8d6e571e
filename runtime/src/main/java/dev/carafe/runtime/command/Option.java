package dev.carafe.runtime.command;

/**
 * An option of a command.
 *
 * @param letter its one-letter alias, or a space
 */
record Option(String name, char letter, Kind kind, String summary) {
    /** What an option takes. */
    enum Kind {
        /** Nothing; {@code --name=false} takes it back. */
        SWITCH,
        /** A value; the last one counts. */
        VALUE,
        /** A value each time that it is given. */
        LIST
    }

    static Option flag(String name, char letter, String summary) {
        return new Option(name, letter, Kind.SWITCH, summary);
    }

    static Option value(String name, char letter, String summary) {
        return new Option(name, letter, Kind.VALUE, summary);
    }

    static Option list(String name, char letter, String summary) {
        return new Option(name, letter, Kind.LIST, summary);
    }

    boolean called(String word) {
        return word.equals(name) || letter != ' ' && word.length() == 1 && word.charAt(0) == letter;
    }
}
