package dev.carafe.oci.runtime;

import com.google.gson.JsonObject;
import dev.carafe.oci.Fields;
import dev.carafe.oci.Json;
import dev.carafe.oci.JsonFields;
import dev.carafe.oci.JsonForm;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/**
 * The process that a container runs, or a further one in it (runtime-spec config.md#process).
 *
 * @param terminal whether its standard streams are a new pseudoterminal
 * @param consoleSize the size that the terminal starts with
 * @param user whom it runs as; the schema lets it be absent, which is root
 * @param args the program and its arguments
 * @param env the whole environment, each {@code NAME=value}
 * @param cwd the directory that it starts in, absolute within the container
 * @param capabilities what it may do; absent: it keeps what the runtime has
 * @param rlimits its resource limits, at most one of a type
 * @param noNewPrivileges whether no execve may gain privilege, prctl(2) {@code PR_SET_NO_NEW_PRIVS}
 * @param apparmorProfile the AppArmor profile
 * @param oomScoreAdj written to {@code /proc/PID/oom_score_adj}; absent: left alone
 * @param scheduler how the kernel schedules it
 * @param selinuxLabel the SELinux label
 * @param ioPriority its priority at the disks
 * @param execCpuAffinity the CPUs on which it starts when it joins a running container
 */
public record Process(boolean terminal, Optional<ConsoleSize> consoleSize, User user, List<String> args, List<String> env,
        String cwd, Optional<Capabilities> capabilities, List<Rlimit> rlimits, boolean noNewPrivileges,
        Optional<String> apparmorProfile, Optional<Integer> oomScoreAdj, Optional<Scheduler> scheduler,
        Optional<String> selinuxLabel, Optional<IoPriority> ioPriority, Optional<ExecCpuAffinity> execCpuAffinity)
        implements JsonForm {
    public Process {
        args = List.copyOf(args);
        env = List.copyOf(env);
        rlimits = List.copyOf(rlimits);
    }

    /** Reads a whole document, which faults call {@code process.json}. */
    public static Process parse(String text) {
        return parse(Fields.of("process.json", Json.parseObject("process.json", text)));
    }

    /** Reads a whole document from UTF-8, which faults call {@code process.json}. */
    public static Process parse(byte[] utf8) {
        return parse(Fields.of("process.json", Json.parseObject("process.json", utf8)));
    }

    public static Process parse(Fields in) {
        Fields fields = in.section("runtime-spec config.md#process");
        Fields linuxOnly = in.section("runtime-spec config.md#linux-process");
        Fields posix = in.section("runtime-spec config.md#posix-process");
        var parsed = new Process(
                fields.flag("terminal"),
                fields.optionalObject("consoleSize", ConsoleSize::parse),
                fields.optionalObject("user", User::parse).orElse(User.ROOT),
                fields.strings("args"),
                fields.strings("env"),
                fields.string("cwd"),
                linuxOnly.optionalObject("capabilities", Capabilities::parse),
                posix.objects("rlimits", Rlimit::parse),
                linuxOnly.flag("noNewPrivileges"),
                linuxOnly.optionalString("apparmorProfile"),
                linuxOnly.optionalInt32("oomScoreAdj"),
                linuxOnly.optionalObject("scheduler", Scheduler::parse),
                linuxOnly.optionalString("selinuxLabel"),
                linuxOnly.optionalObject("ioPriority", IoPriority::parse),
                linuxOnly.optionalObject("execCPUAffinity", ExecCpuAffinity::parse));
        if (!parsed.cwd.startsWith("/")) {
            throw fields.fault("cwd", "expected an absolute path, found \"" + parsed.cwd + "\"");
        }
        var seen = EnumSet.noneOf(Rlimit.Type.class);
        for (int i = 0; i < parsed.rlimits.size(); i++) {
            Rlimit.Type type = parsed.rlimits.get(i).type();
            if (!seen.add(type)) {
                throw posix.fault("rlimits[" + i + "]", type + " is limited twice");
            }
        }
        return parsed;
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .flag("terminal", terminal)
                .optional("consoleSize", consoleSize)
                .put("user", user)
                .list("args", args)
                .list("env", env)
                .put("cwd", cwd)
                .optional("capabilities", capabilities)
                .list("rlimits", rlimits)
                .flag("noNewPrivileges", noNewPrivileges)
                .optional("apparmorProfile", apparmorProfile)
                .optional("oomScoreAdj", oomScoreAdj)
                .optional("scheduler", scheduler)
                .optional("selinuxLabel", selinuxLabel)
                .optional("ioPriority", ioPriority)
                .optional("execCPUAffinity", execCpuAffinity)
                .json();
    }

    /** Starts with everything absent: user root, directory {@code /}. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts with the components of this value. */
    public Builder toBuilder() {
        var builder = new Builder();
        builder.terminal = terminal;
        builder.consoleSize = consoleSize;
        builder.user = user;
        builder.args = args;
        builder.env = env;
        builder.cwd = cwd;
        builder.capabilities = capabilities;
        builder.rlimits = rlimits;
        builder.noNewPrivileges = noNewPrivileges;
        builder.apparmorProfile = apparmorProfile;
        builder.oomScoreAdj = oomScoreAdj;
        builder.scheduler = scheduler;
        builder.selinuxLabel = selinuxLabel;
        builder.ioPriority = ioPriority;
        builder.execCpuAffinity = execCpuAffinity;
        return builder;
    }

    /** Collects the components of a {@link Process}; each method replaces what was set before. */
    public static final class Builder {
        private boolean terminal;
        private Optional<ConsoleSize> consoleSize = Optional.empty();
        private User user = User.ROOT;
        private List<String> args = List.of();
        private List<String> env = List.of();
        private String cwd = "/";
        private Optional<Capabilities> capabilities = Optional.empty();
        private List<Rlimit> rlimits = List.of();
        private boolean noNewPrivileges;
        private Optional<String> apparmorProfile = Optional.empty();
        private Optional<Integer> oomScoreAdj = Optional.empty();
        private Optional<Scheduler> scheduler = Optional.empty();
        private Optional<String> selinuxLabel = Optional.empty();
        private Optional<IoPriority> ioPriority = Optional.empty();
        private Optional<ExecCpuAffinity> execCpuAffinity = Optional.empty();

        private Builder() {}

        public Builder terminal(boolean value) {
            terminal = value;
            return this;
        }

        public Builder consoleSize(ConsoleSize value) {
            return consoleSize(Optional.of(value));
        }

        public Builder consoleSize(Optional<ConsoleSize> value) {
            consoleSize = value;
            return this;
        }

        public Builder user(User value) {
            user = value;
            return this;
        }

        public Builder args(List<String> values) {
            args = values;
            return this;
        }

        public Builder env(List<String> values) {
            env = values;
            return this;
        }

        public Builder cwd(String value) {
            cwd = value;
            return this;
        }

        public Builder capabilities(Capabilities value) {
            return capabilities(Optional.of(value));
        }

        public Builder capabilities(Optional<Capabilities> value) {
            capabilities = value;
            return this;
        }

        public Builder rlimits(List<Rlimit> values) {
            rlimits = values;
            return this;
        }

        public Builder noNewPrivileges(boolean value) {
            noNewPrivileges = value;
            return this;
        }

        public Builder apparmorProfile(String value) {
            return apparmorProfile(Optional.of(value));
        }

        public Builder apparmorProfile(Optional<String> value) {
            apparmorProfile = value;
            return this;
        }

        public Builder oomScoreAdj(int value) {
            return oomScoreAdj(Optional.of(value));
        }

        public Builder oomScoreAdj(Optional<Integer> value) {
            oomScoreAdj = value;
            return this;
        }

        public Builder scheduler(Scheduler value) {
            return scheduler(Optional.of(value));
        }

        public Builder scheduler(Optional<Scheduler> value) {
            scheduler = value;
            return this;
        }

        public Builder selinuxLabel(String value) {
            return selinuxLabel(Optional.of(value));
        }

        public Builder selinuxLabel(Optional<String> value) {
            selinuxLabel = value;
            return this;
        }

        public Builder ioPriority(IoPriority value) {
            return ioPriority(Optional.of(value));
        }

        public Builder ioPriority(Optional<IoPriority> value) {
            ioPriority = value;
            return this;
        }

        public Builder execCpuAffinity(ExecCpuAffinity value) {
            return execCpuAffinity(Optional.of(value));
        }

        public Builder execCpuAffinity(Optional<ExecCpuAffinity> value) {
            execCpuAffinity = value;
            return this;
        }

        public Process build() {
            return new Process(terminal, consoleSize, user, args, env, cwd, capabilities, rlimits, noNewPrivileges,
                    apparmorProfile, oomScoreAdj, scheduler, selinuxLabel, ioPriority, execCpuAffinity);
        }
    }
}
