package dev.carafe.plan.seccomp;

import dev.carafe.oci.runtime.Seccomp;
import dev.carafe.plan.seccomp.SeccompVerdict.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A compiled filter, ready for {@code seccomp(SECCOMP_SET_MODE_FILTER, flags, {count, bytes})}, that can explain itself. Two
 * are equal when the kernel would be handed the same.
 */
public final class SeccompProgram {
    private final byte[] bytes;
    private final long flags;
    private final Seccomp profile;
    private final SeccompArchitecture nativeArchitecture;
    /** Null while it need not explain itself. */
    private volatile @Nullable Map<Integer, CallSpace> spaces;

    SeccompProgram(byte[] bytes, long flags, Seccomp profile, SeccompArchitecture nativeArchitecture, @Nullable Map<Integer, CallSpace> spaces) {
        this.bytes = bytes;
        this.flags = flags;
        this.profile = profile;
        this.nativeArchitecture = nativeArchitecture;
        this.spaces = spaces;
    }

    /**
     * A filter that was compiled before. It is compiled again only when it is asked to explain itself.
     *
     * @param bytes what {@link #bytes} gave
     * @param flags what {@link #flags} gave
     */
    public static SeccompProgram kept(byte[] bytes, long flags, Seccomp profile, SeccompArchitecture nativeArchitecture) {
        return new SeccompProgram(bytes.clone(), flags, profile, nativeArchitecture, null);
    }

    private Map<Integer, CallSpace> spaces() {
        Map<Integer, CallSpace> known = spaces;
        if (known == null) {
            known = SeccompCompiler.compile(profile, nativeArchitecture).spaces();
            spaces = known;
        }
        return known;
    }

    private ByteOrder order() {
        return nativeArchitecture.order();
    }

    /** The array of {@code struct sock_filter}, in the byte order of the machine that it is for; the caller's to keep. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** How many instructions, at most 4096. */
    public int count() {
        return bytes.length / Instructions.SIZE;
    }

    /** {@code SECCOMP_FILTER_FLAG_*}; with {@code NEW_LISTENER} (8) seccomp(2) returns the listener's descriptor. */
    public long flags() {
        return flags;
    }

    /** What happens at a call and why; the number is that of {@code seccomp_data.nr}. */
    public SeccompVerdict verdict(SeccompArchitecture architecture, int number) {
        CallSpace space = spaces().get(architecture.audit());
        return space == null
                ? new SeccompVerdict(Reason.FOREIGN_ARCHITECTURE, List.of(), SeccompReturn.KILL_THREAD, architecture.bits())
                : space.verdict(number);
    }

    /** The verdict as a sentence: {@code mount: SCMP_ACT_ERRNO(EPERM) (no rule names it)}. */
    public String explain(SeccompArchitecture architecture, int number) {
        String name = SyscallTable.of(architecture).name(number).orElse("call " + Integer.toUnsignedString(number));
        return name + ": " + verdict(architecture, number);
    }

    /** The instructions, one a line, such as {@code 7: if it >= 0x39 goto 12 else 8}, where it is the word loaded last. */
    public String disassembly() {
        var in = ByteBuffer.wrap(bytes).order(order());
        var text = new StringBuilder();
        for (int i = 0; in.hasRemaining(); i++) {
            int code = in.getShort();
            int yes = i + 1 + Byte.toUnsignedInt(in.get());
            int no = i + 1 + Byte.toUnsignedInt(in.get());
            int value = in.getInt();
            text.append(i).append(": ");
            switch (code) {
                case Instructions.LOAD -> text.append("load ").append(word(value));
                case Instructions.AND -> text.append("and 0x").append(Integer.toHexString(value));
                case Instructions.JUMP -> text.append("goto ").append(i + 1 + value);
                case Instructions.RETURN -> text.append("return ").append(new SeccompReturn(value));
                case Instructions.JUMP_EQUAL -> condition(text, "==", value, yes, no);
                case Instructions.JUMP_GREATER -> condition(text, ">", value, yes, no);
                default -> condition(text, ">=", value, yes, no);
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static void condition(StringBuilder text, String operator, int value, int yes, int no) {
        text.append("if it ").append(operator).append(" 0x").append(Integer.toHexString(value))
                .append(" goto ").append(yes).append(" else ").append(no);
    }

    private String word(int offset) {
        if (offset == Decisions.NUMBER) {
            return "nr";
        }
        if (offset == Decisions.ARCHITECTURE) {
            return "arch";
        }
        int argument = (offset - Decisions.ARGUMENTS) / Long.BYTES;
        boolean first = (offset - Decisions.ARGUMENTS) % Long.BYTES == 0;
        return "arg" + argument + (first == (order() == ByteOrder.LITTLE_ENDIAN) ? " low" : " high");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SeccompProgram that && flags == that.flags && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Such as {@code 312 instructions, flags 0x4}. */
    @Override
    public String toString() {
        return count() + " instructions, flags 0x" + Long.toHexString(flags);
    }
}
