package dev.carafe.cli.build;

import dev.carafe.build.BuildEvent;
import dev.carafe.build.ProgressListener;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Prints what happens in a build as docker's {@code --progress plain} does: a block for each step, whose head comes again where another step's line came between. */
public final class PlainProgress implements ProgressListener {
    private static final int AROUND = 3;
    private static final int KEPT_LINES = 50;

    private final Consumer<String> out;
    private final boolean why;
    private final Map<Integer, Running> steps = new HashMap<>();
    private int last;
    private String excerpt = "";

    /** One step. */
    private static final class Running {
        private final String title;
        private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();
        private final List<String> lines = new ArrayList<>();
        private double seconds;

        Running(String title) {
            this.title = title;
        }
    }

    /** @param why whether steps tell why they are not taken from the cache */
    public PlainProgress(Consumer<String> out, boolean why) {
        this.out = out;
        this.why = why;
    }

    /** What is to be read last: the output of the step that failed, and where it stands in the Dockerfile. */
    public String excerpt() {
        return excerpt;
    }

    private static String seconds(long nanos, int places) {
        return String.format(Locale.ROOT, "%." + places + "f", nanos / 1e9);
    }

    private void line(int step, String text) {
        String head = last == step ? "" : (last == 0 ? "" : "\n") + "#" + step + " " + steps.get(step).title + "\n";
        last = step;
        out.accept(head + (text.isEmpty() ? "" : "#" + step + " " + text + "\n"));
    }

    @Override
    public void on(BuildEvent event) {
        switch (event) {
            case BuildEvent.Started started -> {
                steps.put(started.step(), new Running(started.title()));
                line(started.step(), "");
            }
            case BuildEvent.Why reason -> {
                if (why) {
                    line(reason.step(), "because " + reason.reason());
                }
            }
            case BuildEvent.Cached cached -> line(cached.step(), "CACHED");
            case BuildEvent.Note note -> line(note.step(), note.text());
            case BuildEvent.Output output -> output(output);
            case BuildEvent.Done done -> {
                flush(done.step());
                line(done.step(), "DONE " + seconds(done.nanos(), 1) + "s");
            }
            case BuildEvent.Failed failed -> failed(failed);
        }
    }

    private void output(BuildEvent.Output output) {
        Running step = steps.get(output.step());
        step.seconds = output.nanos() / 1e9;
        for (byte b : output.bytes()) {
            if (b == '\n') {
                flush(output.step());
            } else {
                step.unfinished.write(b);
            }
        }
    }

    /** Prints what has been written of a line. */
    private void flush(int number) {
        Running step = steps.get(number);
        if (step == null || step.unfinished.size() == 0) {
            return;
        }
        String text = String.format(Locale.ROOT, "%.3f ", step.seconds) + step.unfinished.toString(StandardCharsets.UTF_8);
        step.unfinished.reset();
        step.lines.add(text);
        if (step.lines.size() > KEPT_LINES) {
            step.lines.removeFirst();
        }
        line(number, text);
    }

    private void failed(BuildEvent.Failed failed) {
        var text = new StringBuilder();
        Running step = steps.get(failed.step());
        if (step != null) {
            flush(failed.step());
            line(failed.step(), "ERROR: " + failed.fault().getMessage());
            text.append("------\n > ").append(step.title).append(":\n");
            step.lines.forEach(line -> text.append(line).append('\n'));
            text.append("------\n");
        }
        failed.excerpt().ifPresent(lines -> text.append(marked(lines)));
        excerpt = text.toString();
    }

    private static String marked(BuildEvent.Excerpt excerpt) {
        var text = new StringBuilder(excerpt.file()).append(':').append(excerpt.first()).append("\n--------------------\n");
        int from = Math.max(1, excerpt.first() - AROUND);
        int to = Math.min(excerpt.lines().size(), excerpt.last() + AROUND);
        for (int number = from; number <= to; number++) {
            boolean meant = number >= excerpt.first() && number <= excerpt.last();
            text.append(String.format(Locale.ROOT, "%4d | %s %s%n", number, meant ? ">>>" : "   ", excerpt.lines().get(number - 1).stripTrailing()));
        }
        return text.append("--------------------\n").toString();
    }
}
