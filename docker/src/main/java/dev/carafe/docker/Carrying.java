package dev.carafe.docker;

import dev.carafe.docker.http.Hijacked;
import dev.carafe.engine.PipedSession;
import java.io.IOException;
import java.io.OutputStream;

/** Carries bytes between a hijacked connection and a session, with a thread of the machine for each direction, since both ends may block for long. */
final class Carrying {
    private static final int STACK = 256 << 10;
    private static final int CHUNK = 32768;

    private Carrying() {
    }

    /**
     * Hands on what the client sends; its end is the end of the container's input.
     *
     * @param unbegun told when the client ends before the session has begun; true: it never will
     */
    static Thread input(Hijacked connection, PipedSession session, java.util.function.BooleanSupplier unbegun) {
        return Thread.ofPlatform().daemon().name("session input").stackSize(STACK).start(() -> {
            try (OutputStream in = session.input()) {
                byte[] bytes = new byte[CHUNK];
                for (int got = connection.in().read(bytes); got >= 0; got = connection.in().read(bytes)) {
                    in.write(bytes, 0, got);
                }
            } catch (IOException gone) {
                // The container takes no more, or the connection was closed.
                if (unbegun.getAsBoolean()) {
                    session.leave();
                }
            }
        });
    }

    /** Hands on what the container writes until the session is over, then closes the connection. */
    static PipedSession.Outcome output(Hijacked connection, PipedSession session, StreamFrames frames) {
        return output(connection, session, frames, () -> { });
    }

    /** @param atEnd done once the process has ended, before the client is told by the end of the connection */
    static PipedSession.Outcome output(Hijacked connection, PipedSession session, StreamFrames frames, Runnable atEnd) {
        var carried = new PipedSession.Outcome[] {PipedSession.Outcome.GONE};
        Thread writer = Thread.ofPlatform().daemon().name("session output").stackSize(STACK).start(() -> carried[0] = session.carry(frames::put));
        try {
            writer.join();
        } catch (InterruptedException e) {
            session.leave();
            Thread.currentThread().interrupt();
        }
        session.leave();
        if (carried[0] == PipedSession.Outcome.ENDED) {
            atEnd.run();
        }
        try {
            connection.endOutput();
        } catch (IOException gone) {
            // It is closed in any case.
        }
        connection.close();
        return carried[0];
    }
}
