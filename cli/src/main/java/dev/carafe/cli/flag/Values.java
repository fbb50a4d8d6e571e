package dev.carafe.cli.flag;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The options of one command line as they were given, asked for by name.
 *
 * <p>An option that was not given answers with its {@linkplain Option#initial() initial value}; asking for a name that is not in the
 * table is a defect of the caller and throws {@link IllegalArgumentException}.
 */
public final class Values {
    private final CommandSpec command;
    private final Map<String, Option> options = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();

    Values(CommandSpec command) {
        this.command = command;
        for (Option option : command.options()) {
            options.putIfAbsent(option.name(), option);
        }
    }

    void add(Option option, String value) {
        names.add(option.target());
        texts.add(value);
    }

    /** Whether the option was given at all. */
    public boolean given(String name) {
        option(name);
        return names.contains(name);
    }

    /** Whether any option was given whose name begins so. */
    public boolean givenAny(String prefix) {
        for (String name : names) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** The last value given, or the initial one. */
    public String text(String name) {
        Option option = option(name);
        int last = names.lastIndexOf(name);
        return last < 0 ? option.initial() : texts.get(last);
    }

    /** The last value given, if any. */
    public Optional<String> textIfGiven(String name) {
        option(name);
        int last = names.lastIndexOf(name);
        return last < 0 ? Optional.empty() : Optional.of(texts.get(last));
    }

    /** A switch. */
    public boolean on(String name) {
        String text = text(name);
        return !text.isEmpty() && Numbers.parseBool(text);
    }

    /** A number of type {@link Type#INT} or {@link Type#UINT16}; 0 when it was not given and has no initial value. */
    public long number(String name) {
        String text = text(name);
        return text.isEmpty() ? 0 : Numbers.parseInt(text);
    }

    /** All values given, in order. */
    public List<String> list(String name) {
        option(name);
        var all = new ArrayList<String>();
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equals(name)) {
                all.add(texts.get(i));
            }
        }
        return List.copyOf(all);
    }

    private Option option(String name) {
        Option option = options.get(name);
        if (option == null) {
            throw new IllegalArgumentException(command.path() + " has no option --" + name);
        }
        return option;
    }
}
