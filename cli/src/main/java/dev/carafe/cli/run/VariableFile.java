package dev.carafe.cli.run;

import dev.carafe.base.Fault;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A file of {@code --env-file} or {@code --label-file}: a {@code name=value} on each line, the value as it stands, without quotes or escapes;
 * blank lines and lines that begin with # are passed over (docker's reference of {@code docker run}, "Set environment variables").
 */
final class VariableFile {
    private static final String BYTE_ORDER_MARK = "\ufeff";

    private VariableFile() {}

    /**
     * The lines of a file, in order.
     *
     * @param environment where a name without a value takes it from, or is left out; absent: it stays a name without a value
     */
    static List<String> parse(byte[] content, Optional<Map<String, String>> environment) {
        var entries = new ArrayList<String>();
        int number = 0;
        for (byte[] bytes : lines(content)) {
            number++;
            String line = decode(bytes, number);
            if (number == 1 && line.startsWith(BYTE_ORDER_MARK)) {
                line = line.substring(1);
            }
            String entry = line.stripLeading();
            if (!entry.isEmpty() && entry.charAt(0) != '#') {
                add(entries, entry, environment);
            }
        }
        return entries;
    }

    private static void add(List<String> entries, String entry, Optional<Map<String, String>> environment) {
        int equals = entry.indexOf('=');
        String name = equals < 0 ? entry : entry.substring(0, equals);
        if (name.isEmpty()) {
            throw Fault.invalid("no variable name on line", "", "'" + entry + "'");
        }
        for (int i = 0; i < name.length(); i++) {
            if (Character.isWhitespace(name.charAt(i))) {
                throw Fault.invalid("variable", "'" + name + "'", "contains whitespaces");
            }
        }
        if (equals >= 0 || environment.isEmpty()) {
            entries.add(entry);
        } else if (environment.get().containsKey(name)) {
            entries.add(name + "=" + environment.get().get(name));
        }
    }

    private static List<byte[]> lines(byte[] content) {
        var lines = new ArrayList<byte[]>();
        int start = 0;
        for (int i = 0; i <= content.length; i++) {
            if (i == content.length ? start < i : content[i] == '\n') {
                int end = i > start && content[i - 1] == '\r' ? i - 1 : i;
                lines.add(java.util.Arrays.copyOfRange(content, start, end));
                start = i + 1;
            }
        }
        return lines;
    }

    private static String decode(byte[] bytes, int number) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException notText) {
            throw Fault.invalid("invalid utf8 bytes", "", "line " + number);
        }
    }
}
