package dev.carafe.runtime;

/**
 * Descriptors of a session, by number, in the table of whoever asks for a plan to be performed; -1 stands for none. They are
 * duplicated into the monitor; the caller keeps and closes its own.
 *
 * @param control one end of a socket pair, over which the monitor hears signals and window sizes and tells the end
 */
public record SessionStreams(int input, int output, int error, int control) {
    /** Nobody is attached. */
    public static final SessionStreams NONE = new SessionStreams(-1, -1, -1, -1);
}
