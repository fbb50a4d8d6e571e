package dev.carafe.engine;

import dev.carafe.runtime.Execution;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the run of a container ends, for one who waits for that. Who starts it may remove it before the waiter looks; so the file in which its
 * monitor notes the end is opened beforehand, and tells it when the container is gone.
 */
final class RunEnd implements AutoCloseable {
    private final Container container;
    private final @Nullable FileChannel program;

    private RunEnd(Container container, @Nullable FileChannel program) {
        this.container = container;
        this.program = program;
    }

    static RunEnd of(Container container) {
        try {
            return new RunEnd(container, FileChannel.open(container.program()));
        } catch (NoSuchFileException never) {
            return new RunEnd(container, null);
        } catch (IOException e) {
            throw StateFile.fault("read", container.program(), e);
        }
    }

    /** The exit code, once it has ended. */
    int code() {
        ContainerStatus status = container.status();
        FileChannel open = program;
        if (status.phase() != ContainerStatus.Phase.CREATED || open == null) {
            return status.exitCode();
        }
        try {
            Optional<Execution.Exit> exit = Execution.read(open).flatMap(Execution::exit);
            return exit.map(Execution.Exit::code).orElse(status.exitCode());
        } catch (IOException e) {
            throw StateFile.fault("read", container.program(), e);
        }
    }

    @Override
    public void close() {
        FileChannel open = program;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw StateFile.fault("close", container.program(), e);
            }
        }
    }
}
