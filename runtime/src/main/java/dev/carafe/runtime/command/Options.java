package dev.carafe.runtime.command;

import dev.carafe.base.Fault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The options and operands of one command, by the grammar that runc has from Go's flag package: one dash or two, {@code --name value} or
 * {@code --name=value}, {@code --} ends the options. Options may follow operands unless the command says that what follows is another's.
 */
final class Options {
    private final Map<String, List<String>> given = new HashMap<>();
    private final List<String> operands = new ArrayList<>();
    private boolean help;
    private int used;

    private Options() {
    }

    /**
     * Reads the words.
     *
     * @param stopsAt after how many operands the rest are operands too, whatever they look like; negative: never
     */
    static Options parse(List<Option> table, List<String> words, int stopsAt) {
        var options = new Options();
        int at = 0;
        while (at < words.size()) {
            String word = words.get(at);
            if (stopsAt >= 0 && options.operands.size() >= stopsAt && (stopsAt > 0 || !isOption(word) || table.isEmpty())) {
                break;
            }
            at++;
            if (word.equals("--")) {
                break;
            }
            if (!isOption(word)) {
                options.operands.add(word);
                continue;
            }
            String text = word.startsWith("--") ? word.substring(2) : word.substring(1);
            int equals = text.indexOf('=');
            String name = equals < 0 ? text : text.substring(0, equals);
            Optional<Option> option = find(table, name);
            if (option.isEmpty()) {
                if (name.equals("help") || name.equals("h")) {
                    options.help = true;
                    continue;
                }
                throw Fault.invalid("use", "option \"" + word + "\"", "flag provided but not defined: -" + name);
            }
            String value;
            if (option.get().kind() == Option.Kind.SWITCH) {
                value = equals < 0 ? "true" : text.substring(equals + 1);
                if (!value.equals("true") && !value.equals("false") && !value.equals("1") && !value.equals("0")) {
                    throw Fault.invalid("use", "option \"" + word + "\"", "expected true or false");
                }
            } else if (equals >= 0) {
                value = text.substring(equals + 1);
            } else if (at < words.size()) {
                value = words.get(at++);
            } else {
                throw Fault.invalid("use", "option \"" + word + "\"", "flag needs an argument: -" + name);
            }
            options.given.computeIfAbsent(option.get().name(), n -> new ArrayList<>()).add(value);
        }
        options.used = at;
        options.operands.addAll(words.subList(at, words.size()));
        return options;
    }

    private static boolean isOption(String word) {
        return word.length() > 1 && word.charAt(0) == '-';
    }

    private static Optional<Option> find(List<Option> table, String name) {
        for (Option option : table) {
            if (option.called(name)) {
                return Optional.of(option);
            }
        }
        return Optional.empty();
    }

    boolean helpAsked() {
        return help;
    }

    /** How many words were read as options and leading operands. */
    int used() {
        return used;
    }

    List<String> operands() {
        return operands;
    }

    boolean has(String name) {
        return given.containsKey(name);
    }

    boolean flag(String name) {
        List<String> values = given.get(name);
        return values != null && (values.getLast().equals("true") || values.getLast().equals("1"));
    }

    /** The value that counts, if it is given and not empty. */
    Optional<String> value(String name) {
        List<String> values = given.get(name);
        return values == null || values.getLast().isEmpty() ? Optional.empty() : Optional.of(values.getLast());
    }

    List<String> values(String name) {
        return given.getOrDefault(name, List.of());
    }

    /** A whole number from 0 to most; absent: 0. */
    int count(String name, int most) {
        String text = value(name).orElse("0");
        try {
            int number = Integer.parseInt(text);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw Fault.invalid("use", "--" + name + " \"" + text + "\"", "expected a number from 0 to " + most);
    }

    /** A signed number of 64 bits. */
    Optional<Long> number(String name) {
        Optional<String> text = value(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.parseLong(text.get()));
        } catch (NumberFormatException e) {
            throw Fault.invalid("use", "--" + name + " \"" + text.get() + "\"", "invalid value for " + name + ": expected a whole number");
        }
    }
}
