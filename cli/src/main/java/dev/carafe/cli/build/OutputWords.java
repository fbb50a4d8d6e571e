package dev.carafe.cli.build;

import dev.carafe.base.Fault;
import dev.carafe.build.BuildResult;
import dev.carafe.build.Builder;
import dev.carafe.build.Output;
import dev.carafe.build.dockerfile.CommaFields;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * One {@code --output}: a directory, {@code -} for an archive on standard output, or {@code type=…,dest=…}.
 *
 * @param destination empty: standard output
 */
public record OutputWords(String type, String destination) {
    private static final List<String> TYPES = List.of("local", "tar", "oci", "docker", "image");

    /** @throws Fault INVALID for a type that is not known, or a directory that is not named */
    public static OutputWords parse(String text) {
        if (!text.contains("=")) {
            return text.equals("-") ? new OutputWords("tar", "") : new OutputWords("local", text);
        }
        String type = "";
        String destination = "";
        for (String field : CommaFields.of(text)) {
            int equals = field.indexOf('=');
            String name = equals < 0 ? field : field.substring(0, equals);
            String value = equals < 0 ? "" : field.substring(equals + 1);
            switch (name) {
                case "type" -> type = value;
                case "dest" -> destination = value.equals("-") ? "" : value;
                default -> throw Fault.invalid("read", "output \"" + text + "\"", "unexpected key '" + name + "'");
            }
        }
        if (!TYPES.contains(type)) {
            throw Fault.invalid("read", "output \"" + text + "\"", type.isEmpty() ? "type is required" : "unknown type \"" + type + "\"").hint("the types are " + String.join(", ", TYPES));
        }
        if (type.equals("local") && destination.isEmpty()) {
            throw Fault.invalid("read", "output \"" + text + "\"", "dest is required for local output");
        }
        return new OutputWords(type, destination);
    }

    /** Whether the image is stored for it. */
    boolean takesImage() {
        return !type.equals("local") && !type.equals("tar");
    }

    /** Gives it what was built. */
    public void export(Builder builder, BuildResult result, Consumer<byte[]> standardOutput, Path directory) {
        switch (type) {
            case "image" -> { }
            case "local" -> builder.export(result, new Output.Directory(directory.resolve(destination).toAbsolutePath().normalize()));
            default -> {
                try (OutputStream out = new BufferedOutputStream(destination.isEmpty() ? toConsole(standardOutput) : Files.newOutputStream(directory.resolve(destination)), 1 << 16)) {
                    builder.export(result, type.equals("tar") ? new Output.Tar(out) : new Output.Archive(out));
                } catch (IOException e) {
                    throw Fault.of(Fault.Kind.UNAVAILABLE, "write", "\"" + destination + "\"", String.valueOf(e.getMessage())).cause(e);
                }
            }
        }
    }

    private static OutputStream toConsole(Consumer<byte[]> console) {
        return new OutputStream() {
            @Override
            public void write(int b) {
                console.accept(new byte[] {(byte) b});
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                console.accept(java.util.Arrays.copyOfRange(bytes, from, from + length));
            }
        };
    }
}
