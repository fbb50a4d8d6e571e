package dev.carafe.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.oci.runtime.Seccomp;
import dev.carafe.oci.runtime.SeccompAction;
import dev.carafe.oci.runtime.SeccompArg;
import dev.carafe.oci.runtime.SeccompRule;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SeccompAllowanceTest {
    private static SeccompRule rule(String name, SeccompAction action, SeccompArg... args) {
        return new SeccompRule(List.of(name), action, Optional.empty(), List.of(args));
    }

    private static SeccompAllowance filter(SeccompAction otherwise, SeccompRule... rules) {
        return new SeccompAllowance(Seccomp.builder(otherwise).syscalls(List.of(rules)).build());
    }

    @Test
    void whatNoRuleNamesIsAsTheDefaultSays() {
        assertThat(filter(SeccompAction.SCMP_ACT_ALLOW).allows("clone")).isTrue();
        assertThat(filter(SeccompAction.SCMP_ACT_LOG).allows("clone")).isTrue();
        assertThat(filter(SeccompAction.SCMP_ACT_ERRNO).allows("clone")).isFalse();
        assertThat(filter(SeccompAction.SCMP_ACT_KILL_PROCESS).allows("clone")).isFalse();
    }

    @Test
    void aRuleCountsForArgumentsThatMeetItsConditions() {
        var noNamespaces = new SeccompArg(0, 0x7e020000, Optional.of(0L), SeccompArg.Operator.SCMP_CMP_MASKED_EQ);
        SeccompAllowance filter = filter(SeccompAction.SCMP_ACT_ERRNO, rule("clone", SeccompAction.SCMP_ACT_ALLOW, noNamespaces));
        assertThat(filter.allows("clone", 0x8011)).isTrue();
        assertThat(filter.allows("clone", 0x20000000)).isFalse();
        assertThat(filter(SeccompAction.SCMP_ACT_ALLOW, rule("prctl", SeccompAction.SCMP_ACT_ERRNO, new SeccompArg(0, 1, Optional.empty(), SeccompArg.Operator.SCMP_CMP_EQ)))
                .allows("prctl", 1, 9)).isFalse();
    }

    @Test
    void argumentsAreComparedWithoutASign() {
        for (SeccompArg.Operator operator : SeccompArg.Operator.values()) {
            SeccompAllowance filter = filter(SeccompAction.SCMP_ACT_ERRNO, rule("x", SeccompAction.SCMP_ACT_ALLOW, new SeccompArg(1, 5, Optional.of(5L), operator)));
            boolean below = filter.allows("x", 0, 2);
            boolean equal = filter.allows("x", 0, 5);
            boolean above = filter.allows("x", 0, -1);
            assertThat(List.of(below, equal, above)).as(operator.name()).isEqualTo(switch (operator) {
                case SCMP_CMP_NE -> List.of(true, false, true);
                case SCMP_CMP_LT -> List.of(true, false, false);
                case SCMP_CMP_LE -> List.of(true, true, false);
                case SCMP_CMP_EQ -> List.of(false, true, false);
                case SCMP_CMP_GE -> List.of(false, true, true);
                case SCMP_CMP_GT -> List.of(false, false, true);
                case SCMP_CMP_MASKED_EQ -> List.of(false, true, true);
            });
        }
    }

    @Test
    void whatOneRuleForbidsIsNotSurelyAllowed() {
        assertThat(filter(SeccompAction.SCMP_ACT_ALLOW, rule("clone", SeccompAction.SCMP_ACT_ALLOW), rule("clone", SeccompAction.SCMP_ACT_NOTIFY)).allows("clone")).isFalse();
    }
}
