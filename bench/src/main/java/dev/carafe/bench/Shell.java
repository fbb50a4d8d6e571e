package dev.carafe.bench;

import dev.carafe.base.Fault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A bash that sits in a peer's control group and runs the peer's commands, one at a time. It is there before the clock starts, so
 * that moving a process into a group is no part of what is measured; it takes the time itself, directly around fork and wait.
 * {@link Floor} tells what it adds.
 */
public final class Shell implements AutoCloseable {
    /** No storm of any engine takes so long. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;
    private final Path errors;

    private Shell(Process process, Path errors) {
        this.process = process;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.errors = errors;
    }

    /**
     * Starts the shell.
     *
     * @param ownMounts whether it gets a mount namespace of its own, from which nothing propagates
     * @param errors the file that the messages of its commands go to
     */
    public static Shell open(CpuGroup group, boolean ownMounts, Map<String, String> environment, Path errors) throws IOException {
        var words = new ArrayList<String>();
        words.add("setsid");
        if (ownMounts) {
            words.addAll(List.of("unshare", "--mount", "--propagation", "private"));
        }
        words.addAll(List.of("bash", "--norc", "--noprofile"));
        var builder = new ProcessBuilder(words).redirectError(Files.createFile(errors).toFile()).directory(errors.getParent().toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("CARAFE_") || name.startsWith("DOCKER_"));
        builder.environment().putAll(environment);
        builder.environment().putAll(Map.of("LC_ALL", "C", "PATH", "/usr/sbin:/usr/bin:/sbin:/bin"));
        var shell = new Shell(builder.start(), errors);
        group.add(shell.process.pid());
        return shell;
    }

    public long pid() {
        return process.pid();
    }

    /** Runs a command, without input; its output is thrown away. Returns how long it took, in milliseconds. */
    public double time(List<String> command) {
        return timeLine(quote(command));
    }

    /** Runs a command that many times with the numbers from 0 in the place of {@code {}}, some at a time. */
    public double timeMany(List<String> command, int times, int atOnce) {
        return timeLine("seq 0 " + (times - 1) + " | xargs -P " + atOnce + " -I{} " + quote(command));
    }

    private double timeLine(String line) {
        String[] words = ask("s=$EPOCHREALTIME; { " + line + "; } </dev/null >/dev/null; r=$?; e=$EPOCHREALTIME; echo $r $s $e").split(" ");
        if (!words[0].equals("0")) {
            throw failure(line, words[0]);
        }
        return (Double.parseDouble(words[2]) - Double.parseDouble(words[1])) * 1000;
    }

    /** Runs a command and returns its output, which is taken for one line. */
    public String output(List<String> command) {
        String answer = ask("o=$(" + quote(command) + " </dev/null); echo $? $o");
        int space = answer.indexOf(' ');
        if (!answer.startsWith("0")) {
            throw failure(quote(command), space < 0 ? answer : answer.substring(0, space));
        }
        return space < 0 ? "" : answer.substring(space + 1);
    }

    private Fault failure(String line, String status) {
        String message = "";
        try {
            List<String> lines = Files.readAllLines(errors, StandardCharsets.ISO_8859_1);
            message = lines.isEmpty() ? "" : ": " + lines.getLast().strip();
        } catch (IOException e) {
            message = "";
        }
        return Fault.of(Fault.Kind.UNAVAILABLE, "run", line, "exit status " + status + message);
    }

    private synchronized String ask(String line) {
        try {
            commands.write(line + "\n");
            commands.flush();
            Thread watch = Thread.ofVirtual().start(this::endWhenLate);
            String answer = answers.readLine();
            watch.interrupt();
            if (answer == null) {
                throw Fault.of(Fault.Kind.CANCELLED, "run", line, "the shell has ended");
            }
            return answer;
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.CANCELLED, "run", line, "the shell has ended").cause(e);
        }
    }

    /** A command that hangs is ended, which it then reports as its failure. */
    private void endWhenLate() {
        try {
            Thread.sleep(LIMIT);
            process.descendants().forEach(ProcessHandle::destroyForcibly);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The words so that a shell reads them as they are; only the braces for a number stay open. */
    static String quote(List<String> words) {
        var line = new StringBuilder();
        for (String word : words) {
            line.append(line.isEmpty() ? "" : " ").append('\'').append(word.replace("'", "'\\''")).append('\'');
        }
        return line.toString();
    }

    /** Ends the shell and the command that it runs. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
