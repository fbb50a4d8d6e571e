package dev.carafe.plan;

import dev.carafe.oci.runtime.ContainerProcessState;
import java.util.Optional;

/** What the container's monitor does for itself: see the runtime's page for the monitor. Paths are host paths. */
public sealed interface MonitorOperation extends Operation {
    /** Holds a lock on a file for as long as it lives, by which anyone can tell that it does. */
    record Hold(String path) implements MonitorOperation {
        @Override
        public String text() {
            return "hold the lock \"" + path + "\"";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("flock " + path);
        }
    }

    /** Opens the log of the container's output for appending. */
    record OpenLog(LogFile file) implements MonitorOperation {
        @Override
        public String text() {
            return "append output to \"" + file.path() + "\"" + (file.mostBytes() == 0 ? "" : ", of " + file.files() + " files of " + file.mostBytes() + " bytes");
        }
    }

    /** Listens for those who attach, on a socket that only the owner may use. */
    record Listen(String directory) implements MonitorOperation {
        @Override
        public String text() {
            return "listen for sessions on \"" + directory + "/attach\"";
        }

        @Override
        public Optional<Operation> inverse() {
            return Optional.of(new Forget(directory + "/attach"));
        }
    }

    /** Removes a file that the monitor made. */
    record Forget(String path) implements MonitorOperation {
        @Override
        public String text() {
            return "remove \"" + path + "\"";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("rm -f " + path);
        }
    }

    /**
     * Makes what will connect init's standard streams with the monitor: pipes, or a socket over which its terminal comes. The
     * pipes are given to {@code owner}, a user of the host, who could otherwise not open /dev/stdout again.
     */
    record OpenStreams(boolean terminal, boolean input, long owner) implements MonitorOperation {
        @Override
        public String text() {
            return terminal ? "make a socket for the terminal" : "make pipes for " + (input ? "input, " : "") + "output and error";
        }
    }

    /**
     * Takes the listener of init's system call filter from it and sends it to the agent that listens on the socket, with the state, to which the
     * number of the process is added (seccomp_unotify(2), SCM_RIGHTS).
     */
    record SendListener(String path, ContainerProcessState state) implements MonitorOperation {
        @Override
        public String text() {
            return "send the listener of the system call filter to \"" + path + "\"";
        }
    }

    /**
     * Uses the streams of the caller as they are. Those of {@code pipes} (bits: 1 input, 2 output, 4 error) are given to {@code owner}, a user
     * of the host, who could otherwise not open /dev/stdout again.
     */
    record TakeStreams(int pipes, long owner) implements MonitorOperation {
        @Override
        public String text() {
            return "take the caller's streams" + (pipes == 0 ? "" : ", its pipes for user " + owner);
        }
    }

    /** Opens the fifo where init will wait for its start: for reading and writing, so that its other end may come and go. */
    record OpenGate(String path) implements MonitorOperation {
        @Override
        public String text() {
            return "open the gate \"" + path + "\"";
        }
    }

    /** Connects to the socket that the near side of the terminal is sent to. */
    record ConnectConsole(String path) implements MonitorOperation {
        @Override
        public String text() {
            return "connect to the console socket \"" + path + "\"";
        }
    }

    /** Sends a pidfd of init to a socket (SCM_RIGHTS, unix(7)). */
    record SendPidfd(String path) implements MonitorOperation {
        @Override
        public String text() {
            return "send a pidfd of init to \"" + path + "\"";
        }
    }

    /** Waits until init stands at its gate, and notes that the container is created. */
    record AwaitReady() implements MonitorOperation {
        @Override
        public String text() {
            return "wait until init stands at its gate";
        }
    }

    /** Waits until the process that was cloned has ended; with {@code well}, it must have ended by itself with status 0. */
    record AwaitEnd(boolean well) implements MonitorOperation {
        @Override
        public String text() {
            return "wait until it has ended" + (well ? ", and well" : "");
        }
    }

    /** Takes the process whose number stands in the gate for init: a child that somebody else has made, such as one that was restored. */
    record Adopt() implements MonitorOperation {
        @Override
        public String text() {
            return "take the process that is named at the gate for init";
        }
    }

    /** Waits at a fifo until somebody writes to it, or until nobody has it open who could. */
    record AwaitWord(String path) implements MonitorOperation {
        @Override
        public String text() {
            return "wait for a word at \"" + path + "\"";
        }
    }

    /** Makes the pipe over which the process that enters a pid namespace is told of. */
    record PrepareEntry() implements MonitorOperation {
        @Override
        public String text() {
            return "prepare for a process that enters last of all";
        }
    }

    /** Waits until the prepared process has been cloned into its pid namespace, and takes it for init. */
    record AwaitEntry() implements MonitorOperation {
        @Override
        public String text() {
            return "wait until the process has entered the pid namespace";
        }
    }

    /** Ends the performer: what follows is only for a start that failed. */
    record Leave() implements MonitorOperation {
        @Override
        public String text() {
            return "leave; what follows takes back a start that failed";
        }
    }

    /** Takes the near side of the terminal that init opened. */
    record ReceiveTerminal() implements MonitorOperation {
        @Override
        public String text() {
            return "receive the terminal";
        }
    }

    /** Tells whoever launched the plan that the program runs: one byte on the status pipe, whose end follows when all is done. */
    record Report() implements MonitorOperation {
        @Override
        public String text() {
            return "report that the program runs";
        }
    }

    /** Waits until init has started its program, or failed to. */
    record AwaitExecute() implements MonitorOperation {
        @Override
        public String text() {
            return "wait until init has started its program";
        }
    }

    /** Carries bytes between the container, its log and the sessions until init has ended. */
    record Watch(boolean terminal, boolean stdinOnce, Optional<Session> session) implements MonitorOperation {
        @Override
        public String text() {
            return "watch init" + (session.isPresent() ? ", with a session attached" : "");
        }
    }

    /** Reads a counter of a control group before the group goes, such as that of kills for lack of memory. */
    record ReadCounter(String directory, String file) implements MonitorOperation {
        @Override
        public String text() {
            return "read \"" + directory + "/" + file + "\"";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("cat " + directory + "/" + file);
        }
    }

    /** Ends init if it is still there: where clean-up begins when a start fails. */
    record EndInit() implements MonitorOperation {
        @Override
        public String text() {
            return "end init if the start failed";
        }
    }

    /** Writes how init ended, whole or not at all. */
    record SaveExit(String directory) implements MonitorOperation {
        @Override
        public String text() {
            return "save the exit record in \"" + directory + "\"";
        }
    }
}
