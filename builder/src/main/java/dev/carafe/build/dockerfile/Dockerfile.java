package dev.carafe.build.dockerfile;

import dev.carafe.base.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A whole Dockerfile, understood.
 *
 * @param global the declarations before the first stage
 * @param stages in the order of the file, at least one
 */
public record Dockerfile(Directives directives, List<Instruction.Arg> global, List<Stage> stages) {
    /**
     * One stage: from a FROM to the next.
     *
     * @param index counted from 0
     * @param instructions what follows its FROM
     */
    public record Stage(int index, Instruction.From from, List<Instruction> instructions) {
        public Stage {
            instructions = List.copyOf(instructions);
        }

        /** The name that it was given, else its number. */
        public String name() {
            return from.stage().orElse(String.valueOf(index));
        }
    }

    public Dockerfile {
        global = List.copyOf(global);
        stages = List.copyOf(stages);
    }

    /** @throws Fault INVALID in BuildKit's words, with the number of the line */
    public static Dockerfile parse(String text) {
        LineReader.Lines lines = LineReader.read(text);
        var global = new ArrayList<Instruction.Arg>();
        var stages = new ArrayList<Stage>();
        var body = new ArrayList<Instruction>();
        Optional<Instruction.From> from = Optional.empty();
        for (Line line : lines.lines()) {
            Instruction instruction = InstructionReader.read(line);
            if (instruction instanceof Instruction.From next) {
                from.ifPresent(before -> stages.add(new Stage(stages.size(), before, body)));
                body.clear();
                from = Optional.of(next);
            } else if (from.isPresent()) {
                body.add(instruction);
            } else if (instruction instanceof Instruction.Arg arg) {
                global.add(arg);
            } else {
                throw ParseFault.at(line.start(), "no build stage in current context");
            }
        }
        Instruction.From last = from.orElseThrow(() -> ParseFault.file("no build stage in current context"));
        stages.add(new Stage(stages.size(), last, body));
        return new Dockerfile(lines.directives(), global, stages);
    }

    /** One instruction by itself, as ONBUILD and {@code --change} have it. */
    public static Instruction instruction(String text) {
        LineReader.Lines lines = LineReader.read(text);
        if (lines.lines().size() != 1) {
            throw ParseFault.at(lines.lines().get(1).start(), "only one instruction is expected here");
        }
        return InstructionReader.read(lines.lines().getFirst());
    }

    /** The stage by that name or number, no matter the case of letters. */
    public Optional<Stage> stage(String name) {
        return stageBefore(name, stages.size());
    }

    /** As {@link #stage}, among those before a stage. */
    public Optional<Stage> stageBefore(String name, int index) {
        for (int k = index - 1; k >= 0; k--) {
            if (stages.get(k).from().stage().filter(name::equalsIgnoreCase).isPresent()) {
                return Optional.of(stages.get(k));
            }
        }
        if (name.matches("\\d{1,6}") && Integer.parseInt(name) < index) {
            return Optional.of(stages.get(Integer.parseInt(name)));
        }
        return Optional.empty();
    }
}
