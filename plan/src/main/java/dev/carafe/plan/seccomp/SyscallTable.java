package dev.carafe.plan.seccomp;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The system calls of one architecture by name and number, as of Linux 7.1, private calls of ARM included. Numbers are those
 * that {@code seccomp_data.nr} holds: on x32 with bit 30, on MIPS with the thousands of the convention.
 *
 * <p>The numbers stand as text in one class per family of architectures, so that a start on x86-64 reads nothing of the others;
 * a resource would take the JDK several times as long to open as it takes to read. A line is a call and its number in each column
 * of the first line: {@code -} where it does not exist, {@code 424=} for the same number in every column; absent columns at the
 * end mean {@code -}. A table is read when first asked for and then kept.
 */
public final class SyscallTable {
    private static final @Nullable SyscallTable[] LOADED = new SyscallTable[SeccompArchitecture.values().length];

    private final SeccompArchitecture architecture;
    private final HashMap<String, Integer> numbers = new HashMap<>(1024);
    private final String[] names;
    private final Map<Integer, String> farNames = new HashMap<>();

    private SyscallTable(SeccompArchitecture architecture) {
        this.architecture = architecture;
        names = new String[1024];
    }

    /** The table of an architecture. */
    public static SyscallTable of(SeccompArchitecture architecture) {
        synchronized (LOADED) {
            SyscallTable loaded = LOADED[architecture.ordinal()];
            if (loaded == null) {
                load(architecture);
                loaded = LOADED[architecture.ordinal()];
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

    /** Reads a family and keeps the tables of its members that have the given one's byte order. */
    private static void load(SeccompArchitecture wanted) {
        byte[] text = text(wanted).getBytes(StandardCharsets.ISO_8859_1);
        int end = 0;
        while (text[end] != '\n') {
            end++;
        }
        String[] header = new String(text, 0, end, StandardCharsets.ISO_8859_1).split(" ");
        var columns = new @Nullable SyscallTable[header.length - 1];
        for (SeccompArchitecture each : SeccompArchitecture.values()) {
            if (each.family().equals(wanted.family()) && each.order() == wanted.order()) {
                for (int c = 0; c < columns.length; c++) {
                    if (header[c + 1].equals(each.column())) {
                        columns[c] = new SyscallTable(each);
                    }
                }
            }
        }
        parse(text, end + 1, columns);
        for (SyscallTable table : columns) {
            if (table != null) {
                LOADED[table.architecture.ordinal()] = table;
            }
        }
    }

    private static String text(SeccompArchitecture architecture) {
        return switch (architecture) {
            case X86_64, X86, X32 -> X86Calls.table();
            case AARCH64, ARM -> ArmCalls.table();
            case MIPS, MIPS64, MIPS64N32, MIPSEL, MIPSEL64, MIPSEL64N32 -> MipsCalls.table();
            case PPC, PPC64, PPC64LE -> PowerCalls.table();
            case S390, S390X -> S390Calls.table();
            case PARISC, PARISC64 -> PariscCalls.table();
            case RISCV64 -> RiscvCalls.table();
            case LOONGARCH64 -> LoongarchCalls.table();
            case M68K -> M68kCalls.table();
            case SH, SHEB -> ShCalls.table();
        };
    }

    private static void parse(byte[] text, int start, @Nullable SyscallTable[] columns) {
        int at = start;
        while (at < text.length) {
            int from = at;
            while (text[at] != ' ') {
                at++;
            }
            String name = new String(text, from, at - from, StandardCharsets.ISO_8859_1);
            for (int column = 0; text[at] != '\n'; column++) {
                at++;
                if (text[at] == '-') {
                    at++;
                    continue;
                }
                int number = 0;
                while (text[at] >= '0' && text[at] <= '9') {
                    number = number * 10 + text[at++] - '0';
                }
                int last = column;
                if (text[at] == '=') {
                    at++;
                    last = columns.length - 1;
                }
                for (int c = column; c <= last; c++) {
                    SyscallTable table = columns[c];
                    if (table != null) {
                        table.add(name, number);
                    }
                }
            }
            at++;
        }
    }
}
