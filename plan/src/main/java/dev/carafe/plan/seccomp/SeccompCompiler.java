package dev.carafe.plan.seccomp;

import dev.carafe.base.Fault;
import dev.carafe.oci.runtime.Seccomp;
import dev.carafe.oci.runtime.Seccomp.Arch;
import dev.carafe.oci.runtime.Seccomp.Flag;
import dev.carafe.oci.runtime.SeccompAction;
import dev.carafe.oci.runtime.SeccompArg;
import dev.carafe.oci.runtime.SeccompRule;
import dev.carafe.plan.seccomp.SeccompVerdict.Branch;
import dev.carafe.plan.seccomp.SeccompVerdict.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compiles the {@code linux.seccomp} of a bundle to a filter for the kernel; the same profile gives the same bytes always.
 *
 * <p>Where the spec leaves the meaning open it is that of runc with libseccomp:
 *
 * <ul>
 * <li>The native architecture always counts as listed. Calls of others kill the thread, and so do calls of x32 on x86-64
 *     unless x32 is listed; only the number -1, by which a tracer skips a call, goes to the default action.
 * <li>Names that an architecture does not know are skipped, and so are rules that do what the default action does.
 * <li>Several rules about one call: {@link RuleOrder}. A rule that tests one argument twice is as many rules.
 * <li>Where the default action refuses, calls above the highest number that the profile names fail with ENOSYS, so that a C
 *     library falls back to older ones. On s390 that includes number 0, as which the kernel shows calls that it does not know.
 * <li>On architectures with socketcall(2) or ipc(2) a rule about socket(2) and its like also applies to the same operation of
 *     these; its condition on the first argument, which there selects the operation, is lost.
 * <li>Without flags {@code SECCOMP_FILTER_FLAG_SPEC_ALLOW} is set.
 * </ul>
 */
public final class SeccompCompiler {
    /** Raised with every change after which a profile may give another program, so that no older one that was kept is used. */
    public static final int VERSION = 1;

    private static final long FLAG_TSYNC = 1;
    private static final long FLAG_LOG = 1 << 1;
    private static final long FLAG_SPEC_ALLOW = 1 << 2;
    private static final long FLAG_NEW_LISTENER = 1 << 3;
    private static final long FLAG_WAIT_KILLABLE_RECV = 1 << 5;

    private static final int ARGUMENTS = 6;
    private static final long X32_CALLS = 0x4000_0000;
    private static final long SKIPPED_CALL = 0xFFFF_FFFFL;
    /** __ARM_NR_BASE: private calls such as cacheflush (arm's asm/unistd.h). */
    private static final int ARM_PRIVATE_CALLS = 0xF_0000;

    private final Seccomp profile;
    private final SeccompReturn defaultReturn;
    private final List<SeccompReturn> results = new ArrayList<>();
    private final Map<Integer, CallSpace> spaces = new LinkedHashMap<>();

    private SeccompCompiler(Seccomp profile) {
        this.profile = profile;
        defaultReturn = SeccompReturn.of(profile.defaultAction(), profile.defaultErrnoRet());
        for (SeccompRule rule : profile.syscalls()) {
            results.add(SeccompReturn.of(rule.action(), rule.errnoRet()));
        }
    }

    /**
     * The filter for a machine of the given architecture.
     *
     * @throws Fault when the profile contradicts itself or the spec, or needs more instructions than the kernel takes
     */
    public static SeccompProgram compile(Seccomp profile, SeccompArchitecture nativeArchitecture) {
        var compiler = new SeccompCompiler(profile);
        long flags = compiler.flags();
        var architectures = new LinkedHashSet<SeccompArchitecture>();
        architectures.add(nativeArchitecture);
        for (Arch each : profile.architectures()) {
            architectures.add(SeccompArchitecture.of(each));
        }
        // These two share a space, whose calls are added in the order of their numbers.
        if (architectures.contains(SeccompArchitecture.X32) && architectures.contains(SeccompArchitecture.X86_64)) {
            architectures.remove(SeccompArchitecture.X32);
            architectures.addLast(SeccompArchitecture.X32);
        }
        for (SeccompArchitecture each : architectures) {
            compiler.add(each, architectures);
        }
        var instructions = compiler.generate(nativeArchitecture);
        return new SeccompProgram(instructions.bytes(nativeArchitecture.order()), flags, profile, nativeArchitecture,
                Map.copyOf(compiler.spaces));
    }

    private Instructions generate(SeccompArchitecture nativeArchitecture) {
        var decisions = new Decisions(nativeArchitecture.order());
        Step root = decisions.step(SeccompReturn.KILL_THREAD);
        for (CallSpace space : List.copyOf(spaces.values()).reversed()) {
            root = new Step.Test(Decisions.ARCHITECTURE, -1, Instructions.JUMP_EQUAL, space.audit(), space.search(decisions), root);
        }
        var instructions = new Instructions();
        for (Step each : decisions.made()) {
            instructions.prepare(each);
        }
        instructions.program(root);
        return instructions;
    }

    private long flags() {
        boolean notifies = false;
        for (SeccompRule rule : profile.syscalls()) {
            if (rule.action() == SeccompAction.SCMP_ACT_NOTIFY) {
                notifies = true;
                if (rule.names().contains("write")) {
                    throw Fault.invalid("seccomp", "\"write\"",
                            "cannot be SCMP_ACT_NOTIFY, since the listener itself is handed over by a write");
                }
            }
        }
        if (profile.defaultAction() == SeccompAction.SCMP_ACT_NOTIFY) {
            throw Fault.invalid("seccomp", "defaultAction", "cannot be SCMP_ACT_NOTIFY, since the listener is handed over by a write");
        }
        long flags = notifies ? FLAG_NEW_LISTENER : 0;
        if (profile.flags().isEmpty()) {
            return flags | FLAG_SPEC_ALLOW;
        }
        for (Flag flag : profile.flags()) {
            flags |= switch (flag) {
                // The kernel refuses this one beside a listener; with one thread, as before an execve, it changes nothing.
                case SECCOMP_FILTER_FLAG_TSYNC -> notifies ? 0 : FLAG_TSYNC;
                case SECCOMP_FILTER_FLAG_LOG -> FLAG_LOG;
                case SECCOMP_FILTER_FLAG_SPEC_ALLOW -> FLAG_SPEC_ALLOW;
                case SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV -> {
                    if (!notifies) {
                        throw Fault.invalid("seccomp", flag.toString(), "needs a rule with SCMP_ACT_NOTIFY (seccomp(2))");
                    }
                    yield FLAG_WAIT_KILLABLE_RECV;
                }
            };
        }
        return flags;
    }

    private void add(SeccompArchitecture architecture, Set<SeccompArchitecture> listed) {
        CallSpace space = spaces.get(architecture.audit());
        if (space == null) {
            space = new CallSpace(architecture.audit());
            spaces.put(architecture.audit(), space);
        }
        int highest = addCalls(architecture, space);
        boolean newerFail = newerFail(highest);
        var otherwise = new SeccompVerdict(Reason.DEFAULT, List.of(), defaultReturn, architecture.bits());
        var foreign = new SeccompVerdict(Reason.FOREIGN_ARCHITECTURE, List.of(), SeccompReturn.KILL_THREAD, architecture.bits());
        boolean x32 = architecture == SeccompArchitecture.X32;
        space.area(x32 ? X32_CALLS : 0, otherwise);
        if (newerFail) {
            space.area(highest + 1L, newer(architecture));
        }
        if (x32 && !listed.contains(SeccompArchitecture.X86_64)) {
            space.area(0, foreign);
        }
        if (architecture == SeccompArchitecture.X86_64 && !listed.contains(SeccompArchitecture.X32)) {
            space.area(X32_CALLS, foreign);
            space.area(SKIPPED_CALL, otherwise);
        }
        if (newerFail && architecture == SeccompArchitecture.ARM) {
            space.area(ARM_PRIVATE_CALLS, otherwise);
        }
    }

    /** Adds what the rules say of single calls and gives the highest number that the profile names, or 0. */
    private int addCalls(SeccompArchitecture architecture, CallSpace space) {
        SyscallTable table = SyscallTable.of(architecture);
        var orders = new CallOrders(architecture);
        int highest = 0;
        for (int i = 0; i < results.size(); i++) {
            SeccompRule rule = profile.syscalls().get(i);
            boolean redundant = results.get(i).value() == defaultReturn.value();
            List<Branch> branches = redundant ? List.of() : branches(i, rule.args(), architecture.bits());
            for (String name : rule.names()) {
                int number = table.find(name);
                if (number >= 0) {
                    if (number > highest && (architecture != SeccompArchitecture.ARM || number < ARM_PRIVATE_CALLS)) {
                        highest = number;
                    }
                    for (Branch branch : branches) {
                        orders.of(number, name).add(branch);
                    }
                }
                if (architecture.socketcall() >= 0) {
                    multiplexed(architecture, name, branches, orders);
                }
            }
        }
        boolean s390 = architecture == SeccompArchitecture.S390 || architecture == SeccompArchitecture.S390X;
        if (s390 && newerFail(highest)) {
            space.call(0, newer(architecture));
        }
        orders.addTo(space, defaultReturn);
        return highest;
    }

    private boolean newerFail(int highest) {
        return !defaultReturn.permits() && highest != 0;
    }

    private static SeccompVerdict newer(SeccompArchitecture architecture) {
        return new SeccompVerdict(Reason.NEWER_THAN_PROFILE, List.of(), SeccompReturn.ENOSYS, architecture.bits());
    }

    private static void multiplexed(SeccompArchitecture architecture, String name, List<Branch> branches,
            CallOrders orders) {
        int operation = socketOperation(name);
        int number = architecture.socketcall();
        if (operation == 0) {
            operation = ipcOperation(name);
            number = architecture.ipc();
        }
        if (operation == 0) {
            return;
        }
        var select = new SeccompArg(0, operation, Optional.empty(), SeccompArg.Operator.SCMP_CMP_EQ);
        for (Branch branch : branches) {
            var when = new ArrayList<SeccompArg>();
            when.add(select);
            for (SeccompArg each : branch.when()) {
                if (each.index() != 0) {
                    when.add(each);
                }
            }
            orders.of(number, name).add(new Branch(branch.rule(), when, branch.result()));
        }
    }

    /** The operation of socketcall(2), from linux/net.h; 0 for any other call. */
    private static int socketOperation(String name) {
        return switch (name) {
            case "socket" -> 1;
            case "bind" -> 2;
            case "connect" -> 3;
            case "listen" -> 4;
            case "accept" -> 5;
            case "getsockname" -> 6;
            case "getpeername" -> 7;
            case "socketpair" -> 8;
            case "send" -> 9;
            case "recv" -> 10;
            case "sendto" -> 11;
            case "recvfrom" -> 12;
            case "shutdown" -> 13;
            case "setsockopt" -> 14;
            case "getsockopt" -> 15;
            case "sendmsg" -> 16;
            case "recvmsg" -> 17;
            case "accept4" -> 18;
            case "recvmmsg" -> 19;
            case "sendmmsg" -> 20;
            default -> 0;
        };
    }

    /** The operation of ipc(2), from linux/ipc.h; 0 for any other call. */
    private static int ipcOperation(String name) {
        return switch (name) {
            case "semop" -> 1;
            case "semget" -> 2;
            case "semctl" -> 3;
            case "semtimedop" -> 4;
            case "msgsnd" -> 11;
            case "msgrcv" -> 12;
            case "msgget" -> 13;
            case "msgctl" -> 14;
            case "shmat" -> 21;
            case "shmdt" -> 22;
            case "shmget" -> 23;
            case "shmctl" -> 24;
            default -> 0;
        };
    }

    /** One rule as branches: one, or one for each condition where two conditions are on the same argument, as in runc. */
    private List<Branch> branches(int rule, List<SeccompArg> args, int bits) {
        var when = new ArrayList<SeccompArg>();
        int seen = 0;
        boolean twice = false;
        for (SeccompArg each : args) {
            if (each.index() < 0 || each.index() >= ARGUMENTS) {
                throw Fault.invalid("seccomp", "rule " + rule, "no argument " + each.index() + ", a call has " + ARGUMENTS);
            }
            twice |= (seen & 1 << each.index()) != 0;
            seen |= 1 << each.index();
            when.add(normal(each, bits));
        }
        if (!twice) {
            return List.of(new Branch(rule, byArgument(when), results.get(rule)));
        }
        var branches = new ArrayList<Branch>();
        for (SeccompArg each : when) {
            branches.add(new Branch(rule, alwaysHolds(each) ? List.of() : List.of(each), results.get(rule)));
        }
        return branches;
    }

    private static List<SeccompArg> byArgument(List<SeccompArg> conditions) {
        var sorted = new ArrayList<SeccompArg>(conditions.size());
        for (int index = 0; index < ARGUMENTS; index++) {
            for (SeccompArg each : conditions) {
                if (each.index() == index && !alwaysHolds(each)) {
                    sorted.add(each);
                }
            }
        }
        return sorted;
    }

    private static boolean alwaysHolds(SeccompArg condition) {
        return condition.op() == SeccompArg.Operator.SCMP_CMP_MASKED_EQ && condition.value() == 0;
    }

    /** The condition without what cannot matter: bits above the width of an argument, and those outside of the mask. */
    private static SeccompArg normal(SeccompArg condition, int bits) {
        long width = bits == Integer.SIZE ? 0xFFFF_FFFFL : -1;
        long value = condition.value() & width;
        return condition.op() == SeccompArg.Operator.SCMP_CMP_MASKED_EQ
                ? new SeccompArg(condition.index(), value, Optional.of(condition.valueTwo().orElse(0L) & value), condition.op())
                : new SeccompArg(condition.index(), value, Optional.empty(), condition.op());
    }
}
