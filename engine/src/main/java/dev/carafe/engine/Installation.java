package dev.carafe.engine;

import dev.carafe.base.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where Carafe's own files are: {@code bin/carafe}, the native program, and {@code share/busybox}, the embedded image. */
public record Installation(Path program, Optional<Path> embedded) {
    /** The installation below that directory. */
    public static Installation at(Path directory) {
        Path layout = directory.resolve("share/busybox");
        return new Installation(directory.resolve("bin/carafe"), Files.exists(layout.resolve("index.json")) ? Optional.of(layout) : Optional.empty());
    }

    /** That of {@code CARAFE_HOME}, else that of the {@code carafe} program in {@code PATH}. */
    public static Installation find() {
        String home = System.getenv("CARAFE_HOME");
        if (home != null) {
            return at(Path.of(home));
        }
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
            Path program = Path.of(directory, "carafe");
            if (Files.isExecutable(program)) {
                return at(program.toAbsolutePath().getParent().getParent());
            }
        }
        throw Fault.notFound("find", "the carafe program", "it is not in PATH").hint("set CARAFE_HOME to the directory of the installation");
    }
}
