package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.cli.surface.Console;
import dev.carafe.cli.surface.Request;
import dev.carafe.engine.StreamOptions;
import dev.carafe.engine.StreamOptions.Stream;
import dev.carafe.oci.runtime.ConsoleSize;
import dev.carafe.plan.Session;
import dev.carafe.runtime.SessionStreams;
import java.util.List;
import java.util.Optional;

/** A user's wishes about streams, as a session of a plan. */
final class Sessions {
    private Sessions() {
    }

    /** As docker: who wants to type into a terminal must have one. */
    static void requireTerminal(Console console, StreamOptions streams) {
        if (streams.tty() && streams.attached(Stream.STDIN) && !console.request().isTerminal(0)) {
            throw Fault.invalid("use", "standard input as a terminal", "the input device is not a TTY").hint("leave out -t");
        }
    }

    static Session session(Console console, StreamOptions streams) {
        Request request = console.request();
        boolean typed = streams.tty() && streams.attached(Stream.STDIN);
        return new Session(streams.attached(Stream.STDIN), streams.attached(Stream.STDOUT), streams.attached(Stream.STDERR) && !streams.tty(),
                typed ? streams.detachKeys().codes() : List.of(),
                typed && request.rows() > 0 ? Optional.of(new ConsoleSize(request.rows(), request.columns())) : Optional.empty());
    }

    static SessionStreams streams(Console console, Session session) {
        return console.streams(session.input(), session.output(), session.error());
    }

    /** The client goes over to carrying the session; a terminal of its own becomes raw when the container has one too. */
    static void begin(Console console, StreamOptions streams) {
        console.session(streams.tty() && streams.attached(Stream.STDIN) && console.request().isTerminal(0), streams.passSignals() && !streams.tty());
    }

    /** What docker's client says and gives when {@code attach} or {@code exec} is left by the detach keys; {@code run} and {@code start} give 0. */
    static int escaped(Console console) {
        console.error("read escape sequence\n");
        return 1;
    }
}
