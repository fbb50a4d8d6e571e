package dev.carafe.cli.run;

import dev.carafe.base.Fault;
import dev.carafe.engine.SecurityWords;
import dev.carafe.engine.VolumeWords;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * What options may refer to on the side of the one who called.
 *
 * @param environment for {@code --env NAME} without a value
 * @param directory what relative paths start from
 * @param files reads the files that options name
 */
public record Caller(Map<String, String> environment, Path directory, Files files) implements VolumeWords.Sources, SecurityWords.Profiles {
    public Caller {
        environment = Map.copyOf(environment);
    }

    /** Reads whole files. */
    public interface Files {
        /**
         * The content of a file.
         *
         * @throws Fault when it cannot be read
         */
        byte[] read(Path path);
    }

    byte[] read(String path) {
        return files.read(directory.resolve(path));
    }

    /** The content of the file that is named; docker's client sends that in its place, too. */
    @Override
    public String profile(String path) {
        try {
            return new String(read(path), StandardCharsets.UTF_8);
        } catch (Fault offence) {
            throw Fault.of(offence.kind(), "opening seccomp profile", "(" + path + ")", "failed: " + offence.getMessage());
        }
    }

    /** A path that begins with a dot is one of the caller's; any other stays as it is. */
    @Override
    public String absolute(String path) {
        return path.startsWith(".") ? directory.resolve(path).normalize().toString() : path;
    }
}
