package dev.carafe.runtime;

import dev.carafe.base.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a container ended, as its monitor left it on disk: 32 bytes of the program's header from {@link ProgramLayout#HOW} on,
 * then the text of the memory counter of its control group.
 *
 * @param outOfMemory whether the kernel killed a process of the container for lack of memory
 */
public record ExitRecord(Execution.Exit exit, boolean outOfMemory, int lostLogBytes, long startedAt, long finishedAt) {
    /** The record's name in the container's state directory. */
    public static final String FILE = "exit";

    /** Reads the record in that directory; empty when the container has not ended, or its monitor was killed before it could tell. */
    public static Optional<ExitRecord> read(Path directory) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(directory.resolve(FILE));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw dev.carafe.base.Fault.of(Errno.EIO, "read", "exit record in \"" + directory + "\"").cause(e);
        }
        if (bytes.length < 32) {
            return Optional.empty();
        }
        var head = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        int how = head.getInt(0);
        String counters = new String(bytes, 32, bytes.length - 32, StandardCharsets.US_ASCII);
        return Optional.of(new ExitRecord(new Execution.Exit(how != 1, head.getInt(4)), killedForMemory(counters), head.getInt(8),
                head.getLong(16), head.getLong(24)));
    }

    /** Both versions count on a line {@code oom_kill N}. */
    private static boolean killedForMemory(String counters) {
        for (String line : counters.split("\n")) {
            if (line.startsWith("oom_kill ") && !line.trim().equals("oom_kill 0")) {
                return true;
            }
        }
        return false;
    }
}
