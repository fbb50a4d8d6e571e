package dev.carafe.build.dockerfile;

import dev.carafe.build.dockerfile.Instruction.Command;
import dev.carafe.build.dockerfile.Instruction.Declared;
import dev.carafe.build.dockerfile.Instruction.Pair;
import dev.carafe.base.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Understands the lines of a Dockerfile, and refuses in BuildKit's words what the reference does not know. */
final class InstructionReader {
    static final List<String> KEYWORDS = List.of("ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD",
            "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR");
    private static final Set<String> NONE = Set.of();
    private static final Pattern STAGE = Pattern.compile("[a-z][a-z0-9-_.]*");

    private final Line line;

    private InstructionReader(Line line) {
        this.line = line;
    }

    /** @throws Fault INVALID in BuildKit's words */
    static Instruction read(Line line) {
        return new InstructionReader(line).instruction();
    }

    private Instruction instruction() {
        return switch (line.keyword()) {
            case "add" -> copy(true);
            case "arg" -> arg();
            case "cmd" -> new Instruction.Cmd(plain(), command());
            case "copy" -> copy(false);
            case "entrypoint" -> new Instruction.Entrypoint(plain(), command());
            case "env" -> new Instruction.Env(plain(), pairs("ENV"), alone());
            case "expose" -> new Instruction.Expose(plain(), atLeastOne());
            case "from" -> from();
            case "healthcheck" -> new Instruction.Health(line, HealthReader.read(line));
            case "label" -> new Instruction.Label(plain(), pairs("LABEL"), alone());
            case "maintainer" -> new Instruction.Maintainer(plain(), exactlyOne());
            case "onbuild" -> onBuild();
            case "run" -> run();
            case "shell" -> shell();
            case "stopsignal" -> new Instruction.StopSignal(plain(), exactlyOne());
            case "user" -> new Instruction.User(plain(), exactlyOne());
            case "volume" -> volume();
            case "workdir" -> new Instruction.Workdir(plain(), exactlyOne());
            default -> throw refused("unknown instruction: " + line.name() + Nearest.suggestion(line.name(), KEYWORDS, ""));
        };
    }

    private Fault refused(String reason) {
        return ParseFault.at(line.start(), reason);
    }

    private String keyword() {
        return line.keyword().toUpperCase(Locale.ROOT);
    }

    private Flags flags(Set<String> values, Set<String> switches, Set<String> lists) {
        return new Flags(line, values, switches, lists);
    }

    /** The line, which has no flags. */
    private Line plain() {
        flags(NONE, NONE, NONE);
        return line;
    }

    private String exactlyOne() {
        if (line.words().size() != 1) {
            throw refused(keyword() + " requires exactly one argument");
        }
        return line.words().getFirst();
    }

    private List<String> atLeastOne() {
        if (line.words().isEmpty()) {
            throw refused(keyword() + " requires at least one argument");
        }
        return line.words();
    }

    /** An empty array, or nothing at all, is a command of no words. */
    private Command command() {
        return new Command(line.words(), !line.json() && !line.words().isEmpty());
    }

    private boolean alone() {
        return line.words().size() == 3 && line.words().get(2).isEmpty();
    }

    private List<Pair> pairs(String keyword) {
        List<String> words = atLeastOne();
        var pairs = new ArrayList<Pair>();
        for (int k = 0; k + 1 < words.size(); k += 3) {
            if (words.get(k).isEmpty()) {
                throw refused(keyword + " names can not be blank");
            }
            pairs.add(new Pair(words.get(k), words.get(k + 1)));
        }
        return pairs;
    }

    private Instruction arg() {
        plain();
        var names = new ArrayList<Declared>();
        for (String word : atLeastOne()) {
            int equals = word.indexOf('=');
            if (equals == 0) {
                throw refused("ARG names can not be blank");
            }
            names.add(equals < 0 ? new Declared(word, Optional.empty()) : new Declared(word.substring(0, equals), Optional.of(word.substring(equals + 1))));
        }
        return new Instruction.Arg(line, names);
    }

    private Instruction from() {
        Flags flags = flags(Set.of("platform"), NONE, NONE);
        List<String> words = line.words();
        Optional<String> stage = Optional.empty();
        if (words.size() == 3 && words.get(1).equalsIgnoreCase("as")) {
            String name = words.get(2).toLowerCase(Locale.ROOT);
            if (!STAGE.matcher(name).matches()) {
                throw refused("invalid name for build stage: \"" + words.get(2) + "\", name can't start with a number or contain symbols");
            }
            stage = Optional.of(name);
        } else if (words.size() != 1) {
            throw refused("FROM requires either one or three arguments");
        }
        return new Instruction.From(line, words.getFirst(), stage, flags.value("platform"));
    }

    private Instruction run() {
        Flags flags = flags(Set.of("network", "security"), NONE, Set.of("mount"));
        if (line.words().isEmpty() && line.heredocs().isEmpty()) {
            throw refused("RUN requires at least one argument");
        }
        flags.value("network").ifPresent(n -> choice("network", n, List.of("default", "none", "host")));
        flags.value("security").ifPresent(s -> choice("security", s, List.of("sandbox", "insecure")));
        return new Instruction.Run(line, command(), flags.list("mount"), flags.value("network"), flags.value("security"));
    }

    private void choice(String flag, String value, List<String> known) {
        if (!known.contains(value)) {
            throw refused(flag.equals("network") ? "unsupported network mode \"" + value + "\"" : "security \"" + value + "\" is not valid");
        }
    }

    private Instruction shell() {
        plain();
        if (!line.json()) {
            throw refused(line.words().isEmpty() ? "SHELL requires at least one argument" : "SHELL requires the arguments to be in JSON form");
        }
        return new Instruction.Shell(line, atLeastOne());
    }

    private Instruction volume() {
        plain();
        for (String path : atLeastOne()) {
            if (path.isBlank()) {
                throw refused("VOLUME specified can not be an empty string");
            }
        }
        return new Instruction.Volume(line, line.words());
    }

    private Instruction onBuild() {
        plain();
        Line trigger = line.trigger().orElseThrow(() -> refused("ONBUILD requires at least one argument"));
        switch (trigger.keyword()) {
            case "onbuild" -> throw refused("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
            case "maintainer", "from" -> throw refused(trigger.keyword().toUpperCase(Locale.ROOT) + " isn't allowed as an ONBUILD trigger");
            default -> read(trigger);
        }
        var text = new StringBuilder(line.words().getFirst());
        for (Heredoc document : line.heredocs()) {
            text.append('\n').append(document.content()).append(document.name());
        }
        return new Instruction.OnBuild(line, text.toString());
    }

    private Instruction copy(boolean add) {
        Flags flags = add ? flags(Set.of("chown", "chmod", "checksum"), Set.of("link", "keep-git-dir", "unpack"), Set.of("exclude"))
                : flags(Set.of("chown", "chmod", "from"), Set.of("link", "parents"), Set.of("exclude"));
        List<String> words = line.words();
        if (words.isEmpty()) {
            throw refused(keyword() + " requires at least two arguments, but only zero were provided. Source could not be determined");
        }
        if (words.size() == 1) {
            throw refused(keyword() + " requires at least two arguments, but only one was provided. Destination could not be determined");
        }
        if (flags.on("keep-git-dir")) {
            throw refused("ADD --keep-git-dir is for repositories, which cannot be added yet; clone it and add its directory");
        }
        var options = new CopyFlags(flags.value("from"), flags.value("chown"), flags.value("chmod"), flags.on("link"), flags.on("parents"), flags.list("exclude"),
                flags.value("checksum"), flags.value("unpack").map(v -> v.equals("true")));
        return new Instruction.Copy(line, add, words.subList(0, words.size() - 1), words.getLast(), options);
    }
}
