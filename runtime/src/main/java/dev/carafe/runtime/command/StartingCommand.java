package dev.carafe.runtime.command;

import dev.carafe.base.Fault;
import dev.carafe.plan.Launch;
import dev.carafe.plan.Session;
import dev.carafe.runtime.Execution;
import dev.carafe.runtime.Performer;
import dev.carafe.runtime.oci.OciContainer;
import dev.carafe.runtime.oci.OciRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** create and run: a bundle becomes a container, which waits for its start or runs at once. */
final class StartingCommand implements Command {
    /** Where a bundle is, and what is told of its process. */
    static final List<Option> PLACE = List.of(
            Option.value("bundle", 'b', "directory of the bundle; the current one when absent"),
            Option.value("console-socket", ' ', "socket that is sent the near side of the terminal"),
            Option.value("pidfd-socket", ' ', "socket that is sent a pidfd of the process"),
            Option.value("pid-file", ' ', "file that gets the process id"));
    private static final List<Option> OPTIONS = List.of(
            Option.value("config", 'f', "configuration in place of the bundle's config.json"),
            Option.flag("no-pivot", ' ', "do not use pivot_root, for a root on an initial ramdisk"),
            Option.flag("no-new-keyring", ' ', "keep the caller's session keyring"),
            Option.value("preserve-fds", ' ', "pass that many further descriptors, after those of LISTEN_FDS"));
    static final List<Option> RUN = List.of(
            Option.flag("detach", 'd', "leave the container to the caller once it runs"),
            Option.flag("keep", ' ', "do not delete the container when it has ended"),
            Option.flag("no-subreaper", ' ', "do not take orphans of the container in, which go to the caller's reaper in any case"));

    private final boolean runs;

    StartingCommand(boolean runs) {
        this.runs = runs;
    }

    @Override
    public String usage() {
        return (runs ? "run" : "create") + " [options] <container-id>";
    }

    @Override
    public List<Option> options() {
        var all = new ArrayList<>(PLACE);
        all.addAll(OPTIONS);
        if (runs) {
            all.addAll(RUN);
        }
        return all;
    }

    @Override
    public int run(Invocation call, Options options) {
        Invocation.expect(runs ? "run" : "create", options, 1, 1);
        String id = options.operands().getFirst();
        Path bundle = call.path(options.value("bundle").orElse("."));
        boolean foreground = runs && !options.flag("detach");
        int kept = descriptors(call, options);
        boolean terminal = foreground && options.value("console-socket").isEmpty();
        // The session carries signals and the end; with a terminal, also what is typed and shown.
        Optional<Session> session = foreground ? Optional.of(new Session(true, true, false, List.of())) : Optional.empty();
        var caller = caller(call, options, foreground, Map.of());
        OciRuntime runtime = call.runtime();
        var creation = new OciRuntime.Creation(id, bundle, caller, call.caller().streams(foreground, kept), session,
                options.value("pid-file").map(call::path), !runs, call.grouping(), options.value("config").map(call::path));
        if (foreground) {
            // Before it runs: a signal that comes then is the container's.
            call.caller().session(terminal && call.caller().isTerminal(0) && OciRuntime.hasTerminal(creation));
        }
        try (Performer.Performance performance = runtime.create(creation)) {
            call.warnLeftOut();
            if (!foreground) {
                return 0;
            }
            return await(call, options, id, performance);
        }
    }

    /** Waits for the end of a container in the foreground, removes it unless it is to be kept, and gives its status. */
    static int await(Invocation call, Options options, String id, Performer.Performance performance) {
        OciContainer container = call.runtime().container(id);
        boolean ended = call.caller().await(performance);
        int status = ended ? Execution.read(call.runtime().root().container(id).resolve("plan")).flatMap(Execution::exit).map(Execution.Exit::code).orElse(1) : 1;
        if (ended && !options.flag("keep")) {
            call.warn(container.delete(true));
        }
        return status;
    }

    static Launch.Caller caller(Invocation call, Options options, boolean foreground, Map<String, String> groups) {
        return new Launch.Caller("/", Optional.empty(), options.value("console-socket").map(s -> call.path(s).toString()),
                options.value("pidfd-socket").map(s -> call.path(s).toString()), descriptors(call, options), streams(call.caller(), "pipe:"), streams(call.caller(), "/dev/null"),
                !options.flag("no-new-keyring"), !options.flag("no-pivot"), foreground, groups);
    }

    /** Descriptors that are passed on: those of LISTEN_FDS (sd_listen_fds(3)), and as many more as are asked for. All must be there. */
    static int descriptors(Invocation call, Options options) {
        int count = options.count("preserve-fds", Launch.Caller.MOST_DESCRIPTORS);
        int asked = count;
        String listen = call.caller().environment().getOrDefault("LISTEN_FDS", "");
        if (!listen.isEmpty() && listen.length() < 6 && listen.chars().allMatch(c -> c >= '0' && c <= '9')) {
            count += Integer.parseInt(listen);
        }
        if (count > Launch.Caller.MOST_DESCRIPTORS) {
            throw Fault.invalid("pass", count + " descriptors", "at most " + Launch.Caller.MOST_DESCRIPTORS + " can be passed on");
        }
        for (int fd = 3; fd < 3 + count; fd++) {
            if (!isOpen(call.caller().process(), fd)) {
                throw Fault.invalid("pass", "descriptor " + fd, "please check that preserved-fd " + (fd - 3) + " (of " + asked + ") is present");
            }
        }
        return count;
    }

    /** Open, and meant for children: the client's own descriptors close at execve. */
    private static boolean isOpen(int process, int fd) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + process + "/fdinfo/" + fd))) {
                if (line.startsWith("flags:")) {
                    return (Long.parseLong(line.substring(6).trim(), 8) & 02000000) == 0;
                }
            }
        } catch (IOException closed) {
            return false;
        }
        return false;
    }

    /** Which of the caller's standard streams are of that kind, by bit. */
    private static int streams(Caller caller, String kind) {
        int bits = 0;
        for (int stream = 0; stream < 3; stream++) {
            try {
                if (Files.readSymbolicLink(Path.of("/proc/" + caller.process() + "/fd/" + stream)).toString().startsWith(kind)) {
                    bits |= 1 << stream;
                }
            } catch (IOException closed) {
                // It is none.
            }
        }
        return bits;
    }
}
