package dev.carafe.cli.flag;

/**
 * One row of a command's table of options.
 *
 * @param name what follows the two dashes
 * @param letter what follows a single dash, or {@link #NO_LETTER}
 * @param type what its value looks like
 * @param placeholder the word for the value in the help page; empty for a switch
 * @param initial what holds when the option is not given, as the user would write it; empty for nothing
 * @param text the line of the help page; empty hides the row, for a second spelling of another option
 * @param target the name under which its values are kept: its own, or that of the option which it is another spelling of
 * @param refusal why an option of docker's that users know is not there, said to whoever gives it; empty: it is there
 */
public record Option(String name, char letter, Type type, String placeholder, String initial, String text, String target, String refusal) {
    public static final char NO_LETTER = '\0';

    /** An option of that type under that name, without a letter and without an initial value. */
    public static Option of(Type type, String name, String text) {
        return new Option(name, NO_LETTER, type, type.word(), "", text, name, "");
    }

    /** An option of that type under that letter and name, without an initial value. */
    public static Option of(Type type, char letter, String name, String text) {
        return new Option(name, letter, type, type.word(), "", text, name, "");
    }

    /** An option that users know and that is not there: the help page does not show it, and whoever gives it is told why. */
    public static Option absent(Type type, char letter, String name, String refusal) {
        return new Option(name, letter, type, type.word(), "", "", name, refusal);
    }

    /** As {@link #absent(Type, char, String, String)}, without a letter. */
    public static Option absent(String name, String refusal) {
        return absent(Type.TEXT, NO_LETTER, name, refusal);
    }

    /** An option that the help page does not show, since whatever it may say changes nothing. */
    public static Option hidden(Type type, String name) {
        return hidden(type, NO_LETTER, name);
    }

    /** As {@link #hidden(Type, String)}, with a letter. */
    public static Option hidden(Type type, char letter, String name) {
        return new Option(name, letter, type, type.word(), "", "", name, "");
    }

    /** The same option with a value that holds when it is not given. */
    public Option initially(String value) {
        return new Option(name, letter, type, placeholder, value, text, target, refusal);
    }

    /** The same option with another word for its value. */
    public Option placeholder(String word) {
        return new Option(name, letter, type, word, initial, text, target, refusal);
    }

    /** A second spelling of this option, which the help page does not show. */
    public Option alias(String spelling) {
        return new Option(spelling, NO_LETTER, type, placeholder, initial, "", target, refusal);
    }

    boolean hidden() {
        return text.isEmpty();
    }

    /** As refusals name it: {@code -m, --memory}. */
    String spelled() {
        return letter == NO_LETTER ? "--" + name : "-" + letter + ", --" + name;
    }
}
