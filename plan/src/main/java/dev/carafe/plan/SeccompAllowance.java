package dev.carafe.plan;

import dev.carafe.oci.runtime.Seccomp;
import dev.carafe.oci.runtime.SeccompAction;
import dev.carafe.oci.runtime.SeccompArg;
import dev.carafe.oci.runtime.SeccompRule;

/** Whether a filter surely lets a system call pass: what it does not surely allow is not done behind it. */
final class SeccompAllowance {
    private final Seccomp profile;

    SeccompAllowance(Seccomp profile) {
        this.profile = profile;
    }

    boolean allows(String call, long... arguments) {
        boolean allowed = passes(profile.defaultAction());
        for (SeccompRule rule : profile.syscalls()) {
            if (!rule.names().contains(call)) {
                continue;
            }
            boolean holds = true;
            for (SeccompArg condition : rule.args()) {
                holds &= holds(condition, condition.index() < arguments.length ? arguments[condition.index()] : 0);
            }
            if (holds && !passes(rule.action())) {
                return false;
            }
            allowed |= holds;
        }
        return allowed;
    }

    private static boolean passes(SeccompAction action) {
        return action == SeccompAction.SCMP_ACT_ALLOW || action == SeccompAction.SCMP_ACT_LOG;
    }

    private static boolean holds(SeccompArg condition, long argument) {
        int order = Long.compareUnsigned(argument, condition.value());
        return switch (condition.op()) {
            case SCMP_CMP_NE -> order != 0;
            case SCMP_CMP_LT -> order < 0;
            case SCMP_CMP_LE -> order <= 0;
            case SCMP_CMP_EQ -> order == 0;
            case SCMP_CMP_GE -> order >= 0;
            case SCMP_CMP_GT -> order > 0;
            case SCMP_CMP_MASKED_EQ -> (argument & condition.value()) == condition.valueTwo().orElse(0L);
        };
    }
}
