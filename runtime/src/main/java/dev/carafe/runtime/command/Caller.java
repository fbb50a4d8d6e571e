package dev.carafe.runtime.command;

import dev.carafe.kernel.Kernel;
import dev.carafe.plan.HostFacts;
import dev.carafe.plan.seccomp.SeccompPrograms;
import dev.carafe.runtime.Performer;
import dev.carafe.runtime.SessionStreams;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Whoever called the runtime: a shell, conmon, a shim. What a command sees of that process, and does there. */
public interface Caller {
    /** The words behind the program's name. */
    List<String> arguments();

    /** The name that it was called by, without directory: {@code carafe-runtime}, {@code runc} or {@code crun}. */
    String program();

    Map<String, String> environment();

    Path directory();

    /** The calling process, as this process's pid namespace numbers it. */
    int process();

    /** Whether that standard stream is a terminal. */
    boolean isTerminal(int stream);

    /** Writes to the caller's standard output. */
    void out(String text);

    /** Writes to the caller's standard error. */
    void error(String text);

    /** The caller's standard input. */
    InputStream in();

    /** Makes system calls in the caller's pid namespace. */
    Kernel kernel();

    HostFacts host();

    SeccompPrograms filters();

    /** Performs plans as the caller's own descendants. */
    Performer performer();

    /**
     * The caller's standard streams.
     *
     * @param control whether its session goes with them
     * @param kept how many descriptors from 3 on go with them
     */
    SessionStreams streams(boolean control, int kept);

    /**
     * From now on the caller carries a session: it passes window sizes on.
     *
     * @param raw whether its terminal gives every key away
     */
    void session(boolean raw);

    /** Blocks until what is being performed has ended; false: the caller has gone. */
    boolean await(Performer.Performance performance);
}
