package dev.carafe.runtime;

import dev.carafe.kernel.SystemCall;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A JSON document that tells of a process whose number is known only when the plan is performed: it is written in pieces, and where it says
 * that the process is 0, the number is written instead. Quotation marks inside of a string are escaped, so nothing else looks like that field.
 */
final class StateText {
    private static final String FIELD = "\"pid\":";

    private final Assembler asm;

    StateText(Assembler assembler) {
        asm = assembler;
    }

    /** Writes the document to the descriptor that the instruction gave, with the result of another one as the number. */
    void write(int descriptor, String json, int number) {
        List<String> pieces = pieces(json);
        write(descriptor, pieces.getFirst());
        rest(descriptor, pieces, number);
    }

    /** Everything but the first of the pieces. */
    void rest(int descriptor, List<String> pieces, int number) {
        long text = asm.space(16);
        int digits = asm.text(text, number);
        for (String piece : pieces.subList(1, pieces.size())) {
            asm.call(SystemCall.WRITE, Assembler.result(descriptor), text, Assembler.result(digits));
            write(descriptor, piece);
        }
    }

    void write(int descriptor, String json) {
        byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
        asm.call(SystemCall.WRITE, Assembler.result(descriptor), asm.aside(utf8), utf8.length);
    }

    /** What stands before, between and after the places of the number; at least two. */
    static List<String> pieces(String json) {
        var pieces = new ArrayList<String>();
        int from = 0;
        for (int at = json.indexOf(FIELD + 0); at >= 0; at = json.indexOf(FIELD + 0, from)) {
            pieces.add(json.substring(from, at + FIELD.length()));
            from = at + FIELD.length() + 1;
        }
        pieces.add(json.substring(from));
        return pieces;
    }
}
