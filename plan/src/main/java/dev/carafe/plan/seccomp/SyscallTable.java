package dev.carafe.plan.seccomp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The system calls of one architecture by name and number, as of Linux 7.1, private calls of ARM included. Numbers are those
 * that {@code seccomp_data.nr} holds: on x32 with bit 30, on MIPS with the thousands of the convention.
 *
 * <p>They stand in the resource {@code calls.txt}: a line for each call, with its number in each column of the first line, or
 * {@code -} where it does not exist. A table is read when first asked for and then kept.
 */
public final class SyscallTable {
    private static final @Nullable SyscallTable[] LOADED = new SyscallTable[SeccompArchitecture.values().length];

    private final SeccompArchitecture architecture;
    private final HashMap<String, Integer> numbers = new HashMap<>(1024);
    private final String[] names = new String[1024];
    private final Map<Integer, String> farNames = new HashMap<>();

    private SyscallTable(SeccompArchitecture architecture) {
        this.architecture = architecture;
    }

    /** The table of an architecture. */
    public static SyscallTable of(SeccompArchitecture architecture) {
        synchronized (LOADED) {
            SyscallTable loaded = LOADED[architecture.ordinal()];
            if (loaded == null) {
                loaded = new SyscallTable(architecture);
                loaded.load();
                LOADED[architecture.ordinal()] = loaded;
            }
            return loaded;
        }
    }

    /** The number of a call, or nothing when this architecture has no such call. */
    public OptionalInt number(String name) {
        Integer number = numbers.get(name);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /** As {@link #number}, but -1 for nothing: compilers ask a thousand times at a cold start. */
    int find(String name) {
        Integer number = numbers.get(name);
        return number == null ? -1 : number;
    }

    /** The name of a call, or nothing when this architecture has none of that number. */
    public Optional<String> name(int number) {
        int index = number - architecture.firstCall();
        return Optional.ofNullable(index >= 0 && index < names.length ? names[index] : farNames.get(index));
    }

    /** How many calls the table has. */
    public int size() {
        return numbers.size();
    }

    private void add(String name, int index) {
        numbers.put(name, index + architecture.firstCall());
        if (index < names.length) {
            names[index] = name;
        } else {
            farNames.put(index, name);
        }
    }

    private void load() {
        var words = new Words(text());
        int column = 0;
        while (!words.next().equals(architecture.column())) {
            column++;
        }
        words.skipLine();
        while (words.more()) {
            String name = words.next();
            words.skip(column - 1);
            int number = words.number();
            if (number >= 0) {
                add(name, number);
            }
            words.skipLine();
        }
    }

    private static byte[] text() {
        try (InputStream in = Objects.requireNonNull(SyscallTable.class.getResourceAsStream("calls.txt"))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The words of the resource one after the other; of most nothing is needed, so that no text is made of them. */
    private static final class Words {
        private final byte[] text;
        private int at;

        Words(byte[] text) {
            this.text = text;
        }

        boolean more() {
            return at < text.length;
        }

        String next() {
            int from = word();
            return new String(text, from, at - from, StandardCharsets.ISO_8859_1);
        }

        /** -1 for a word that is none. */
        int number() {
            int number = 0;
            for (int k = word(); k < at; k++) {
                if (text[k] == '-') {
                    return -1;
                }
                number = number * 10 + text[k] - '0';
            }
            return number;
        }

        void skip(int count) {
            for (int k = 0; k < count; k++) {
                word();
            }
        }

        void skipLine() {
            while (text[at++] != '\n') {
                continue;
            }
        }

        /** Goes behind the next word and gives where it begins. */
        private int word() {
            while (text[at] == ' ') {
                at++;
            }
            int from = at;
            while (text[at] != ' ' && text[at] != '\n') {
                at++;
            }
            return from;
        }
    }
}
