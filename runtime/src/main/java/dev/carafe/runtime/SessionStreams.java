package dev.carafe.runtime;

/**
 * Descriptors of a session, by number, in the table of whoever asks for a plan to be performed; -1 stands for none. They are
 * duplicated into the monitor; the caller keeps and closes its own.
 *
 * @param control one end of a socket pair, over which the monitor hears signals and window sizes and tells the end
 * @param kept how many descriptors of the client, from 3 on, go with them; only a client that is the performer has any
 */
public record SessionStreams(int input, int output, int error, int control, int kept) {
    /** Nobody is attached. */
    public static final SessionStreams NONE = new SessionStreams(-1, -1, -1, -1);

    /** A session without further descriptors. */
    public SessionStreams(int input, int output, int error, int control) {
        this(input, output, error, control, 0);
    }

    /** The word that asks a performer for a plan: the streams that are wanted by bit, the program's path, NUL, the further descriptors. */
    byte[] request(java.nio.file.Path program) {
        byte[] path = program.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        byte[] message = new byte[path.length + 4];
        message[0] = 'P';
        message[1] = (byte) ((input >= 0 ? 1 : 0) | (output >= 0 ? 2 : 0) | (error >= 0 ? 4 : 0) | (control >= 0 ? 8 : 0));
        System.arraycopy(path, 0, message, 2, path.length);
        message[path.length + 3] = (byte) kept;
        return message;
    }
}
