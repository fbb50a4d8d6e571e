package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import java.util.ArrayList;
import java.util.List;

/** {@code carafe skopeo}, which {@code bin/skopeo} calls: skopeo's own command line, with the options that stand before its commands. */
final class SkopeoCommand implements Command {
    private static final List<String> COMMANDS = List.of("copy", "inspect", "list-tags", "delete", "manifest-digest", "sync", "login", "logout");
    private static final CommandSpec SPEC = CommandSpec.builder("carafe skopeo", "Take skopeo's command line: " + String.join(", ", COMMANDS)).operands("[OPTIONS] COMMAND …", 1, CommandSpec.ANY).build();

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public int run(Call call) {
        List<String> words = call.words();
        var passed = new ArrayList<String>();
        int at = 0;
        for (; at < words.size() && words.get(at).startsWith("-"); at++) {
            String word = words.get(at);
            if (word.equals("--version") || word.equals("-v")) {
                call.console().out("skopeo version " + VersionCommand.VERSION + " (carafe)\n");
                return 0;
            }
            if (word.startsWith("--override-")) {
                passed.add(word);
                if (word.indexOf('=') < 0 && at + 1 < words.size()) {
                    passed.add(words.get(++at));
                }
            } else if (!word.equals("--insecure-policy")) {
                // Without a policy of signatures everything is accepted, which is what that option asks for.
                return Command.super.run(new Call(call.console(), List.of(word), call.provider()));
            }
        }
        String name = at < words.size() ? words.get(at) : "";
        Command command = switch (name) {
            case "inspect" -> new RemoteInspect();
            default -> COMMANDS.contains(name) ? new RegistryCommands().find(name).orElseThrow() : null;
        };
        if (command == null) {
            return Command.super.run(new Call(call.console(), name.isEmpty() ? List.of("--help") : List.of(), call.provider()));
        }
        if (name.equals("copy") || name.equals("inspect")) {
            passed.addAll(words.subList(at + 1, words.size()));
        } else if (!passed.isEmpty()) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "skopeo " + name, passed.getFirst(), "it chooses nothing there");
        } else {
            passed.addAll(words.subList(at + 1, words.size()));
        }
        return command.run(new Call(call.console(), passed, call.provider()));
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        throw Fault.invalid("skopeo", "\"" + String.join(" ", operands) + "\"", "no such command").hint("the commands are " + String.join(", ", COMMANDS));
    }
}
