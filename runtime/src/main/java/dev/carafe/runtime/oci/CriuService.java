package dev.carafe.runtime.oci;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Fd;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.Sockets;
import dev.carafe.kernel.SystemCall;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The near end of the socket over which CRIU serves one request (its rpc.proto). CRIU asks back at each stage of its work and waits for the answer; when this
 * end closes, it gives up.
 */
final class CriuService implements AutoCloseable {
    private static final int DUMP = 1;
    private static final int RESTORE = 2;
    private static final int PRE_DUMP = 4;
    private static final int NOTIFY = 6;
    private static final int MOST_BYTES = 40960;
    private static final int PATIENCE_MILLIS = 200;

    /** What is asked for. */
    enum Request {
        DUMP(CriuService.DUMP), RESTORE(CriuService.RESTORE), PRE_DUMP(CriuService.PRE_DUMP);

        private final int number;

        Request(int number) {
            this.number = number;
        }
    }

    /** Hears of the stages. A fault of its own ends the request. */
    interface Stages {
        /**
         * @param script the name of the stage, as criu(8) has them for action scripts
         * @param pid the container's init, where the stage has one
         * @param descriptors what came along; they are closed afterwards
         */
        void reached(String script, int pid, List<Fd> descriptors);
    }

    /**
     * How a request ended.
     *
     * @param reason why it failed, as far as CRIU says; empty when it ended without a word
     */
    record Outcome(boolean well, String reason) {
    }

    private final Kernel kernel;
    private final Fd listener;
    private final Path path;
    private Optional<Fd> connection = Optional.empty();

    private CriuService(Kernel kernel, Fd listener, Path path) {
        this.kernel = kernel;
        this.listener = listener;
        this.path = path;
    }

    /** Listens at a path where nothing is. */
    static CriuService listen(Kernel kernel, Path path) {
        Path directory = path.getParent();
        // An address holds 108 bytes at most (unix(7)), so the directory is named by a descriptor.
        try (Memory name = kernel.string(directory.toString());
                Fd place = new Fd(kernel, (int) Kernel.check(kernel.call(SystemCall.OPENAT, -100, name.address(), 010000000 | 02000000, 0), "open", "\"" + directory + "\""))) {
            Path shorter = Path.of("/proc/self/fd/" + place.number()).resolve(path.getFileName());
            return new CriuService(kernel, Sockets.listen(kernel, shorter, 1), path);
        }
    }

    /**
     * Waits for CRIU, asks, and answers it until it has said how it went.
     *
     * @param gone whether there is nobody any more who could connect or answer
     * @return how it went
     */
    Outcome ask(Request request, WireMessage options, Stages stages, BooleanSupplier gone) {
        if (!await(listener, gone)) {
            return new Outcome(false, "");
        }
        Fd socket = offered();
        connection = Optional.of(socket);
        if (!tell(socket, new WireMessage().number(1, request.number).message(2, options))) {
            return new Outcome(false, "");
        }
        while (true) {
            // Once it is connected, its end is the end of the socket.
            Sockets.Message message = receive(socket);
            try {
                WireMessage.Read answer = WireMessage.Read.of(message.bytes());
                if (message.isEnd() || !answer.truth(2)) {
                    String reason = answer.number(7).map(number -> Errno.of(number.intValue())).map(e -> e.text() + " (" + e + ")").orElse("");
                    return new Outcome(false, answer.text(9).map(String::strip).filter(text -> !text.isEmpty()).orElse(reason));
                }
                if (answer.number(1).orElse(0L) != NOTIFY) {
                    return new Outcome(answer.number(1).orElse(0L) == request.number, "");
                }
                WireMessage.Read stage = answer.message(5).orElse(WireMessage.Read.of(new byte[0]));
                stages.reached(stage.text(1).orElse(""), stage.number(2).orElse(0L).intValue(), message.descriptors());
            } finally {
                message.descriptors().forEach(Fd::close);
            }
            if (!tell(socket, new WireMessage().number(1, NOTIFY).number(3, 1))) {
                return new Outcome(false, "");
            }
        }
    }

    /** False: CRIU has ended. */
    private boolean tell(Fd socket, WireMessage message) {
        try {
            Sockets.send(kernel, socket, message.bytes());
            return true;
        } catch (Fault fault) {
            if (fault.errno().equals(Optional.of(Errno.EPIPE)) || fault.errno().equals(Optional.of(Errno.ECONNRESET))) {
                return false;
            }
            throw fault;
        }
    }

    /** The socket that CRIU's process has made: of its peer, CRIU asks for the directories, and it can reach those only in its own mount namespace. */
    private Fd offered() {
        try (Fd offer = Sockets.accept(kernel, listener)) {
            Sockets.Message message = receive(offer);
            if (message.descriptors().isEmpty()) {
                throw Fault.of(Fault.Kind.UNAVAILABLE, "reach", "criu", "it offered no connection");
            }
            return message.descriptors().getFirst();
        }
    }

    private Sockets.Message receive(Fd socket) {
        await(socket, () -> false);
        return Sockets.receive(kernel, socket, MOST_BYTES);
    }

    /** Waits for a word, in slices: whoever performs the system calls has other things to hear as well. */
    private boolean await(Fd fd, BooleanSupplier gone) {
        try (Memory block = kernel.allocate(32)) {
            while (true) {
                block.bytes().putInt(0, fd.number()).putShort(4, (short) 1).putShort(6, (short) 0).putLong(16, 0).putLong(24, PATIENCE_MILLIS * 1_000_000L);
                long ready = kernel.call(SystemCall.PPOLL, block.address(), 1, block.address() + 16, 0, 0);
                if (ready > 0) {
                    return true;
                }
                if (ready != -Errno.EINTR.number()) {
                    Kernel.check(ready, "await", "criu");
                }
                if (gone.getAsBoolean()) {
                    return false;
                }
            }
        }
    }

    @Override
    public void close() {
        connection.ifPresent(Fd::close);
        listener.close();
        try (Memory name = kernel.string(path.toString())) {
            kernel.call(SystemCall.UNLINKAT, -100, name.address(), 0);
        }
    }

    /** What CRIU says of its failure: the first line of its log with an error of its own, from which the others follow; else its answer. */
    static Fault failure(String operation, String subject, Path log, String reason) {
        String first = "";
        for (String line : ControlGroups.lines(log)) {
            // Programs that it tries end as they like, and how is of no consequence.
            if (first.isEmpty() && line.contains("Error (") && !line.contains("Error (criu/util.c") && !line.contains("Diag module missing")) {
                first = line;
            }
        }
        // (00.123456) pid: Error (criu/file.c:12): what went wrong
        int at = first.indexOf("): ", first.indexOf("Error ("));
        return Fault.of(Fault.Kind.INTERNAL, operation, subject, "criu failed" + (at >= 0 ? ": " + first.substring(at + 3).strip() : reason.isEmpty() ? "" : ": " + reason))
                .hint("its log is \"" + log + "\"; what this kernel lacks for it, \"criu check\" tells");
    }
}
