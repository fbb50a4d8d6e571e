package dev.carafe.cli.flag;

import java.util.ArrayList;
import java.util.List;

/**
 * Help pages in docker's shape, generated from the tables.
 *
 * <p>A page is wrapped to the width of the reader's terminal (docker falls back on 80). Every text ends with a line feed.
 */
public final class Help {
    /** What a page is wrapped to where the width of the terminal is not known. */
    public static final int WIDTH = 80;

    private static final int GAP = 3;
    private static final int SLACK = 5;
    private static final int NARROWEST = 24;
    private static final int SHORTEST_NAME = 11;

    private Help() {}

    /** One command in a list of commands. */
    public record Entry(String name, String summary) {}

    /** A list of commands under a title. */
    public record Group(String title, List<Entry> entries) {
        public Group {
            entries = List.copyOf(entries);
        }
    }

    /** The last line of a refusal. */
    public static String see(CommandSpec command) {
        return "See '" + command.path() + " --help'.";
    }

    /** The page of a command that does something. */
    public static String page(CommandSpec command, int width) {
        var out = new StringBuilder(head(command));
        appendOptions(out, "Options:", command.options(), width);
        return out.toString();
    }

    /** The page of a command that only holds others: a list of them for each group, then its own options. */
    public static String page(CommandSpec command, List<Group> groups, int width) {
        var out = new StringBuilder(head(command));
        int longest = SHORTEST_NAME;
        for (Group group : groups) {
            for (Entry entry : group.entries()) {
                longest = Math.max(longest, entry.name().length());
            }
        }
        for (Group group : groups) {
            out.append('\n').append(group.title()).append(":\n");
            for (Entry entry : group.entries()) {
                out.append("  ").append(entry.name()).repeat(' ', longest + 1 - entry.name().length()).append(entry.summary()).append('\n');
            }
        }
        appendOptions(out, "Global Options:", command.options(), width);
        return out.append("\nRun '").append(command.path()).append(" COMMAND --help' for more information on a command.\n").toString();
    }

    private static String head(CommandSpec command) {
        String head = command.usage() + "\n\n" + command.summary() + "\n";
        return command.aliases().isEmpty() ? head : head + "\nAliases:\n  " + String.join(", ", command.aliases()) + "\n";
    }

    private static void appendOptions(StringBuilder out, String title, List<Option> options, int width) {
        var shown = new ArrayList<Option>();
        int column = 0;
        for (Option option : options) {
            if (!option.hidden()) {
                shown.add(option);
                column = Math.max(column, left(option).length() + GAP);
            }
        }
        if (shown.isEmpty()) {
            return;
        }
        shown.sort((a, b) -> a.name().compareTo(b.name()));
        out.append('\n').append(title).append('\n');
        for (Option option : shown) {
            String left = left(option);
            out.append(left).repeat(' ', column - left.length());
            appendWrapped(out, right(option), column, width);
            out.append('\n');
        }
    }

    private static String left(Option option) {
        String names = option.letter() == Option.NO_LETTER ? "      --" + option.name() : "  -" + option.letter() + ", --" + option.name();
        return option.placeholder().isEmpty() ? names : names + " " + option.placeholder();
    }

    private static String right(Option option) {
        if (option.initial().isEmpty()) {
            return option.text();
        }
        String initial = option.type() == Type.TEXT ? "\"" + option.initial() + "\"" : option.initial();
        return option.text() + " (default " + initial + ")";
    }

    private static void appendWrapped(StringBuilder out, String text, int column, int width) {
        int room = width - column;
        if (room < NARROWEST) {
            out.append(text);
            return;
        }
        int start = 0;
        while (text.length() - start > room) {
            int cut = text.lastIndexOf(' ', start + room - SLACK - 1);
            if (cut <= start) {
                break;
            }
            out.append(text, start, cut).append('\n').repeat(' ', column);
            start = cut + 1;
        }
        out.append(text, start, text.length());
    }
}
