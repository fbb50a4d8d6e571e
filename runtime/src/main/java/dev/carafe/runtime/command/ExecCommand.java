package dev.carafe.runtime.command;

import dev.carafe.base.Fault;
import dev.carafe.oci.runtime.Capabilities;
import dev.carafe.oci.runtime.Process;
import dev.carafe.oci.runtime.State;
import dev.carafe.oci.runtime.User;
import dev.carafe.plan.Session;
import dev.carafe.runtime.Execution;
import dev.carafe.runtime.oci.OciContainer;
import dev.carafe.runtime.oci.OciRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** exec: one more process in a container that is created or runs. */
final class ExecCommand implements Command {
    private static final int FAILED = 255;

    @Override
    public String usage() {
        return "exec [options] <container-id> <command> [command options] || -p process.json <container-id>";
    }

    @Override
    public List<Option> options() {
        return List.of(
                Option.value("console-socket", ' ', "socket that is sent the near side of the terminal"),
                Option.value("pidfd-socket", ' ', "socket that is sent a pidfd of the process"),
                Option.value("cwd", ' ', "working directory in the container"),
                Option.list("env", 'e', "set an environment variable"),
                Option.flag("tty", 't', "give it a terminal"),
                Option.value("user", 'u', "uid[:gid]"),
                Option.list("additional-gids", 'g', "further groups"),
                Option.value("process", 'p', "file that holds the process of the runtime-spec"),
                Option.flag("detach", 'd', "leave the process to the caller once it runs"),
                Option.value("pid-file", ' ', "file that gets the process id"),
                Option.value("process-label", ' ', "SELinux label"),
                Option.value("apparmor", ' ', "AppArmor profile"),
                Option.flag("no-new-privs", ' ', "let it gain no privileges"),
                Option.list("cap", 'c', "add a capability"),
                Option.value("preserve-fds", ' ', "pass that many further descriptors, after those of LISTEN_FDS"),
                Option.list("cgroup", ' ', "group below the container's: [controller[,controller]:]path"),
                Option.flag("ignore-paused", ' ', "allow it in a paused container"));
    }

    @Override
    public int stopsAt() {
        return 1;
    }

    @Override
    public int failure() {
        return FAILED;
    }

    @Override
    public int run(Invocation call, Options options) {
        Invocation.expect("exec", options, 1, Integer.MAX_VALUE);
        OciContainer container = call.container(options.operands().getFirst());
        State.Status status = container.status();
        if (status == State.Status.STOPPED || status == State.Status.CREATING) {
            throw Fault.of(Fault.Kind.CONFLICT, "exec in", "container \"" + container.id() + "\"", "cannot exec in a stopped container");
        }
        if (status == State.Status.PAUSED && !options.flag("ignore-paused")) {
            throw Fault.of(Fault.Kind.CONFLICT, "exec in", "container \"" + container.id() + "\"",
                    "cannot exec in a paused container (use --ignore-paused to override)");
        }
        Process process = process(call, options, container);
        boolean foreground = !options.flag("detach");
        int kept = StartingCommand.descriptors(call, options);
        Optional<Session> session = foreground ? Optional.of(new Session(true, true, false, List.of())) : Optional.empty();
        OciRuntime runtime = call.runtime();
        if (foreground) {
            call.caller().session(process.terminal() && options.value("console-socket").isEmpty() && call.caller().isTerminal(0));
        }
        try (OciRuntime.Further further = runtime.exec(container, process, StartingCommand.caller(call, options, foreground, groups(options.values("cgroup"))),
                call.caller().streams(foreground, kept), session, options.value("pid-file").map(call::path))) {
            call.warnLeftOut();
            if (!foreground) {
                return 0;
            }
            return call.caller().await(further.performance()) ? further.exit().map(Execution.Exit::code).orElse(FAILED) : FAILED;
        }
    }

    private static Process process(Invocation call, Options options, OciContainer container) {
        Optional<String> file = options.value("process");
        if (file.isPresent()) {
            try {
                return Process.parse(Files.readAllBytes(call.path(file.get())));
            } catch (IOException e) {
                throw Fault.notFound("open", "\"" + file.get() + "\"", "no such file or directory").cause(e);
            }
        }
        List<String> command = options.operands().subList(1, options.operands().size());
        if (command.isEmpty()) {
            throw Fault.invalid("exec in", "container \"" + container.id() + "\"", "exec args cannot be empty");
        }
        Process own = container.spec().process().orElseThrow(() -> Fault.invalid("exec in", "container \"" + container.id() + "\"", "its bundle has no process"));
        var environment = new ArrayList<>(own.env());
        environment.addAll(options.values("env"));
        Process.Builder process = own.toBuilder().args(command).env(environment).terminal(options.flag("tty")).user(user(options, own.user()));
        options.value("cwd").ifPresent(process::cwd);
        options.value("apparmor").ifPresent(process::apparmorProfile);
        options.value("process-label").ifPresent(process::selinuxLabel);
        if (options.has("no-new-privs")) {
            process.noNewPrivileges(options.flag("no-new-privs"));
        }
        if (!options.values("cap").isEmpty()) {
            process.capabilities(withMore(own.capabilities().orElse(Capabilities.NONE), options.values("cap")));
        }
        return process.build();
    }

    /** They are added to all sets but the inheritable one; to the ambient one only where there is an inheritable one, without which they could not be. */
    private static Capabilities withMore(Capabilities own, List<String> more) {
        return new Capabilities(joined(own.bounding(), more), joined(own.effective(), more), own.inheritable(), joined(own.permitted(), more),
                own.inheritable().isEmpty() ? own.ambient() : joined(own.ambient(), more));
    }

    private static List<String> joined(List<String> some, List<String> more) {
        var all = new ArrayList<>(some);
        for (String one : more) {
            String name = one.toUpperCase(java.util.Locale.ROOT);
            if (!all.contains(name)) {
                all.add(name);
            }
        }
        return all;
    }

    private static User user(Options options, User own) {
        long uid = own.uid();
        long gid = own.gid();
        Optional<String> word = options.value("user");
        if (word.isPresent()) {
            int colon = word.get().indexOf(':');
            uid = id(colon < 0 ? word.get() : word.get().substring(0, colon), "uid");
            gid = colon < 0 ? gid : id(word.get().substring(colon + 1), "gid");
        }
        var groups = new ArrayList<>(own.additionalGids());
        for (String values : options.values("additional-gids")) {
            for (String group : values.split(",")) {
                groups.add(id(group, "additional-gids"));
            }
        }
        return new User(uid, gid, own.umask(), groups);
    }

    private static long id(String text, String what) {
        try {
            return Integer.parseUnsignedInt(text) & 0xffff_ffffL;
        } catch (NumberFormatException e) {
            throw Fault.invalid("exec as", "\"" + text + "\"", "bad " + what + ": expected a number").hint("the user is uid[:gid]; names are not looked up");
        }
    }

    /** {@code [controller[,controller]:]path}: with a controller only for its hierarchy, without one for all. */
    static Map<String, String> groups(List<String> words) {
        var groups = new HashMap<String, String>();
        for (String word : words) {
            int colon = word.indexOf(':');
            if (colon < 0) {
                if (words.size() != 1) {
                    throw Fault.invalid("use", "--cgroup \"" + word + "\"", "missing <controller>: prefix");
                }
                groups.put("", word);
                continue;
            }
            for (String controller : word.substring(0, colon).split(",", -1)) {
                if (controller.isEmpty()) {
                    throw Fault.invalid("use", "--cgroup \"" + word + "\"", "empty <controller> prefix");
                }
                if (groups.put(controller, word.substring(colon + 1)) != null) {
                    throw Fault.invalid("use", "--cgroup \"" + word + "\"", "controller " + controller + " specified multiple times");
                }
            }
        }
        return groups;
    }
}
