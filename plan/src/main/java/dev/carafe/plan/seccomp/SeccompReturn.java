package dev.carafe.plan.seccomp;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.oci.runtime.SeccompAction;
import java.util.Optional;

/**
 * What a filter returns to the kernel: an action in the upper half, its data in the lower (seccomp(2), linux/seccomp.h).
 *
 * @param value as the kernel reads it
 */
public record SeccompReturn(int value) {
    static final SeccompReturn KILL_THREAD = new SeccompReturn(0);
    static final SeccompReturn ENOSYS = new SeccompReturn(0x0005_0000 | Errno.ENOSYS.number());

    private static final int DATA_LIMIT = 0xFFFF;

    /**
     * The return value of an action of the runtime-spec. The error number defaults to EPERM, for {@code SCMP_ACT_TRACE} as well.
     *
     * @throws Fault of kind {@code INVALID} when a number goes with an action that takes none, which the spec forbids
     */
    public static SeccompReturn of(SeccompAction action, Optional<Integer> errnoRet) {
        int code = switch (action) {
            case SCMP_ACT_KILL, SCMP_ACT_KILL_THREAD -> 0;
            case SCMP_ACT_KILL_PROCESS -> 0x8000_0000;
            case SCMP_ACT_TRAP -> 0x0003_0000;
            case SCMP_ACT_ERRNO -> 0x0005_0000;
            case SCMP_ACT_NOTIFY -> 0x7FC0_0000;
            case SCMP_ACT_TRACE -> 0x7FF0_0000;
            case SCMP_ACT_LOG -> 0x7FFC_0000;
            case SCMP_ACT_ALLOW -> 0x7FFF_0000;
        };
        if (action == SeccompAction.SCMP_ACT_ERRNO || action == SeccompAction.SCMP_ACT_TRACE) {
            int data = errnoRet.orElse(Errno.EPERM.number());
            if (data < 0 || data > DATA_LIMIT) {
                throw Fault.invalid("seccomp", action.toString(), "the error number " + data + " does not fit into 16 bits");
            }
            return new SeccompReturn(code | data);
        }
        if (errnoRet.isPresent()) {
            throw Fault.invalid("seccomp", action.toString(),
                    "takes no error number, given " + errnoRet.get() + " (runtime-spec config-linux.md#seccomp)");
        }
        return new SeccompReturn(code);
    }

    /** The action alone; that of killing one thread reads as {@code SCMP_ACT_KILL_THREAD}. */
    public SeccompAction action() {
        return switch (value & 0xFFFF_0000) {
            case 0x8000_0000 -> SeccompAction.SCMP_ACT_KILL_PROCESS;
            case 0x0003_0000 -> SeccompAction.SCMP_ACT_TRAP;
            case 0x0005_0000 -> SeccompAction.SCMP_ACT_ERRNO;
            case 0x7FC0_0000 -> SeccompAction.SCMP_ACT_NOTIFY;
            case 0x7FF0_0000 -> SeccompAction.SCMP_ACT_TRACE;
            case 0x7FFC_0000 -> SeccompAction.SCMP_ACT_LOG;
            case 0x7FFF_0000 -> SeccompAction.SCMP_ACT_ALLOW;
            default -> SeccompAction.SCMP_ACT_KILL_THREAD;
        };
    }

    /** The error number of {@code SCMP_ACT_ERRNO}, what the tracer reads at {@code SCMP_ACT_TRACE}, otherwise 0. */
    public int data() {
        return value & DATA_LIMIT;
    }

    /** Whether the call takes place, perhaps logged or under a tracer's eyes: what runc calls a permissive action. */
    boolean permits() {
        return switch (action()) {
            case SCMP_ACT_ALLOW, SCMP_ACT_LOG, SCMP_ACT_TRACE -> true;
            case SCMP_ACT_KILL, SCMP_ACT_KILL_PROCESS, SCMP_ACT_KILL_THREAD, SCMP_ACT_TRAP, SCMP_ACT_ERRNO, SCMP_ACT_NOTIFY -> false;
        };
    }

    /** Such as {@code SCMP_ACT_ALLOW} or {@code SCMP_ACT_ERRNO(EPERM)}. */
    @Override
    public String toString() {
        String word = action().toString();
        return switch (action()) {
            case SCMP_ACT_ERRNO -> {
                Errno errno = Errno.of(data());
                yield word + '(' + (errno.number() == data() ? errno.name() : Integer.toString(data())) + ')';
            }
            case SCMP_ACT_TRACE -> word + '(' + data() + ')';
            case SCMP_ACT_KILL, SCMP_ACT_KILL_PROCESS, SCMP_ACT_KILL_THREAD, SCMP_ACT_TRAP, SCMP_ACT_ALLOW, SCMP_ACT_LOG,
                    SCMP_ACT_NOTIFY -> word;
        };
    }
}
