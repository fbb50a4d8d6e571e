package dev.carafe.cli.surface;

import dev.carafe.engine.Run;
import dev.carafe.kernel.Kernel;
import dev.carafe.runtime.Performer;
import dev.carafe.runtime.SessionStreams;
import java.io.InputStream;

/** The user, as a command sees them. */
public interface Console {
    /** What ended the wait for a container. */
    enum Outcome {
        /** It has ended. */
        ENDED,
        /** The user typed the detach keys, or nobody reads the output any more; the container goes on. */
        DETACHED,
        /** The client has gone. */
        GONE
    }

    Request request();

    /** Writes to the user's standard output. */
    void out(byte[] bytes);

    /** Writes to the user's standard error. */
    void error(byte[] bytes);

    default void out(String text) {
        out(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    default void error(String text) {
        error(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** What the user pipes in. */
    InputStream in();

    /** The user's streams for a session, those that are wanted. */
    SessionStreams streams(boolean input, boolean output, boolean error);

    /**
     * From now on the client carries a session: it passes window sizes on.
     *
     * @param raw whether its terminal shows nothing by itself and gives every key away
     * @param signals whether signals to it go to the container
     */
    void session(boolean raw, boolean signals);

    /** Blocks until what is performed has ended, the user has detached, or the client has gone. */
    Outcome await(Performer.Performance performance);

    /** Makes system calls: in this process, or in the client. */
    Kernel kernel();

    /** Performs plans as descendants of the client. */
    Performer performer();

    /** Blocks until the session that the client carries has ended by itself or by detaching; for sessions with a container that runs already. */
    Outcome awaitSession(java.util.function.BooleanSupplier running);

    /** Whether the client is gone, so that nobody waits for this any more: for commands that go on without writing anything. */
    boolean gone();

    /** The command leaves a run behind that nobody waits for; whoever looks after it from now on closes it. */
    void leave(Run run, dev.carafe.engine.Container container);
}
