package dev.carafe.cli.surface;

import dev.carafe.base.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the client says of itself: eight numbers (arguments, variables, which streams are terminals, rows, columns, process id, umask, the
 * descriptor of the far end of its session), then texts that end in NUL: directory, the program's name, arguments, variables.
 *
 * @param program the name that it was called by, without directory
 * @param process its process id
 */
public record Request(String program, List<String> arguments, Map<String, String> environment, Path directory, int terminals, int rows, int columns,
        int process, int session) {
    private static final int HEAD = 32;

    /** Reads the memory file behind a descriptor of this process. */
    public static Request read(int descriptor) {
        try {
            return parse(Files.readAllBytes(Path.of("/proc/self/fd/" + descriptor)));
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "read", "request of the client", String.valueOf(e.getMessage())).cause(e);
        }
    }

    static Request parse(byte[] bytes) {
        var numbers = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        if (bytes.length < HEAD) {
            throw Fault.invalid("read", "request of the client", "it is cut short");
        }
        int argumentCount = numbers.getInt(0);
        int variableCount = numbers.getInt(4);
        var texts = new ArrayList<String>();
        for (int start = HEAD, end; start < bytes.length; start = end + 1) {
            end = start;
            while (end < bytes.length && bytes[end] != 0) {
                end++;
            }
            texts.add(new String(bytes, start, end - start, StandardCharsets.UTF_8));
        }
        if (argumentCount < 1 || variableCount < 0 || texts.size() != 1 + argumentCount + variableCount) {
            throw Fault.invalid("read", "request of the client", "it is cut short");
        }
        var environment = new LinkedHashMap<String, String>();
        for (String variable : texts.subList(1 + argumentCount, texts.size())) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                environment.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        String program = texts.get(1);
        return new Request(program.substring(program.lastIndexOf('/') + 1), List.copyOf(texts.subList(2, 1 + argumentCount)), environment, Path.of(texts.getFirst().isEmpty() ? "/" : texts.getFirst()),
                numbers.getInt(8), numbers.getInt(12), numbers.getInt(16), numbers.getInt(20), numbers.getInt(28));
    }

    /** Whether that standard stream of the client is a terminal. */
    public boolean isTerminal(int stream) {
        return (terminals >> stream & 1) != 0;
    }
}
