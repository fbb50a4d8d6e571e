package dev.carafe.kernel;

import java.util.concurrent.atomic.AtomicInteger;

/** A file descriptor that its holder owns and closes. Closing twice is harmless. */
public final class Fd implements AutoCloseable {
    private final Kernel kernel;
    private final AtomicInteger number;

    public Fd(Kernel kernel, int number) {
        this.kernel = kernel;
        this.number = new AtomicInteger(number);
    }

    /** The descriptor's number. After {@link #close} it is -1, which the kernel refuses with EBADF. */
    public int number() {
        return number.get();
    }

    /** Gives up ownership: the caller now closes the number. */
    public int release() {
        return number.getAndSet(-1);
    }

    @Override
    public void close() {
        int open = number.getAndSet(-1);
        if (open >= 0) {
            kernel.call(SystemCall.CLOSE, open);
        }
    }

    @Override
    public String toString() {
        return "fd " + number.get();
    }
}
