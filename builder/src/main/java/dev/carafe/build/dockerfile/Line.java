package dev.carafe.build.dockerfile;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One instruction as it stands in the file, parted into words but not understood yet.
 *
 * @param name as it is written
 * @param flags the words before the first argument that begin with {@code --}
 * @param words the arguments; of ENV and LABEL, in threes: name, value, and what stood between them
 * @param json whether the arguments are a JSON array
 * @param trigger of ONBUILD: the instruction that it holds
 * @param heredocs its here-documents, in order
 * @param original the whole instruction, continued lines joined
 * @param start its first line, counted from 1
 * @param end its last line
 * @param comments that stand right above it, without their sign
 */
public record Line(String name, List<String> flags, List<String> words, boolean json, Optional<Line> trigger, List<Heredoc> heredocs, String original, int start,
        int end, List<String> comments) {
    public Line {
        flags = List.copyOf(flags);
        words = List.copyOf(words);
        heredocs = List.copyOf(heredocs);
        comments = List.copyOf(comments);
    }

    /** The name of the instruction in lower case. */
    public String keyword() {
        return name.toLowerCase(Locale.ROOT);
    }

    Line with(List<Heredoc> documents, int first, int last, List<String> above) {
        return new Line(name, flags, words, json, trigger.map(t -> t.with(documents, first, last, List.of())), documents, original, first, last, above);
    }

    /** Whether here-documents may follow it: files to copy and commands for a shell. */
    boolean takesHeredocs() {
        return trigger.isPresent() ? trigger.get().takesHeredocs() : !json && List.of("add", "copy", "run").contains(keyword());
    }
}
