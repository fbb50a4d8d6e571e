package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import java.io.IOException;
import java.nio.file.Path;

/** Files that commands write for their callers. */
final class CallerFile {
    private CallerFile() {
    }

    static void write(Path file, String text) {
        try {
            java.nio.file.Files.writeString(file, text);
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "write", "\"" + file + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }
}
