package dev.carafe.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The kernel through the foreign function interface: libc's {@code syscall(2)} is the only function that is ever linked, since
 * each further one costs milliseconds at start.
 *
 * <p>Never to be used for calls that return twice or take over the caller's stack (clone, vfork), nor for those that would
 * change the thread that the JVM lends (unshare, setns) outside of a thread made for it.
 */
public final class NativeKernel implements Kernel {
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final MethodHandle SYSCALL = link();

    /** The error number is captured per thread, in memory that lives as long as the thread. */
    private static final ThreadLocal<MemorySegment> ERRNO =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

    /** Of the process: kernels come and go with engines, and memory that was lent once is lent again. */
    private static final MemoryBlocks BLOCKS = new MemoryBlocks(NativeKernel::piece);
    private static final int PIECE = 1 << 18;

    private static MethodHandle link() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find("syscall").orElseThrow(),
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(1));
    }

    @Override
    public long call(SystemCall call, long a, long b, long c, long d, long e, long f) {
        MemorySegment state = ERRNO.get();
        try {
            long result = (long) SYSCALL.invokeExact(state, (long) call.number(), a, b, c, d, e, f);
            return result == -1 ? -state.get(JAVA_INT, 0) : result;
        } catch (RuntimeException | Error unchecked) {
            throw unchecked;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Override
    public Memory allocate(int bytes) {
        return BLOCKS.allocate(bytes);
    }

    private static MemoryBlocks.Piece piece(int bytes) {
        MemorySegment segment = Arena.global().allocate(Math.max(bytes, PIECE), 16);
        return new MemoryBlocks.Piece(segment.asByteBuffer(), segment.address());
    }
}
