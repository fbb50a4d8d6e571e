package dev.carafe.plan.seccomp;

import dev.carafe.plan.seccomp.SeccompVerdict.Branch;
import dev.carafe.plan.seccomp.SeccompVerdict.Reason;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rules about each call of one architecture, by number. */
final class CallOrders {
    private final SeccompArchitecture architecture;
    private final @Nullable RuleOrder[] near = new RuleOrder[1024];
    private final TreeMap<Integer, RuleOrder> far = new TreeMap<>();

    CallOrders(SeccompArchitecture architecture) {
        this.architecture = architecture;
    }

    /** The rules about a call, to add to. */
    RuleOrder of(int number, String name) {
        int index = number - architecture.firstCall();
        boolean isNear = index >= 0 && index < near.length;
        RuleOrder known = isNear ? near[index] : far.get(number);
        if (known == null) {
            known = new RuleOrder(name);
            if (isNear) {
                near[index] = known;
            } else {
                far.put(number, known);
            }
        }
        return known;
    }

    /** Gives each call its verdict; calls that one rule decides alone share theirs. */
    void addTo(CallSpace space, SeccompReturn otherwise) {
        SeccompVerdict last = null;
        for (int i = 0; i < near.length; i++) {
            RuleOrder order = near[i];
            if (order != null) {
                List<Branch> branches = order.branches();
                if (last == null || branches.size() != 1 || last.branches().size() != 1 || last.branches().getFirst() != branches.getFirst()) {
                    last = new SeccompVerdict(Reason.RULE, branches, otherwise, architecture.bits());
                }
                space.call(architecture.firstCall() + i, last);
            }
        }
        for (Map.Entry<Integer, RuleOrder> each : far.entrySet()) {
            space.call(each.getKey(), new SeccompVerdict(Reason.RULE, each.getValue().branches(), otherwise, architecture.bits()));
        }
    }
}
