package dev.carafe.plan;

import java.util.List;
import java.util.Optional;

/** What the process is, apart from its rights: its session, limits, streams, directory and program. */
public sealed interface ProcessOperation extends Operation {
    /** Init is killed when its monitor dies, whatever kills that (PR_SET_PDEATHSIG(2const)). */
    record DieWithMonitor() implements ProcessOperation {
        @Override
        public String text() {
            return "die with the monitor";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("setpriv --pdeathsig KILL");
        }
    }

    /** A session of its own, without the caller's terminal, and no signal blocked, as the monitor blocks all. */
    record NewSession() implements ProcessOperation {
        @Override
        public String text() {
            return "start a new session";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("setsid");
        }
    }

    record Hostname(String name) implements ProcessOperation {
        @Override
        public String text() {
            return "set host name \"" + name + "\"";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("hostname " + name);
        }
    }

    record Domainname(String name) implements ProcessOperation {
        @Override
        public String text() {
            return "set domain name \"" + name + "\"";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("domainname " + name);
        }
    }

    /** A resource limit; values are unsigned, -1 is "unlimited" (getrlimit(2)). */
    record SetRlimit(int resource, String name, long soft, long hard) implements ProcessOperation {
        @Override
        public String text() {
            return "limit " + name + " to " + value(soft) + " (hard " + value(hard) + ")";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("prlimit --" + name.substring(7).toLowerCase(java.util.Locale.ROOT) + "=" + value(soft) + ":" + value(hard));
        }

        private static String value(long v) {
            return v == -1 ? "unlimited" : Long.toUnsignedString(v);
        }
    }

    record OomScore(int adjustment) implements ProcessOperation {
        @Override
        public String text() {
            return "adjust the out-of-memory score by " + adjustment;
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("choom -n " + adjustment);
        }
    }

    /** A session keyring of its own, so that the caller's keys stay outside (session-keyring(7)). */
    record SessionKeyring(String name) implements ProcessOperation {
        @Override
        public String text() {
            return "join a new session keyring \"" + name + "\"";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("keyctl session " + name);
        }
    }

    record Umask(int mask) implements ProcessOperation {
        @Override
        public String text() {
            return "set umask 0" + Integer.toOctalString(mask);
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("umask 0" + Integer.toOctalString(mask));
        }
    }

    /** Scheduling policy and priority (sched_setattr(2)); numbers are the kernel's. */
    record Schedule(int policy, long flags, int nice, int priority, long runtime, long deadline, long period) implements ProcessOperation {
        /** Whether it clamps utilisation; the spec has no numbers for that, so it is the whole range (SCHED_FLAG_UTIL_CLAMP). */
        public boolean clamps() {
            return (flags & 0x60) != 0;
        }

        @Override
        public String text() {
            return "schedule with policy " + policy + ", nice " + nice + ", priority " + priority;
        }
    }

    /**
     * On which processors the process runs (sched_setaffinity(2)).
     *
     * @param mask one bit for each, the first in the lowest bit of the first number
     */
    record Affinity(String processors, List<Long> mask) implements ProcessOperation {
        @Override
        public String text() {
            return "run on processors " + processors;
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("taskset -p -c " + processors + " $$");
        }
    }

    /**
     * From which memory nodes the process and its children take memory (set_mempolicy(2)).
     *
     * @param mode the kernel's number, flags included
     * @param mask one bit for each node, the first in the lowest bit of the first number; empty: none
     */
    record MemoryPolicy(String words, int mode, List<Long> mask) implements ProcessOperation {
        @Override
        public String text() {
            return "take memory by " + words;
        }
    }

    /** The execution domain of the process (personality(2)). */
    record Persona(long domain) implements ProcessOperation {
        @Override
        public String text() {
            return "set personality 0x" + Long.toHexString(domain);
        }
    }

    /** Input/output priority (ioprio_set(2)). */
    record IoPriority(int value) implements ProcessOperation {
        @Override
        public String text() {
            return "set input/output priority class " + (value >> 13) + " level " + (value & 7);
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("ionice -c " + (value >> 13) + " -n " + (value & 7));
        }
    }

    /**
     * A pseudo-terminal of the container's own devpts becomes its standard streams and controlling terminal; the other side
     * goes to the monitor (pty(7)). It belongs to {@code owner}. Without {@code controlling}, another process will make it its controlling terminal.
     */
    record Terminal(int height, int width, boolean console, long owner, boolean controlling) implements ProcessOperation {
        @Override
        public String text() {
            return "open a terminal of " + height + " x " + width + (console ? " and bind it on \"/dev/console\"" : "");
        }
    }

    /** Pipes to the monitor become the standard streams; without {@code input}, standard input is /dev/null. */
    record Pipes(boolean input) implements ProcessOperation {
        @Override
        public String text() {
            return "connect standard " + (input ? "input, output and error" : "output and error") + " to the monitor";
        }
    }

    /**
     * The caller's standard streams, unless there is a terminal in their place, and some more of its descriptors, from 3 on. Those of {@code nulls} (bits: 1
     * input, 2 output, 4 error) are /dev/null, and become the container's own if that is one: a file of the host's would be one of a file system that the
     * container does not have, which CRIU cannot save.
     */
    record Inherit(boolean streams, int descriptors, int nulls) implements ProcessOperation {
        @Override
        public String text() {
            return "inherit " + (streams ? "the caller's standard streams" : "no stream of the caller")
                    + (descriptors == 0 ? "" : " and " + descriptors + " more descriptors");
        }
    }

    /** Looks for the program before it is started, so that one that is missing is told of when the container is created (faccessat(2)). */
    record FindProgram(List<String> candidates, String name) implements ProcessOperation {
        @Override
        public String text() {
            return "find \"" + name + "\"";
        }
    }

    /** Waits at the gate until somebody writes to it; the container then runs. */
    record AwaitStart() implements ProcessOperation {
        @Override
        public String text() {
            return "wait for the start";
        }
    }

    /** Everything above standard error closes, but for the pipe that tells the monitor of the start (close_range(2)). */
    record CloseDescriptors() implements ProcessOperation {
        @Override
        public String text() {
            return "close all descriptors but the standard streams";
        }
    }

    /**
     * Makes a pair of sockets: one becomes descriptor 3, the other is sent to whoever listens at the socket, so that this process is its peer. Opens files
     * from descriptor 4 on; all others but the streams are closed.
     */
    record Connect(String socket, List<String> files) implements ProcessOperation {
        @Override
        public String text() {
            return "offer a connection to \"" + socket + "\"" + (files.isEmpty() ? "" : " and open " + Words.quoted(files));
        }
    }

    record ChangeDirectory(String path) implements ProcessOperation {
        @Override
        public String text() {
            return "change directory to \"" + path + "\"";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("cd " + path);
        }
    }

    /**
     * A child of this process, and sibling to it, is born in the pid namespace that was joined, and starts the program. It has nothing that those who were
     * there before could take from it: neither a right nor a descriptor, nor memory that it shares with its monitor, beyond those of the program.
     *
     * @param bound whether it dies with its monitor
     * @param terminal whether standard input becomes its controlling terminal
     */
    record Enter(Execute execute, boolean bound, boolean terminal) implements ProcessOperation {
        @Override
        public String text() {
            return "enter the pid namespace and " + execute.text();
        }

        @Override
        public Optional<String> shell() {
            return execute.shell();
        }
    }

    /**
     * Starts the program; {@code candidates} are the paths that are tried in turn, as execvp(3) would. The first that exists
     * and may be executed wins. With {@code init}, that program is started in its place and told to start it.
     */
    record Execute(List<String> candidates, List<String> arguments, List<String> environment, Optional<String> init) implements ProcessOperation {
        @Override
        public String text() {
            return "execute " + Words.quoted(arguments) + init.map(path -> " below \"" + path + "\"").orElse("");
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("exec env -i … " + String.join(" ", arguments));
        }
    }
}
