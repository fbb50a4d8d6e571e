package dev.carafe.runtime;

import java.nio.file.Path;

/**
 * The native process that performs plans on behalf of Java, which cannot fork. Each plan gets a process of its own, the
 * monitor, which outlives the performer and the JVM.
 */
public interface Performer extends AutoCloseable {
    /**
     * Starts a monitor that performs the program in that file.
     *
     * @param session whose streams the plan's session uses, {@link SessionStreams#NONE} if it has none
     */
    Performance perform(Path program, SessionStreams session);

    @Override
    void close();

    /** A plan that is being performed. Closing it only ends the watching. */
    interface Performance extends AutoCloseable {
        /** Blocks until the program runs (true), or the monitor has ended without having started it (false). */
        boolean awaitStart();

        /** Blocks until the monitor has ended: the container is gone and what it made is taken back. */
        void awaitEnd();

        /** A descriptor that becomes readable, with the end of its pipe, when the monitor ends; -1 where this process has none. */
        int descriptor();

        @Override
        void close();
    }
}
