package dev.carafe.cli.flag;

import dev.carafe.base.Fault;
import dev.carafe.cli.text.Quote;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the arguments of a command by its table, with the grammar of Go's pflag as docker's client uses it.
 *
 * <p>{@code --name value}, {@code --name=value}, {@code -n value}, {@code -nvalue}, {@code -n=value}; switches stand alone, may be
 * joined ({@code -it}), and take a value only behind {@code =}; {@code --} ends the options; a lone {@code -} is an operand. {@code --help}
 * wins over missing operands, never over an offence; {@code -h} means the same where the table does not use that letter.
 */
public final class FlagParser {
    private final CommandSpec command;
    private final List<String> arguments;
    private final Setter setter;
    private final Values values;
    private final List<String> operands = new ArrayList<>();
    private int at;
    private boolean helpAsked;

    private FlagParser(CommandSpec command, List<String> arguments, Setter setter) {
        this.command = command;
        this.arguments = arguments;
        this.setter = setter;
        this.values = new Values(command);
    }

    /** Reads the words behind the command's name. */
    public static Outcome parse(CommandSpec command, List<String> arguments) {
        return parse(command, arguments, new Setter() {
            @Override
            public void set(Option option, String value) {}
        });
    }

    /** Reads the words behind the command's name and hands every option to the setter as well. */
    public static Outcome parse(CommandSpec command, List<String> arguments, Setter setter) {
        var parser = new FlagParser(command, arguments, setter);
        try {
            parser.readAll();
        } catch (Fault offence) {
            boolean absent = offence.kind() == Fault.Kind.UNSUPPORTED;
            return new Outcome.Refused(absent ? offence.getMessage() : offence.getMessage() + "\n" + Help.see(command), Outcome.BAD_OPTION);
        }
        if (parser.helpAsked) {
            return new Outcome.HelpAsked(command);
        }
        String miscount = parser.miscount();
        return miscount.isEmpty()
                ? new Outcome.Accepted(parser.values, parser.operands)
                : new Outcome.Refused(miscount + "\n" + Help.see(command) + "\n\n" + command.usage() + "\n\n" + command.summary(),
                        Outcome.BAD_OPERANDS);
    }

    private void readAll() {
        while (at < arguments.size()) {
            String word = arguments.get(at++);
            if (word.length() < 2 || word.charAt(0) != '-') {
                operands.add(word);
                if (command.stopsAtOperand()) {
                    break;
                }
            } else if (word.equals("--")) {
                break;
            } else if (word.charAt(1) == '-') {
                readLong(word);
            } else {
                readLetters(word);
            }
        }
        operands.addAll(arguments.subList(at, arguments.size()));
    }

    private void readLong(String word) {
        char first = word.charAt(2);
        if (first == '-' || first == '=') {
            throw Fault.invalid("bad flag syntax", "", word);
        }
        int equals = word.indexOf('=');
        String name = equals < 0 ? word.substring(2) : word.substring(2, equals);
        Option option = named(name);
        refuseAbsent(option);
        if (option == null) {
            if (!name.equals("help")) {
                throw Fault.invalid("unknown flag", "", "--" + name);
            }
            helpAsked = equals < 0 || Numbers.parseBool(word.substring(equals + 1));
        } else if (equals >= 0) {
            set(option, word.substring(equals + 1));
        } else if (option.type() == Type.SWITCH) {
            set(option, "true");
        } else if (at < arguments.size()) {
            set(option, arguments.get(at++));
        } else {
            throw Fault.invalid("flag needs an argument", "", word);
        }
    }

    private void readLetters(String word) {
        for (int i = 1; i < word.length(); i++) {
            char letter = word.charAt(i);
            Option option = lettered(letter);
            refuseAbsent(option);
            if (option == null) {
                if (letter != 'h') {
                    throw Fault.invalid("unknown shorthand flag", "", Quote.rune(letter) + " in -" + word.substring(i));
                }
                helpAsked = true;
            } else if (i + 2 < word.length() && word.charAt(i + 1) == '=') {
                set(option, word.substring(i + 2));
                return;
            } else if (option.type() == Type.SWITCH) {
                set(option, "true");
            } else if (i + 1 < word.length()) {
                set(option, word.substring(i + 1));
                return;
            } else if (at < arguments.size()) {
                set(option, arguments.get(at++));
            } else {
                throw Fault.invalid("flag needs an argument", "", Quote.rune(letter) + " in -" + word.substring(i));
            }
        }
    }

    private void refuseAbsent(@Nullable Option option) {
        if (option != null && !option.refusal().isEmpty()) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, command.path(), option.spelled(), option.refusal());
        }
    }

    private void set(Option option, String value) {
        try {
            option.type().check(value);
            setter.set(option, value);
        } catch (Fault offence) {
            throw Fault.invalid("invalid argument", Quote.of(value) + " for \"" + option.spelled() + "\" flag", offence.reason());
        }
        values.add(option, value);
    }

    private @Nullable Option named(String name) {
        for (Option option : command.options()) {
            if (option.name().equals(name)) {
                return option;
            }
        }
        return null;
    }

    private @Nullable Option lettered(char letter) {
        for (Option option : command.options()) {
            if (option.letter() == letter) {
                return option;
            }
        }
        return null;
    }

    private String miscount() {
        int count = operands.size();
        if (count >= command.atLeast() && count <= command.atMost()) {
            return "";
        }
        String who = Quote.of(command.path());
        if (command.atMost() == 0) {
            return who + " accepts no arguments.";
        }
        if (command.atLeast() == command.atMost()) {
            return who + " requires exactly " + counted(command.atLeast()) + ".";
        }
        if (command.atMost() == CommandSpec.ANY) {
            return who + " requires at least " + counted(command.atLeast()) + ".";
        }
        if (command.atLeast() == 0) {
            return who + " requires at most " + counted(command.atMost()) + ".";
        }
        return who + " requires at least " + command.atLeast() + " and at most " + counted(command.atMost()) + ".";
    }

    private static String counted(int count) {
        return count == 1 ? "1 argument" : count + " arguments";
    }
}
