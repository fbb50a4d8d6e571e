package dev.carafe.runtime.oci;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process as /proc shows it (proc_pid_stat(5)).
 *
 * @param state one letter; Z and X have ended
 * @param parent the number of its parent; 0 where that is in another pid namespace
 * @param startTime in clock ticks since boot; with the number, it names the process for good
 */
record ProcessEntry(int pid, char state, int parent, long startTime) {
    /** Empty: there is none of that number. */
    static Optional<ProcessEntry> read(int pid) {
        try {
            String line = new String(Files.readAllBytes(Path.of("/proc/" + pid + "/stat")), StandardCharsets.ISO_8859_1);
            // The second field is the program's name in parentheses, which may hold any byte.
            int at = line.lastIndexOf(')') + 2;
            char state = line.charAt(at);
            int parent = Integer.parseInt(line.substring(at + 2, line.indexOf(' ', at + 2)));
            for (int field = 3; field < 22; field++) {
                at = line.indexOf(' ', at) + 1;
            }
            return Optional.of(new ProcessEntry(pid, state, parent, Long.parseLong(line.substring(at, line.indexOf(' ', at)))));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    boolean ended() {
        return state == 'Z' || state == 'X';
    }
}
