package dev.carafe.engine;

import dev.carafe.base.Fault;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.Fd;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Signal;
import dev.carafe.kernel.Sockets;
import dev.carafe.runtime.SessionStreams;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Talks to the monitor of a running container over its socket: one message to begin a session, then signals and window sizes. A
 * signal that goes this way cannot hit a stranger, since only the monitor knows whether it has reaped init.
 */
final class MonitorTalk {
    private static final int INPUT = 1;
    private static final int OUTPUT = 2;
    private static final int ERROR = 4;
    private static final int CONTROL = 8;

    private final FileSystem files;

    MonitorTalk(FileSystem files) {
        this.files = files;
    }

    /** Sends a signal to the container's init. */
    void signal(Path run, Signal signal) {
        Kernel kernel = files.kernel();
        try (Fd socket = connect(run)) {
            Sockets.send(kernel, socket, new byte[] {'A', 0, 0});
            accepted(kernel, socket, run);
            Sockets.send(kernel, socket, new byte[] {'S', (byte) signal.number()});
        }
    }

    /** Tells the size of a window, which the terminal takes on. */
    void resize(Path run, int rows, int columns) {
        Kernel kernel = files.kernel();
        try (Fd socket = connect(run)) {
            Sockets.send(kernel, socket, new byte[] {'A', 0, 0});
            accepted(kernel, socket, run);
            Sockets.send(kernel, socket, new byte[] {'W', (byte) rows, (byte) (rows >> 8), (byte) columns, (byte) (columns >> 8)});
        }
    }

    /** Begins a session with those streams; from now on the monitor deals with the session's control socket. */
    void attach(Path run, SessionStreams streams, List<Byte> detachKeys) {
        Kernel kernel = files.kernel();
        var message = new byte[3 + detachKeys.size()];
        message[0] = 'A';
        message[1] = (byte) ((streams.input() >= 0 ? INPUT : 0) | (streams.output() >= 0 ? OUTPUT : 0) | (streams.error() >= 0 ? ERROR : 0) | CONTROL);
        message[2] = (byte) detachKeys.size();
        for (int k = 0; k < detachKeys.size(); k++) {
            message[3 + k] = detachKeys.get(k);
        }
        var descriptors = new ArrayList<Integer>();
        for (int fd : new int[] {streams.input(), streams.output(), streams.error(), streams.control()}) {
            if (fd >= 0) {
                descriptors.add(fd);
            }
        }
        try (Fd socket = connect(run)) {
            Sockets.send(kernel, socket, message, descriptors.stream().mapToInt(Integer::intValue).toArray());
            accepted(kernel, socket, run);
        }
    }

    private static void accepted(Kernel kernel, Fd socket, Path run) {
        if (Sockets.receive(kernel, socket, 16).isEnd()) {
            throw Fault.of(Fault.Kind.EXHAUSTED, "attach to", "\"" + run.getFileName() + "\"", "its monitor takes no more sessions, or the container has just ended");
        }
    }

    /** By way of the directory's descriptor, since a socket's path has at most 107 bytes. */
    private Fd connect(Path run) {
        try (Directory directory = files.directory(run.toString())) {
            return Sockets.connect(files.kernel(), Path.of("/proc/self/fd/" + directory.number() + "/attach"));
        }
    }
}
