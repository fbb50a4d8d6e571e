package dev.carafe.kernel;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;

/**
 * The boundary to Linux: one system call at a time, raw, and memory that the kernel may read and write.
 *
 * <p>Everything in Carafe that touches the kernel from Java goes through a value of this type, which is passed in, never
 * global. Two implementations exist: {@link NativeKernel} calls through the foreign function interface of the JDK; a process
 * that was started by the native client may instead let the client make the calls, which spares the cost of linking.
 * Tests put a recording fake here.
 *
 * <p>Typed calls are grouped by man-page subject in the other classes of this package, each taking a kernel first.
 */
public interface Kernel {
    /**
     * Makes one system call.
     *
     * @param call which call; one that this machine's architecture lacks gives ENOSYS
     * @return the kernel's raw result: 0 or more on success, minus the error number on failure
     */
    long call(SystemCall call, long a, long b, long c, long d, long e, long f);

    /** Zeroed memory of at least that many bytes, aligned to 16, that stays where it is until closed. */
    Memory allocate(int bytes);

    default long call(SystemCall call, long a) {
        return call(call, a, 0, 0, 0, 0, 0);
    }

    default long call(SystemCall call, long a, long b) {
        return call(call, a, b, 0, 0, 0, 0);
    }

    default long call(SystemCall call, long a, long b, long c) {
        return call(call, a, b, c, 0, 0, 0);
    }

    default long call(SystemCall call, long a, long b, long c, long d) {
        return call(call, a, b, c, d, 0, 0);
    }

    default long call(SystemCall call, long a, long b, long c, long d, long e) {
        return call(call, a, b, c, d, e, 0);
    }

    /** A NUL-terminated copy of the text in UTF-8; a NUL inside the text is a fault, since the kernel would cut there. */
    default Memory string(String text) {
        byte[] utf8 = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        for (byte b : utf8) {
            if (b == 0) {
                throw Fault.invalid("pass", "\"" + text.replace('\0', '?') + "\"", "the text contains a NUL byte");
            }
        }
        Memory memory = allocate(utf8.length + 1);
        memory.bytes().put(0, utf8);
        return memory;
    }

    /** The result itself when it is a success, else a fault that names operation and object. */
    static long check(long result, String operation, String object) {
        if (result < 0 && result >= -4095) {
            throw Fault.of(Errno.of((int) -result), operation, object);
        }
        return result;
    }
}
