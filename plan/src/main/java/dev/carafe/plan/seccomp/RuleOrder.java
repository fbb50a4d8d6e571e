package dev.carafe.plan.seccomp;

import dev.carafe.base.Fault;
import dev.carafe.oci.runtime.SeccompArg;
import dev.carafe.plan.seccomp.SeccompVerdict.Branch;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules about one call, in the order in which they are tried. The order is libseccomp's, since runc and crun leave it to
 * that library, and it is not the profile's:
 *
 * <ul>
 * <li>A rule without conditions decides alone, wherever it stands; of several the first.
 * <li>Other rules are sorted by their first condition, the one on the lowest argument, and then by the next: higher arguments
 *     first; on one argument tests of equality, then upper bounds, the tightest first, then lower bounds, the tightest first.
 * <li>A rule whose conditions begin with all those of an earlier rule never applies. When the longer one comes first and does
 *     something else, and when two rules with the same conditions do different things, the profile contradicts itself: a fault, as there.
 * </ul>
 *
 * <p>A rule then applies exactly when its conditions hold. In this libseccomp differs: it merges the rules of a call into one tree,
 * and where several rules overlap on upper halves or on different arguments some of its versions lose or widen a rule.
 */
final class RuleOrder {
    private final String call;
    private final List<Branch> branches = new ArrayList<>(1);
    private boolean decided;

    RuleOrder(String call) {
        this.call = call;
    }

    void add(Branch added) {
        if (decided) {
            return;
        }
        if (added.when().isEmpty()) {
            branches.clear();
            branches.add(added);
            decided = true;
            return;
        }
        if (branches.size() == Instructions.LIMIT) {
            throw Fault.of(Fault.Kind.EXHAUSTED, "seccomp", '"' + call + '"', "more than " + Instructions.LIMIT + " rules");
        }
        int place = branches.size();
        for (int i = 0; i < branches.size(); i++) {
            Branch other = branches.get(i);
            if (added.startsWith(other)) {
                if (added.when().size() == other.when().size() && added.result().value() != other.result().value()) {
                    throw contradiction(other, added);
                }
                return;
            }
            if (other.startsWith(added)) {
                if (other.result().value() != added.result().value()) {
                    throw contradiction(other, added);
                }
                branches.remove(i--);
                place = Math.min(place, branches.size());
            } else if (place > i && compare(added.when(), other.when()) < 0) {
                place = i;
            }
        }
        branches.add(place, added);
    }

    List<Branch> branches() {
        return branches;
    }

    private Fault contradiction(Branch one, Branch two) {
        return Fault.of(Fault.Kind.CONFLICT, "seccomp", '"' + call + '"',
                "rule " + one.rule() + " says " + one.result() + " and rule " + two.rule() + " says " + two.result()
                        + " for the same arguments");
    }

    private static int compare(List<SeccompArg> one, List<SeccompArg> two) {
        for (int i = 0; i < Math.min(one.size(), two.size()); i++) {
            SeccompArg a = one.get(i);
            SeccompArg b = two.get(i);
            int order = a.index() != b.index() ? Integer.compare(b.index(), a.index()) : Integer.compare(rank(a), rank(b));
            if (order == 0) {
                order = Long.compareUnsigned(datum(b), datum(a));
                order = rank(a) == 1 ? -order : order;
            }
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int rank(SeccompArg condition) {
        return switch (condition.op()) {
            case SCMP_CMP_EQ, SCMP_CMP_NE, SCMP_CMP_MASKED_EQ -> 0;
            case SCMP_CMP_LT, SCMP_CMP_LE -> 1;
            case SCMP_CMP_GT, SCMP_CMP_GE -> 2;
        };
    }

    private static long datum(SeccompArg condition) {
        return condition.op() == SeccompArg.Operator.SCMP_CMP_MASKED_EQ ? condition.valueTwo().orElse(0L) : condition.value();
    }
}
