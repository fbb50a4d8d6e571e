package dev.carafe.runtime.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Names of this host's users (passwd(5)). */
final class Owners {
    private Owners() {
    }

    /** The name, or {@code #} and the number of one that the file does not know. */
    static String name(int uid) {
        try {
            for (String line : Files.readAllLines(Path.of("/etc/passwd"), java.nio.charset.StandardCharsets.ISO_8859_1)) {
                String[] fields = line.split(":");
                if (fields.length > 2 && fields[2].equals(Integer.toString(uid))) {
                    return fields[0];
                }
            }
        } catch (IOException unreadable) {
            return "#" + uid;
        }
        return "#" + uid;
    }
}
