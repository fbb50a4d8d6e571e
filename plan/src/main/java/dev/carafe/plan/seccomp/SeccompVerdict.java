package dev.carafe.plan.seccomp;

import dev.carafe.oci.runtime.SeccompArg;
import java.util.List;

/**
 * What a filter does with one system call and why, to explain a refusal.
 *
 * @param reason what decides
 * @param branches the rules about the call in the order in which they are tried, empty unless {@link Reason#RULE} decides
 * @param otherwise what the kernel is told when no branch applies
 * @param bits how wide the arguments are compared
 */
public record SeccompVerdict(Reason reason, List<Branch> branches, SeccompReturn otherwise, int bits) {
    /** What decides about a call. */
    public enum Reason {
        /** A rule of the profile names the call. */
        RULE("a rule names it"),
        /** No rule names the call: the default action. */
        DEFAULT("no rule names it"),
        /** The call's number is above the highest that the profile names, so its author did not know the call. */
        NEWER_THAN_PROFILE("newer than every call of the profile"),
        /** The profile does not list the architecture. */
        FOREIGN_ARCHITECTURE("the profile does not list the architecture");

        private final String words;

        Reason(String words) {
            this.words = words;
        }
    }

    /**
     * One rule as it applies to one call.
     *
     * @param rule its index in {@link dev.carafe.oci.runtime.Seccomp#syscalls()}
     * @param when conditions that must all hold, by argument; none means always
     * @param result what the kernel is told then
     */
    public record Branch(int rule, List<SeccompArg> when, SeccompReturn result) {
        public Branch {
            when = List.copyOf(when);
        }

        /** Whether both tell the kernel the same under the same conditions, whatever the rules. */
        boolean actsAs(Branch other) {
            return result.value() == other.result.value() && when.size() == other.when.size() && startsWith(other);
        }

        /** Whether the first conditions are all those of the other. */
        boolean startsWith(Branch other) {
            if (when.size() < other.when.size()) {
                return false;
            }
            for (int i = 0; i < other.when.size(); i++) {
                SeccompArg one = when.get(i);
                SeccompArg two = other.when.get(i);
                if (one.index() != two.index() || one.op() != two.op() || one.value() != two.value()
                        || !one.valueTwo().equals(two.valueTwo())) {
                    return false;
                }
            }
            return true;
        }

        private boolean applies(long[] arguments, long mask) {
            for (SeccompArg each : when) {
                if (!holds(each, arguments[each.index()] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    public SeccompVerdict {
        branches = List.copyOf(branches);
    }

    /** What the kernel is told when the call is made with these six arguments. */
    public SeccompReturn result(long... arguments) {
        long mask = bits == Integer.SIZE ? 0xFFFF_FFFFL : -1;
        for (Branch each : branches) {
            if (each.applies(arguments, mask)) {
                return each.result;
            }
        }
        return otherwise;
    }

    /** Whether the filter treats calls with either verdict the same, whatever the reason and the rules. */
    boolean actsAs(SeccompVerdict other) {
        if (this == other) {
            return true;
        }
        if (otherwise.value() != other.otherwise.value() || branches.size() != other.branches.size()
                || bits != other.bits && !branches.isEmpty()) {
            return false;
        }
        for (int i = 0; i < branches.size(); i++) {
            if (!branches.get(i).actsAs(other.branches.get(i))) {
                return false;
            }
        }
        return true;
    }

    static boolean holds(SeccompArg condition, long argument) {
        int order = Long.compareUnsigned(argument, condition.value());
        return switch (condition.op()) {
            case SCMP_CMP_EQ -> order == 0;
            case SCMP_CMP_NE -> order != 0;
            case SCMP_CMP_LT -> order < 0;
            case SCMP_CMP_LE -> order <= 0;
            case SCMP_CMP_GT -> order > 0;
            case SCMP_CMP_GE -> order >= 0;
            case SCMP_CMP_MASKED_EQ -> (argument & condition.value()) == condition.valueTwo().orElse(0L);
        };
    }

    /** Such as {@code SCMP_ACT_ALLOW if arg0 & 0x7e020000 == 0x0 (rule 14), otherwise SCMP_ACT_ERRNO(EPERM)}. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        for (Branch each : branches) {
            text.append(each.result);
            for (int i = 0; i < each.when.size(); i++) {
                SeccompArg condition = each.when.get(i);
                text.append(i == 0 ? " if arg" : " and arg").append(condition.index());
                String value = " 0x" + Long.toHexString(condition.value());
                text.append(switch (condition.op()) {
                    case SCMP_CMP_EQ -> " ==" + value;
                    case SCMP_CMP_NE -> " !=" + value;
                    case SCMP_CMP_LT -> " <" + value;
                    case SCMP_CMP_LE -> " <=" + value;
                    case SCMP_CMP_GT -> " >" + value;
                    case SCMP_CMP_GE -> " >=" + value;
                    case SCMP_CMP_MASKED_EQ -> " &" + value + " == 0x" + Long.toHexString(condition.valueTwo().orElse(0L));
                });
            }
            text.append(" (rule ").append(each.rule).append(')');
            if (each.when.isEmpty()) {
                return text.toString();
            }
            text.append(", otherwise ");
        }
        text.append(otherwise);
        return reason == Reason.RULE ? text.toString() : text.append(" (").append(reason.words).append(')').toString();
    }
}
