package dev.carafe.runtime.command;

/** What the help options print. */
final class Pages {
    private Pages() {
    }

    static String overview(String program) {
        var text = new StringBuilder("NAME:\n   " + program + " - Open Container Initiative runtime\n\nUSAGE:\n   " + program
                + " [global options] command [command options] [arguments...]\n\nCOMMANDS:\n");
        for (String name : Commands.NAMES) {
            text.append("   ").append(Commands.find(name).orElseThrow().usage()).append('\n');
        }
        text.append("\nGLOBAL OPTIONS:\n");
        options(text, Invocation.GLOBAL);
        return text.toString();
    }

    static String page(String program, Command command) {
        var text = new StringBuilder("USAGE:\n   " + program + " " + command.usage() + "\n");
        if (!command.options().isEmpty()) {
            text.append("\nOPTIONS:\n");
            options(text, command.options());
        }
        return text.toString();
    }

    private static void options(StringBuilder text, Iterable<Option> options) {
        for (Option option : options) {
            String names = "--" + option.name() + (option.kind() == Option.Kind.SWITCH ? "" : " value") + (option.letter() == ' ' ? "" : ", -" + option.letter());
            text.append("   ").append(names).append(" ".repeat(Math.max(1, 28 - names.length()))).append(option.summary()).append('\n');
        }
    }
}
