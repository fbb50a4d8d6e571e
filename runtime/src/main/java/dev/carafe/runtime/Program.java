package dev.carafe.runtime;

import dev.carafe.base.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A plan in the form that the executor performs, ready to be written; see {@link ProgramLayout}. The results part stays a hole
 * in the file until the executor fills it.
 */
record Program(ByteBuffer header, ByteBuffer monitorData, ByteBuffer rest) {
    private static final Set<StandardOpenOption> NEW_FILE = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    /** Writes the program to a new file that only the owner may read. The header goes last: before it, the file is no program. */
    void write(Path file) {
        try (FileChannel channel = FileChannel.open(file, NEW_FILE,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            writeFully(channel, rest, ProgramLayout.INIT_DATA_AT);
            writeFully(channel, monitorData, ProgramLayout.MONITOR_DATA_AT);
            writeFully(channel, header, 0);
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "write", "plan \"" + file + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer part, long position) throws IOException {
        ByteBuffer bytes = part.duplicate();
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }
}
