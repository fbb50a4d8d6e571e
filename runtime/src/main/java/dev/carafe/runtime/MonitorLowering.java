package dev.carafe.runtime;

import dev.carafe.base.Errno;
import dev.carafe.kernel.SystemCall;
import dev.carafe.plan.LogFile;
import dev.carafe.plan.MonitorOperation;
import dev.carafe.plan.Session;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The monitor's own doings as system calls. */
final class MonitorLowering {
    private static final int LISTENER_FD = 43;
    private static final int LOG_FD = 44;
    private static final int LOCK_FD = 47;
    private static final int PIDFD_FD = 50;
    static final int GATE_FD = 48;
    private static final int CONSOLE_FD = 49;
    private static final int LOCK_EXCLUSIVE_AT_ONCE = 2 | 4;
    private static final int EXIT_BYTES = 32;
    /** Room for the counters that are read before the control groups go. */
    private static final int COUNTER_BYTES = 256;

    private final Assembler asm;
    private final Wiring wiring;
    private boolean holding;
    private boolean listening;
    private @Nullable LogFile log;
    private boolean terminal;
    private boolean streams;
    private boolean created;
    private boolean input;
    private long counter;

    MonitorLowering(Assembler asm, Wiring wiring) {
        this.asm = asm;
        this.wiring = wiring;
    }

    void lower(MonitorOperation operation) {
        if (operation instanceof MonitorOperation.Hold hold) {
            int fd = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string(hold.path()), Flags.O_RDONLY | Flags.O_CREAT | Flags.O_CLOEXEC, 0600);
            settle(fd, LOCK_FD);
            asm.call(SystemCall.FLOCK, LOCK_FD, LOCK_EXCLUSIVE_AT_ONCE);
            holding = true;
        } else if (operation instanceof MonitorOperation.OpenLog log) {
            settle(openLog(log.file()), LOG_FD);
            this.log = log.file();
        } else if (operation instanceof MonitorOperation.Listen listen) {
            listen(listen.directory());
        } else if (operation instanceof MonitorOperation.Forget forget) {
            asm.call(SystemCall.UNLINKAT, Flags.AT_FDCWD, asm.string(forget.path()), 0);
            asm.orElseGoOn();
        } else if (operation instanceof MonitorOperation.OpenStreams streams) {
            openStreams(streams);
        } else if (operation instanceof MonitorOperation.SendListener send) {
            new ListenerLowering(asm, wiring).lower(send);
        } else if (operation instanceof MonitorOperation.TakeStreams take) {
            asm.mark(Execution.Stage.PERFORMING.ordinal());
            for (int stream = 0; stream < 3; stream++) {
                if ((take.pipes() >> stream & 1) != 0) {
                    asm.call(SystemCall.FCHOWN, ProgramLayout.FD_SESSION + stream, take.owner(), -1);
                    // Without privilege only one's own user can be given anything.
                    asm.orElseGoOn(Errno.EPERM, Errno.EROFS);
                }
            }
        } else if (operation instanceof MonitorOperation.OpenGate gate) {
            settle(asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string(gate.path()), Flags.O_RDWR | Flags.O_CLOEXEC, 0), GATE_FD);
        } else if (operation instanceof MonitorOperation.ConnectConsole console) {
            asm.mark(Execution.Stage.PERFORMING.ordinal());
            connect(console.path(), CONSOLE_FD);
            // Init sends the terminal to where the far end of a pair would be.
            wiring.output = asm.longs((long) CONSOLE_FD << 32);
        } else if (operation instanceof MonitorOperation.SendPidfd send) {
            sendPidfd(send.path());
        } else if (operation instanceof MonitorOperation.AwaitReady) {
            int near = asm.load(wiring.started);
            asm.call(SystemCall.READ, Assembler.result(near), asm.space(8), 1);
            asm.mustBePositive();
            asm.call(SystemCall.CLOSE, Assembler.result(near));
            asm.mark(Execution.Stage.CREATED.ordinal());
            created = true;
        } else if (operation instanceof MonitorOperation.AwaitWord word) {
            int fifo = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string(word.path()), Flags.O_RDONLY | Flags.O_CLOEXEC, 0);
            asm.call(SystemCall.READ, Assembler.result(fifo), asm.space(8), 1);
        } else if (operation instanceof MonitorOperation.PrepareEntry) {
            wiring.entry = asm.space(8);
            asm.call(SystemCall.PIPE2, wiring.entry, Flags.O_CLOEXEC);
        } else if (operation instanceof MonitorOperation.AwaitEntry) {
            awaitEntry();
        } else if (operation instanceof MonitorOperation.AwaitEnd await) {
            awaitEnd(await.well());
        } else if (operation instanceof MonitorOperation.Adopt) {
            adopt();
        } else if (operation instanceof MonitorOperation.Leave) {
            asm.exit(0);
        } else if (operation instanceof MonitorOperation.ReceiveTerminal) {
            receiveTerminal();
        } else if (operation instanceof MonitorOperation.Report) {
            if (!created) {
                asm.mark(Execution.Stage.RUNNING.ordinal());
            }
            asm.call(SystemCall.WRITE, ProgramLayout.FD_STATUS, asm.string("S"), 1);
            // Whoever launched the container may have gone; the container stays.
            asm.orElseGoOn();
        } else if (operation instanceof MonitorOperation.AwaitExecute) {
            awaitExecute();
        } else if (operation instanceof MonitorOperation.Watch watch) {
            watch(watch);
        } else if (operation instanceof MonitorOperation.ReadCounter read) {
            readCounter(read);
        } else if (operation instanceof MonitorOperation.EndInit) {
            endInit();
        } else if (operation instanceof MonitorOperation.SaveExit save) {
            saveExit(save.directory());
        } else {
            throw new MatchException(String.valueOf(operation), null);
        }
    }

    /** All is taken back. Whoever then sees the end of the status pipe finds the lock free. */
    void end() {
        if (holding) {
            asm.call(SystemCall.CLOSE, LOCK_FD);
            asm.orElseGoOn();
        }
        if (wiring.lingers) {
            asm.call(SystemCall.CLOSE, ProgramLayout.FD_STATUS);
            asm.orElseGoOn();
        }
        asm.exit(0);
    }

    private void settle(int fd, int number) {
        settle(asm, fd, number);
    }

    private static void settle(Assembler asm, int fd, int number) {
        asm.call(SystemCall.DUP3, Assembler.result(fd), number, Flags.O_CLOEXEC);
        asm.call(SystemCall.CLOSE, Assembler.result(fd));
    }

    /** The socket is bound through a descriptor of its directory, since an address holds 108 bytes at most (unix(7)). */
    private void connect(String path, int number) {
        connect(asm, path, number, Flags.SOCK_STREAM);
    }

    /** The socket becomes that descriptor. */
    static void connect(Assembler asm, String path, int number, long kind) {
        int slash = path.lastIndexOf('/');
        int place = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string(path.substring(0, slash + 1)), Flags.O_PATH | Flags.O_DIRECTORY | Flags.O_CLOEXEC, 0);
        settle(asm, place, LISTENER_FD + 2);
        settle(asm, asm.call(SystemCall.SOCKET, Flags.AF_UNIX, kind | Flags.SOCK_CLOEXEC, 0), number);
        byte[] address = address("/proc/self/fd/" + (LISTENER_FD + 2) + path.substring(slash));
        asm.call(SystemCall.CONNECT, number, asm.bytes(address), address.length);
        asm.call(SystemCall.CLOSE, LISTENER_FD + 2);
    }

    private void sendPidfd(String path) {
        connect(path, CONSOLE_FD);
        int fd = asm.load(wiring.pidfd);
        asm.call(SystemCall.DUP3, Assembler.result(fd), PIDFD_FD, Flags.O_CLOEXEC);
        long control = asm.longs(20, 1 | 1L << 32, PIDFD_FD); // struct cmsghdr: length, SOL_SOCKET, SCM_RIGHTS, descriptor
        asm.call(SystemCall.SENDMSG, CONSOLE_FD, asm.longs(0, 0, asm.longs(asm.string("pidfd"), 5), 1, control, 24, 0), 0);
        asm.call(SystemCall.CLOSE, CONSOLE_FD);
        asm.call(SystemCall.CLOSE, PIDFD_FD);
    }

    private static byte[] address(String path) {
        var address = ByteBuffer.allocate(3 + path.length()).order(ByteOrder.nativeOrder());
        return address.putShort((short) Flags.AF_UNIX).put(path.getBytes(java.nio.charset.StandardCharsets.US_ASCII)).array();
    }

    private void listen(String directory) {
        int place = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string(directory), Flags.O_PATH | Flags.O_DIRECTORY | Flags.O_CLOEXEC, 0);
        settle(place, LISTENER_FD + 2);
        int socket = asm.call(SystemCall.SOCKET, Flags.AF_UNIX, Flags.SOCK_SEQPACKET | Flags.SOCK_CLOEXEC, 0);
        byte[] address = address("/proc/self/fd/" + (LISTENER_FD + 2) + "/attach");
        asm.call(SystemCall.UMASK, 0177);
        asm.call(SystemCall.BIND, Assembler.result(socket), asm.bytes(address), address.length);
        asm.call(SystemCall.LISTEN, Assembler.result(socket), 16);
        settle(socket, LISTENER_FD);
        asm.call(SystemCall.CLOSE, LISTENER_FD + 2);
        listening = true;
    }

    private void openStreams(MonitorOperation.OpenStreams streams) {
        asm.mark(Execution.Stage.PERFORMING.ordinal());
        terminal = streams.terminal();
        input = streams.input();
        this.streams = true;
        if (terminal) {
            asm.call(SystemCall.SOCKETPAIR, Flags.AF_UNIX, Flags.SOCK_STREAM | Flags.SOCK_CLOEXEC, 0, wiring.output);
            return;
        }
        pipe(wiring.output, streams.owner());
        pipe(wiring.error, streams.owner());
        if (input) {
            pipe(wiring.input, streams.owner());
        }
    }

    private void pipe(long address, long owner) {
        asm.call(SystemCall.PIPE2, address, Flags.O_CLOEXEC);
        int fd = asm.load(address);
        asm.call(SystemCall.FCHOWN, Assembler.result(fd), owner, -1);
        // Without privilege only one's own user can be given anything.
        asm.orElseGoOn(Errno.EPERM);
    }

    private void receiveTerminal() {
        closeStored(wiring.output + 4);
        int socket = asm.load(wiring.output);
        // struct msghdr with one byte of data and room for one descriptor after the 16 bytes of struct cmsghdr.
        long control = asm.space(24);
        long message = asm.longs(0, 0, asm.longs(asm.space(8), 1), 1, control, 24, 0);
        asm.call(SystemCall.RECVMSG, Assembler.result(socket), message, Flags.SOCK_CLOEXEC == 0 ? 0 : 0x40000000L);
        asm.mustBePositive();
        int fd = asm.load(control + 16);
        asm.call(SystemCall.FCNTL, Assembler.result(fd), Flags.F_SETFL, Flags.O_RDWR | Flags.O_NONBLOCK);
        settleTerminal(fd);
        asm.call(SystemCall.CLOSE, Assembler.result(socket));
    }

    /** The monitor keeps the far side open too: a program that closes it for a moment does not end the output. */
    private void settleTerminal(int fd) {
        asm.call(SystemCall.DUP3, Assembler.result(fd), TERMINAL_FD, Flags.O_CLOEXEC);
        asm.call(SystemCall.CLOSE, Assembler.result(fd));
        asm.call(SystemCall.IOCTL, TERMINAL_FD, Flags.TIOCGPTPEER, Flags.O_RDWR | Flags.O_NOCTTY | Flags.O_CLOEXEC);
    }

    private static final int TERMINAL_FD = 46;

    private void closeStored(long address) {
        int fd = asm.load(address);
        asm.call(SystemCall.CLOSE, Assembler.result(fd));
    }

    private void watch(MonitorOperation.Watch watch) {
        long inputAt = 0;
        long outputAt;
        long errorAt = 0;
        if (terminal) {
            outputAt = asm.longs(TERMINAL_FD);
            inputAt = outputAt;
        } else if (!streams) {
            outputAt = 0; // the container has the caller's own
        } else {
            closeStored(wiring.output + 4);
            closeStored(wiring.error + 4);
            outputAt = wiring.output;
            errorAt = wiring.error;
            if (input) {
                closeStored(wiring.input);
                inputAt = wiring.input + 4;
                int end = asm.load(inputAt);
                asm.call(SystemCall.FCNTL, Assembler.result(end), Flags.F_SETFL, Flags.O_WRONLY | Flags.O_NONBLOCK);
            }
        }
        var struct = ByteBuffer.allocate(ProgramLayout.WATCH_BYTES).order(ByteOrder.nativeOrder());
        struct.putLong(inputAt).putLong(outputAt).putLong(errorAt).putInt(log != null ? LOG_FD : -1).putInt(listening ? LISTENER_FD : -1);
        struct.putInt((terminal ? ProgramLayout.WATCH_TERMINAL : 0) | (watch.stdinOnce() ? ProgramLayout.WATCH_STDIN_ONCE : 0)
                | (watch.session().isPresent() ? ProgramLayout.WATCH_SESSION : 0));
        if (watch.session().isPresent()) {
            Session s = watch.session().get();
            struct.put((byte) ((s.input() ? 1 : 0) | (s.output() ? 2 : 0) | (s.error() ? 4 : 0))).put((byte) s.detachKeys().size());
            s.detachKeys().forEach(struct::put);
        }
        LogFile file = log;
        if (file != null && file.mostBytes() > 0) {
            rotate(file, struct);
        }
        asm.watch(asm.bytes(struct.array()));
        asm.mark(Execution.Stage.EXITED.ordinal());
    }

    private int openLog(LogFile file) {
        return asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string(file.path()), Flags.O_WRONLY | Flags.O_CREAT | Flags.O_APPEND | Flags.O_CLOEXEC, 0640);
    }

    /**
     * What the monitor performs when the log is long enough, passed over on the way to its loop. Nothing of it may end the container: where a file cannot be moved
     * or made, it goes on with the one that it has.
     */
    private void rotate(LogFile file, ByteBuffer struct) {
        var loop = new Assembler.Label();
        asm.check();
        asm.onOk(loop);
        int from = asm.count();
        for (int k = file.files() - 1; k > 0; k--) {
            String older = file.path() + "." + k;
            asm.call(SystemCall.RENAMEAT2, Flags.AT_FDCWD, asm.string(k == 1 ? file.path() : file.path() + "." + (k - 1)), Flags.AT_FDCWD, asm.string(older), 0);
            asm.orElseGoOn();
        }
        if (file.files() == 1) {
            asm.call(SystemCall.UNLINKAT, Flags.AT_FDCWD, asm.string(file.path()), 0);
            asm.orElseGoOn();
        }
        int fd = openLog(file);
        asm.onError(loop);
        asm.call(SystemCall.DUP3, Assembler.result(fd), LOG_FD, Flags.O_CLOEXEC);
        asm.orElseGoOn();
        asm.call(SystemCall.CLOSE, Assembler.result(fd));
        asm.orElseGoOn();
        struct.putLong(ProgramLayout.WATCH_LOG_MOST, file.mostBytes()).putInt(ProgramLayout.WATCH_LOG_MOST + 8, from).putInt(ProgramLayout.WATCH_LOG_MOST + 12, asm.count());
        asm.bind(loop);
    }

    private void readCounter(MonitorOperation.ReadCounter read) {
        var skip = new Assembler.Label();
        counter = asm.space(COUNTER_BYTES);
        int fd = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string(read.directory() + "/" + read.file()), Flags.O_RDONLY | Flags.O_CLOEXEC, 0);
        asm.onError(skip);
        asm.call(SystemCall.READ, Assembler.result(fd), counter, COUNTER_BYTES);
        asm.orElseGoOn();
        asm.call(SystemCall.CLOSE, Assembler.result(fd));
        asm.bind(skip);
    }

    /** The record: {@link ExitRecord}. A full disk must not keep the monitor from the rest, so each step may fail. */
    private void saveExit(String directory) {
        var skip = new Assembler.Label();
        String file = directory + "/" + ExitRecord.FILE;
        int fd = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string(file + ".new"), Flags.O_WRONLY | Flags.O_CREAT | Flags.O_CLOEXEC, 0600);
        asm.onError(skip);
        asm.call(SystemCall.WRITE, Assembler.result(fd), ProgramLayout.BASE + ProgramLayout.HOW, EXIT_BYTES);
        asm.onError(skip);
        if (counter != 0) {
            asm.call(SystemCall.WRITE, Assembler.result(fd), counter, COUNTER_BYTES);
            asm.onError(skip);
        }
        asm.call(SystemCall.RENAMEAT2, Flags.AT_FDCWD, asm.string(file + ".new"), Flags.AT_FDCWD, asm.string(file), 0);
        asm.onError(skip);
        asm.bind(skip);
    }

    /** Whether the status is 0 is asked of futex(2), as for hooks: FUTEX_WAIT for no time at all says ETIMEDOUT when the number is the expected one. */
    private void awaitEnd(boolean well) {
        long info = asm.space(128); // siginfo_t: si_code at 8, si_status at 24
        int fd = asm.load(wiring.pidfd);
        asm.call(SystemCall.WAITID, 3, Assembler.result(fd), info, 4, 0);
        if (well) {
            for (long[] wanted : new long[][] {{8, 1}, {24, 0}}) {
                asm.call(SystemCall.FUTEX, info + wanted[0], 0, wanted[1], asm.longs(0, 0), 0, 0);
                asm.orElseGoOn(Errno.ETIMEDOUT);
            }
        }
    }

    /** A process that entered its pid namespace last shares no memory, and tells of an error over the pipe that its execve closes. */
    private void awaitExecute() {
        int near = asm.load(wiring.started);
        long error = asm.space(8);
        asm.call(SystemCall.READ, Assembler.result(near), error, wiring.entry == 0 ? 1 : 4);
        asm.check();
        if (wiring.entry != 0) {
            // A negative number is an error here as anywhere else.
            asm.load(error);
        }
        asm.call(SystemCall.CLOSE, Assembler.result(near));
    }

    /** The prepared process ends once it has made its sibling; a byte says that this one lives, and will die with its monitor if it is to. */
    private void awaitEntry() {
        asm.call(SystemCall.CLOSE, Assembler.result(asm.load(wiring.entry + 4)));
        int near = asm.load(wiring.entry);
        asm.call(SystemCall.READ, Assembler.result(near), ProgramLayout.BASE + ProgramLayout.INIT, 4);
        asm.check();
        asm.call(SystemCall.CLOSE, Assembler.result(near));
        int prepared = asm.load(wiring.pidfd);
        asm.call(SystemCall.WAITID, 3, Assembler.result(prepared), 0, 4, 0);
        watched();
        int started = asm.load(wiring.started);
        asm.call(SystemCall.READ, Assembler.result(started), asm.space(8), 1);
        asm.mustBePositive();
    }

    private void adopt() {
        asm.call(SystemCall.FCNTL, GATE_FD, Flags.F_SETFL, Flags.O_RDWR | Flags.O_NONBLOCK);
        asm.call(SystemCall.READ, GATE_FD, ProgramLayout.BASE + ProgramLayout.INIT, 4);
        watched();
    }

    /** The number of init stands where the kernel's would after a clone; the pidfd comes to where the kernel's was. */
    private void watched() {
        int number = asm.load(ProgramLayout.BASE + ProgramLayout.INIT);
        int fd = asm.call(SystemCall.PIDFD_OPEN, Assembler.result(number), 0);
        int old = asm.load(wiring.pidfd);
        asm.call(SystemCall.DUP3, Assembler.result(fd), Assembler.result(old), Flags.O_CLOEXEC);
        asm.call(SystemCall.CLOSE, Assembler.result(fd));
    }

    private void endInit() {
        asm.cleanupHere();
        int fd = asm.load(wiring.pidfd);
        // Before the clone it is -1, which looks like an error.
        asm.orElseGoOn();
        asm.call(SystemCall.PIDFD_SEND_SIGNAL, Assembler.result(fd), Flags.SIGKILL, 0, 0);
        asm.orElseGoOn();
        // Waits until it is gone, so that its groups can be removed: WEXITED on P_PIDFD.
        asm.call(SystemCall.WAITID, 3, Assembler.result(fd), 0, 4, 0);
        asm.orElseGoOn(Errno.ECHILD, Errno.EBADF, Errno.EINVAL);
    }
}
