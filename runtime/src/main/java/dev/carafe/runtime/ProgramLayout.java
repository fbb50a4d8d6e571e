package dev.carafe.runtime;

/**
 * Where things are in a plan's binary form; the counterpart of {@code plan.h}, which explains them. Numbers are in native byte
 * order. The file has five parts, of which the kernel keeps only the pages that are written:
 * <pre>
 *   0x00000  header
 *   0x01000  results: value and time of each instruction
 *   0x21000  data of the monitor, which stays in memory while the container runs
 *   0x31000  data of init, then the instructions of the monitor and those of init
 * </pre>
 */
final class ProgramLayout {
    static final long BASE = 0x1000_0000_0000L;
    static final int MAGIC = 0x4c504643;
    static final int VERSION = 1;

    static final int HEADER_BYTES = 128;
    static final int SIZE = 8;
    static final int COUNT = 12;
    static final int CODE = 16;
    static final int RESULTS = 20;
    static final int CLEANUP = 24;
    static final int STATE = 28;
    static final int FAILED = 32;
    static final int ERROR = 36;
    static final int MONITOR = 40;
    static final int INIT = 44;
    static final int HOW = 48;
    static final int STATUS = 52;
    static final int LOG_LOST = 56;
    static final int STARTED = 64;
    static final int FINISHED = 72;

    static final int RESULTS_AT = 0x1000;
    static final int RESULT_BYTES = 16;
    static final int MONITOR_DATA_AT = 0x21000;
    static final int INIT_DATA_AT = 0x31000;
    static final int MAX_INSTRUCTIONS = (MONITOR_DATA_AT - RESULTS_AT) / RESULT_BYTES;

    static final int INSTRUCTION_BYTES = 80;
    static final int ARGUMENTS_AT = 32;

    static final int KIND_CALL = 1;
    static final int KIND_FORK = 2;
    static final int KIND_WATCH = 3;
    static final int KIND_MARK = 4;
    static final int KIND_CHECK = 5;
    static final int KIND_LOAD = 6;
    static final int KIND_EXIT = 7;
    static final int KIND_TEXT = 8;

    static final int FLAG_NONZERO = 1;
    static final int FLAG_HELPER = 2;

    static final int WATCH_BYTES = 72;
    /** Within it: how long the log may be, and from which instruction to which it is moved then. */
    static final int WATCH_LOG_MOST = 56;
    static final int WATCH_TERMINAL = 1;
    static final int WATCH_STDIN_ONCE = 2;
    static final int WATCH_SESSION = 4;

    /** Descriptors that a performer begins with: see {@code plan.h}. */
    static final int FD_STATUS = 4;
    static final int FD_SESSION = 5;
    static final int FD_KEPT = 200;

    private ProgramLayout() {
    }
}
