package dev.carafe.plan.seccomp;

import static dev.carafe.oci.runtime.SeccompAction.SCMP_ACT_ALLOW;
import static dev.carafe.oci.runtime.SeccompAction.SCMP_ACT_ERRNO;
import static dev.carafe.oci.runtime.SeccompAction.SCMP_ACT_KILL;
import static dev.carafe.oci.runtime.SeccompAction.SCMP_ACT_KILL_PROCESS;
import static dev.carafe.oci.runtime.SeccompAction.SCMP_ACT_LOG;
import static dev.carafe.oci.runtime.SeccompAction.SCMP_ACT_NOTIFY;
import static dev.carafe.oci.runtime.SeccompAction.SCMP_ACT_TRACE;
import static dev.carafe.oci.runtime.SeccompAction.SCMP_ACT_TRAP;
import static dev.carafe.plan.seccomp.SeccompArchitecture.AARCH64;
import static dev.carafe.plan.seccomp.SeccompArchitecture.PPC64LE;
import static dev.carafe.plan.seccomp.SeccompArchitecture.S390X;
import static dev.carafe.plan.seccomp.SeccompArchitecture.X32;
import static dev.carafe.plan.seccomp.SeccompArchitecture.X86;
import static dev.carafe.plan.seccomp.SeccompArchitecture.X86_64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import dev.carafe.oci.runtime.Seccomp;
import dev.carafe.oci.runtime.Seccomp.Flag;
import dev.carafe.oci.runtime.SeccompAction;
import dev.carafe.oci.runtime.SeccompArg;
import dev.carafe.oci.runtime.SeccompArg.Operator;
import dev.carafe.oci.runtime.SeccompRule;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeccompCompilerTest {
    private static final int ALLOW = 0x7FFF_0000;
    private static final int EPERM = 0x0005_0001;
    private static final int ENOSYS = 0x0005_0026;
    private static final int KILL_THREAD = 0;

    private static final int READ = 0;
    private static final int SOCKET = 41;
    private static final long[] EDGES = {0, 1, 2, 5, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFEL, 0xFFFF_FFFFL, 0x1_0000_0000L, 0x1_0000_0001L,
        0x5_0000_0005L, 0x5_0000_0006L, 0x6_0000_0000L, Long.MAX_VALUE, Long.MIN_VALUE, -2, -1};

    static SeccompArg arg(int index, Operator op, long value) {
        return new SeccompArg(index, value, Optional.empty(), op);
    }

    static SeccompArg masked(int index, long mask, long value) {
        return new SeccompArg(index, mask, Optional.of(value), Operator.SCMP_CMP_MASKED_EQ);
    }

    static SeccompRule rule(SeccompAction action, String names, SeccompArg... args) {
        return new SeccompRule(List.of(names.split(" ")), action, Optional.empty(), List.of(args));
    }

    private static SeccompRule errno(int number, String names, SeccompArg... args) {
        return new SeccompRule(List.of(names.split(" ")), SCMP_ACT_ERRNO, Optional.of(number), List.of(args));
    }

    private static Seccomp refusing(SeccompRule... rules) {
        return Seccomp.builder(SCMP_ACT_ERRNO).syscalls(List.of(rules)).build();
    }

    private static Seccomp allowing(SeccompRule... rules) {
        return Seccomp.builder(SCMP_ACT_ALLOW).syscalls(List.of(rules)).build();
    }

    private static Seccomp on(Seccomp profile, SeccompArchitecture... architectures) {
        return profile.toBuilder().architectures(Stream.of(architectures).map(SeccompArchitecture::spec).toList()).build();
    }

    private static int run(Seccomp profile, SeccompArchitecture machine, SeccompArchitecture caller, int nr, long... args) {
        var program = SeccompCompiler.compile(profile, machine);
        long[] six = Arrays.copyOf(args, 6);
        int result = new BpfMachine(program, machine.order()).run(nr, caller.audit(), six);
        assertThat(program.verdict(caller, nr).result(six).value()).as(program.disassembly()).isEqualTo(result);
        return result;
    }

    private static int run(Seccomp profile, int nr, long... args) {
        return run(profile, X86_64, X86_64, nr, args);
    }

    /** The definition, by arithmetic that has nothing in common with the compiler's. */
    private static boolean holds(SeccompArg condition, long argument, int bits) {
        BigInteger width = BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
        BigInteger a = new BigInteger(Long.toUnsignedString(argument)).and(width);
        BigInteger b = new BigInteger(Long.toUnsignedString(condition.value())).and(width);
        BigInteger two = new BigInteger(Long.toUnsignedString(condition.valueTwo().orElse(0L))).and(width);
        return switch (condition.op()) {
            case SCMP_CMP_EQ -> a.equals(b);
            case SCMP_CMP_NE -> !a.equals(b);
            case SCMP_CMP_LT -> a.compareTo(b) < 0;
            case SCMP_CMP_LE -> a.compareTo(b) <= 0;
            case SCMP_CMP_GT -> a.compareTo(b) > 0;
            case SCMP_CMP_GE -> a.compareTo(b) >= 0;
            case SCMP_CMP_MASKED_EQ -> a.and(b).equals(two.and(b));
        };
    }

    @ParameterizedTest
    @EnumSource(Operator.class)
    void everyOperatorComparesUnsigned64Bits(Operator op) {
        for (long value : EDGES) {
            for (long two : op == Operator.SCMP_CMP_MASKED_EQ ? EDGES : new long[] {0}) {
                for (int index : new int[] {0, 5}) {
                    var condition = new SeccompArg(index, value, Optional.of(two), op);
                    var program = SeccompCompiler.compile(refusing(rule(SCMP_ACT_ALLOW, "socket", condition)), X86_64);
                    var machine = new BpfMachine(program, X86_64.order());
                    for (long argument : EDGES) {
                        var args = new long[6];
                        Arrays.fill(args, 7);
                        args[index] = argument;
                        assertThat(machine.run(SOCKET, X86_64.audit(), args))
                                .as("%x %s %x %x%n%s", argument, op, value, two, program.disassembly())
                                .isEqualTo(holds(condition, argument, 64) ? ALLOW : EPERM);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Operator.class)
    void argumentsOf32BitArchitecturesAreComparedByTheirLowerHalves(Operator op) {
        for (long value : EDGES) {
            var condition = new SeccompArg(1, value, Optional.of(5L), op);
            var profile = on(refusing(rule(SCMP_ACT_ALLOW, "ioctl", condition)), X86);
            for (long argument : EDGES) {
                assertThat(run(profile, X86_64, X86, 54, 0, argument)).isEqualTo(holds(condition, argument, 32) ? ALLOW : EPERM);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Operator.class)
    void bigEndianMachinesHaveTheUpperHalfFirst(Operator op) {
        for (long value : EDGES) {
            var condition = new SeccompArg(2, value, Optional.of(5L), op);
            var profile = refusing(rule(SCMP_ACT_ALLOW, "ioctl", condition));
            for (long argument : EDGES) {
                assertThat(run(profile, S390X, S390X, 54, 0, 0, argument)).isEqualTo(holds(condition, argument, 64) ? ALLOW : EPERM);
            }
        }
    }

    @Test
    void allConditionsOfARuleMustHold() {
        var profile = refusing(rule(SCMP_ACT_ALLOW, "socket", arg(2, Operator.SCMP_CMP_NE, 0), arg(0, Operator.SCMP_CMP_EQ, 2),
                masked(1, 0xF, 1)));
        assertThat(run(profile, SOCKET, 2, 0x801, 6)).isEqualTo(ALLOW);
        assertThat(run(profile, SOCKET, 2, 0x801, 0)).isEqualTo(EPERM);
        assertThat(run(profile, SOCKET, 2, 0x802, 6)).isEqualTo(EPERM);
        assertThat(run(profile, SOCKET, 10, 0x801, 6)).isEqualTo(EPERM);
    }

    @Test
    void twoConditionsOnOneArgumentAreTwoRulesAsInRunc() {
        var profile = refusing(rule(SCMP_ACT_ALLOW, "socket", arg(0, Operator.SCMP_CMP_EQ, 2), arg(0, Operator.SCMP_CMP_EQ, 10)));
        assertThat(run(profile, SOCKET, 2)).isEqualTo(ALLOW);
        assertThat(run(profile, SOCKET, 10)).isEqualTo(ALLOW);
        assertThat(run(profile, SOCKET, 3)).isEqualTo(EPERM);
    }

    @Test
    void severalRulesForOneCallWidenIt() {
        var profile = refusing(rule(SCMP_ACT_ALLOW, "socket", arg(0, Operator.SCMP_CMP_LT, 38)),
                rule(SCMP_ACT_ALLOW, "socket", arg(0, Operator.SCMP_CMP_EQ, 39)), rule(SCMP_ACT_ALLOW, "socket", arg(0, Operator.SCMP_CMP_GT, 40)));
        assertThat(run(profile, SOCKET, 37)).isEqualTo(ALLOW);
        assertThat(run(profile, SOCKET, 38)).isEqualTo(EPERM);
        assertThat(run(profile, SOCKET, 39)).isEqualTo(ALLOW);
        assertThat(run(profile, SOCKET, 40)).isEqualTo(EPERM);
        assertThat(run(profile, SOCKET, 41)).isEqualTo(ALLOW);
        assertThat(run(profile, SOCKET, 0x26_0000_0026L)).isEqualTo(ALLOW);
    }

    @Test
    void aRuleWithoutConditionsDecidesAloneWhereverItStands() {
        SeccompRule free = rule(SCMP_ACT_TRAP, "socket");
        SeccompRule bound = errno(5, "socket", arg(0, Operator.SCMP_CMP_EQ, 2));
        assertThat(run(allowing(free, bound), SOCKET, 2)).isEqualTo(0x0003_0000);
        assertThat(run(allowing(bound, free), SOCKET, 2)).isEqualTo(0x0003_0000);
        assertThat(run(allowing(errno(7, "socket"), free), SOCKET, 2)).isEqualTo(0x0005_0007);
        assertThat(run(refusing(rule(SCMP_ACT_ALLOW, "socket", masked(0, 0, 0)), errno(9, "socket", arg(0, Operator.SCMP_CMP_EQ, 2))), SOCKET, 2))
                .isEqualTo(ALLOW);
    }

    @Test
    void ofRulesWithConditionsEqualityAndTighterBoundsComeFirst() {
        var profile = allowing(errno(1, "socket", arg(0, Operator.SCMP_CMP_GT, 5)), errno(2, "socket", arg(0, Operator.SCMP_CMP_GT, 9)),
                errno(3, "socket", arg(0, Operator.SCMP_CMP_LE, 8)), errno(4, "socket", arg(0, Operator.SCMP_CMP_LE, 3)),
                errno(5, "socket", arg(0, Operator.SCMP_CMP_EQ, 12)), errno(6, "socket", arg(1, Operator.SCMP_CMP_EQ, 1)));
        assertThat(run(profile, SOCKET, 12)).isEqualTo(0x0005_0005);
        assertThat(run(profile, SOCKET, 11)).isEqualTo(0x0005_0002);
        assertThat(run(profile, SOCKET, 9)).isEqualTo(0x0005_0001);
        assertThat(run(profile, SOCKET, 7)).isEqualTo(0x0005_0003);
        assertThat(run(profile, SOCKET, 2)).isEqualTo(0x0005_0004);
        assertThat(run(profile, SOCKET, 12, 1)).isEqualTo(0x0005_0006);
    }

    @Test
    void rulesThatContradictEachOtherAreAFault() {
        SeccompArg two = arg(0, Operator.SCMP_CMP_EQ, 2);
        SeccompArg more = arg(1, Operator.SCMP_CMP_EQ, 1);
        assertThatThrownBy(() -> SeccompCompiler.compile(allowing(errno(1, "socket", two), errno(2, "socket", two)), X86_64))
                .hasMessage("seccomp \"socket\": rule 0 says SCMP_ACT_ERRNO(EPERM) and rule 1 says SCMP_ACT_ERRNO(ENOENT) for the same arguments");
        assertThatThrownBy(() -> SeccompCompiler.compile(allowing(errno(1, "socket", two, more), errno(2, "socket", two)), X86_64))
                .isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.CONFLICT));
        assertThat(run(allowing(errno(1, "socket", two), errno(2, "socket", two, more)), SOCKET, 2, 1)).isEqualTo(0x0005_0001);
        assertThat(run(allowing(errno(1, "socket", two, more), errno(1, "socket", two)), SOCKET, 2, 0)).isEqualTo(0x0005_0001);
    }

    @Test
    void aRuleThatDoesWhatTheDefaultDoesIsSkipped() {
        assertThat(run(refusing(errno(1, "socket", arg(0, Operator.SCMP_CMP_EQ, 2)), rule(SCMP_ACT_ALLOW, "socket", arg(0, Operator.SCMP_CMP_LT, 5))),
                SOCKET, 2)).isEqualTo(ALLOW);
    }

    @Test
    void everyActionHasTheKernelsValue() {
        assertThat(run(allowing(rule(SCMP_ACT_KILL, "read")), READ)).isZero();
        assertThat(run(allowing(rule(SeccompAction.SCMP_ACT_KILL_THREAD, "read")), READ)).isZero();
        assertThat(run(allowing(rule(SCMP_ACT_KILL_PROCESS, "read")), READ)).isEqualTo(0x8000_0000);
        assertThat(run(allowing(rule(SCMP_ACT_TRAP, "read")), READ)).isEqualTo(0x0003_0000);
        assertThat(run(allowing(rule(SCMP_ACT_ERRNO, "read")), READ)).isEqualTo(EPERM);
        assertThat(run(allowing(errno(110, "read")), READ)).isEqualTo(0x0005_006E);
        assertThat(run(allowing(rule(SCMP_ACT_NOTIFY, "read")), READ)).isEqualTo(0x7FC0_0000);
        assertThat(run(allowing(rule(SCMP_ACT_TRACE, "read")), READ)).isEqualTo(0x7FF0_0001);
        assertThat(run(allowing(rule(SCMP_ACT_LOG, "read")), READ)).isEqualTo(0x7FFC_0000);
        assertThat(run(refusing(rule(SCMP_ACT_ALLOW, "read")), READ)).isEqualTo(ALLOW);
        for (SeccompAction action : SeccompAction.values()) {
            SeccompAction read = SeccompReturn.of(action, Optional.empty()).action();
            assertThat(read).isEqualTo(action == SCMP_ACT_KILL ? SeccompAction.SCMP_ACT_KILL_THREAD : action);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SCMP_ACT_ALLOW", "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_TRAP", "SCMP_ACT_LOG"})
    void anErrorNumberGoesWithNoActionThatTakesNone(SeccompAction action) {
        var rule = new SeccompRule(List.of("read"), action, Optional.of(5), List.of());
        assertThatThrownBy(() -> SeccompCompiler.compile(refusing(rule), X86_64))
                .hasMessageStartingWith("seccomp " + action + ": takes no error number, given 5");
        assertThatThrownBy(() -> SeccompCompiler.compile(Seccomp.builder(action).defaultErrnoRet(5).build(), X86_64))
                .isInstanceOf(Fault.class);
    }

    @Test
    void unknownNamesAreSkipped() {
        var profile = refusing(rule(SCMP_ACT_ALLOW, "no_such_call waitpid read write"));
        assertThat(run(profile, 1)).isEqualTo(ALLOW);
        assertThat(SeccompCompiler.compile(profile, X86_64)).isEqualTo(SeccompCompiler.compile(refusing(rule(SCMP_ACT_ALLOW, "read write")), X86_64));
    }

    @Test
    void callsAboveTheHighestOfTheProfileFailWithEnosysWhereTheDefaultRefuses() {
        SeccompRule rule = rule(SCMP_ACT_ALLOW, "read statx");
        for (SeccompAction action : List.of(SCMP_ACT_ERRNO, SCMP_ACT_KILL, SCMP_ACT_KILL_PROCESS, SCMP_ACT_TRAP)) {
            var profile = Seccomp.builder(action).syscalls(List.of(rule)).build();
            int refusal = SeccompReturn.of(action, Optional.empty()).value();
            assertThat(run(profile, 331)).isEqualTo(refusal);
            assertThat(run(profile, 332)).isEqualTo(ALLOW);
            assertThat(run(profile, 333)).isEqualTo(ENOSYS);
            assertThat(run(profile, 0x3FFF_FFFF)).isEqualTo(ENOSYS);
            assertThat(run(profile, -1)).isEqualTo(refusal);
        }
        var allowing = Seccomp.builder(SCMP_ACT_ALLOW).syscalls(List.of(errno(5, "read statx"))).build();
        assertThat(run(allowing, 333)).isEqualTo(ALLOW);
        assertThat(run(refusing(rule(SCMP_ACT_ALLOW, "read"), errno(1, "mseal")), 400)).isEqualTo(EPERM);
        assertThat(run(refusing(), 400)).isEqualTo(EPERM);
    }

    @Test
    void onS390NumberZeroStandsForCallsThatTheKernelDoesNotKnow() {
        var profile = refusing(rule(SCMP_ACT_ALLOW, "read"));
        assertThat(run(profile, S390X, S390X, 0)).isEqualTo(ENOSYS);
        assertThat(run(profile, S390X, S390X, 3)).isEqualTo(ALLOW);
    }

    @Test
    void privateCallsOfArmAreNotNewCalls() {
        var profile = on(refusing(rule(SCMP_ACT_ALLOW, "read set_tls")), SeccompArchitecture.ARM);
        assertThat(run(profile, AARCH64, SeccompArchitecture.ARM, 0xF0005)).isEqualTo(ALLOW);
        assertThat(run(profile, AARCH64, SeccompArchitecture.ARM, 0xF0002)).isEqualTo(EPERM);
        assertThat(run(profile, AARCH64, SeccompArchitecture.ARM, 400)).isEqualTo(ENOSYS);
    }

    @Test
    void x32KillsUnlessListed() {
        var profile = refusing(rule(SCMP_ACT_ALLOW, "read write ioctl"));
        assertThat(run(profile, 0x4000_0000)).isEqualTo(KILL_THREAD);
        assertThat(run(profile, 0x4000_0000 + 514)).isEqualTo(KILL_THREAD);
        var listed = on(profile, X32);
        assertThat(run(listed, 0x4000_0000)).isEqualTo(ALLOW);
        assertThat(run(listed, 0x4000_0000 + 514)).isEqualTo(ALLOW);
        assertThat(run(listed, 0x4000_0000 + 16)).isEqualTo(EPERM);
        assertThat(run(listed, 0x4000_0000 + 515)).isEqualTo(ENOSYS);
        assertThat(run(listed, 16)).isEqualTo(ALLOW);
        assertThat(run(listed, 17)).isEqualTo(ENOSYS);
    }

    @Test
    void architecturesThatAreNotListedKillAndTheNativeOneAlwaysIsListed() {
        var profile = on(refusing(rule(SCMP_ACT_ALLOW, "read")), X86);
        assertThat(run(profile, X86_64, X86_64, 0)).isEqualTo(ALLOW);
        assertThat(run(profile, X86_64, X86, 3)).isEqualTo(ALLOW);
        assertThat(run(profile, X86_64, AARCH64, 63)).isEqualTo(KILL_THREAD);
        assertThat(run(allowing(), X86_64, X86, 3)).isEqualTo(KILL_THREAD);
        assertThat(run(allowing(), X86_64, X86_64, 3)).isEqualTo(ALLOW);
    }

    @Test
    void aRuleOnASocketCallAlsoHoldsForSocketcall() {
        var profile = on(refusing(rule(SCMP_ACT_ALLOW, "read connect shmget mseal")), X86);
        assertThat(run(profile, X86_64, X86, 102, 3)).isEqualTo(ALLOW);
        assertThat(run(profile, X86_64, X86, 102, 1)).isEqualTo(EPERM);
        assertThat(run(profile, X86_64, X86, 362)).isEqualTo(ALLOW);
        assertThat(run(profile, X86_64, X86, 117, 23)).isEqualTo(ALLOW);
        assertThat(run(profile, X86_64, X86, 117, 24)).isEqualTo(EPERM);
        assertThat(run(profile, PPC64LE, PPC64LE, 102, 3)).isEqualTo(ALLOW);
        assertThat(run(on(refusing(rule(SCMP_ACT_ALLOW, "connect socketcall")), X86), X86_64, X86, 102, 9)).isEqualTo(ALLOW);
    }

    @Test
    void flagsAreTheKernels() {
        var quiet = refusing(rule(SCMP_ACT_ALLOW, "read"));
        var notifying = refusing(rule(SCMP_ACT_NOTIFY, "read"));
        assertThat(SeccompCompiler.compile(quiet, X86_64).flags()).isEqualTo(4);
        assertThat(SeccompCompiler.compile(notifying, X86_64).flags()).isEqualTo(12);
        assertThat(flags(quiet, Flag.SECCOMP_FILTER_FLAG_LOG)).isEqualTo(2);
        assertThat(flags(quiet, Flag.SECCOMP_FILTER_FLAG_TSYNC, Flag.SECCOMP_FILTER_FLAG_SPEC_ALLOW)).isEqualTo(5);
        assertThat(flags(notifying, Flag.SECCOMP_FILTER_FLAG_TSYNC, Flag.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)).isEqualTo(40);
        assertThatThrownBy(() -> flags(quiet, Flag.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)).isInstanceOf(Fault.class);
    }

    private static long flags(Seccomp profile, Flag... flags) {
        return SeccompCompiler.compile(profile.toBuilder().flags(List.of(flags)).build(), X86_64).flags();
    }

    @Test
    void theListenerCannotBeAskedAboutTheWriteThatHandsItOver() {
        assertThatThrownBy(() -> SeccompCompiler.compile(refusing(rule(SCMP_ACT_NOTIFY, "read write")), X86_64))
                .hasMessageStartingWith("seccomp \"write\": cannot be SCMP_ACT_NOTIFY");
        assertThatThrownBy(() -> SeccompCompiler.compile(Seccomp.builder(SCMP_ACT_NOTIFY).build(), X86_64)).isInstanceOf(Fault.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 6})
    void aCallHasSixArguments(int index) {
        assertThatThrownBy(() -> SeccompCompiler.compile(refusing(rule(SCMP_ACT_ALLOW, "read", arg(index, Operator.SCMP_CMP_EQ, 0))), X86_64))
                .hasMessage("seccomp rule 0: no argument " + index + ", a call has 6");
    }

    @Test
    void longProgramsJumpFarAndTooLongOnesAreAFault() {
        var rules = new ArrayList<SeccompRule>();
        for (int i = 0; i < 600; i++) {
            rules.add(rule(SCMP_ACT_ALLOW, "socket", masked(0, 0xFF_FFFFL, 3 * i), masked(1, 0xFFL, i % 256)));
        }
        var profile = refusing(rules.toArray(SeccompRule[]::new));
        assertThat(SeccompCompiler.compile(profile, X86_64).count()).isGreaterThan(3000);
        assertThat(run(profile, SOCKET, 3 * 599, 599 % 256)).isEqualTo(ALLOW);
        assertThat(run(profile, SOCKET, 0, 0)).isEqualTo(ALLOW);
        assertThat(run(profile, SOCKET, 3 * 350, 1)).isEqualTo(EPERM);
        assertThat(run(profile, 40)).isEqualTo(EPERM);
        assertThat(run(profile, 42)).isEqualTo(ENOSYS);
        for (int i = 600; i < 4000; i++) {
            rules.add(rule(SCMP_ACT_ALLOW, "socket", masked(0, 0xFF_FFFFL, 3 * i), masked(1, 0xFFL, i % 256)));
        }
        assertThatThrownBy(() -> SeccompCompiler.compile(refusing(rules.toArray(SeccompRule[]::new)), X86_64))
                .isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.EXHAUSTED));
    }

    @Test
    void verdictsExplainThemselves() {
        var program = SeccompCompiler.compile(refusing(rule(SCMP_ACT_ALLOW, "read"),
                rule(SCMP_ACT_ALLOW, "clone", masked(0, 0x7E02_0000L, 0)), rule(SCMP_ACT_ALLOW, "clone", arg(1, Operator.SCMP_CMP_LE, 9))), X86_64);
        assertThat(program.explain(X86_64, 0)).isEqualTo("read: SCMP_ACT_ALLOW (rule 0)");
        assertThat(program.explain(X86_64, 1)).isEqualTo("write: SCMP_ACT_ERRNO(EPERM) (no rule names it)");
        assertThat(program.explain(X86_64, 56)).isEqualTo("clone: SCMP_ACT_ALLOW if arg1 <= 0x9 (rule 2), "
                + "otherwise SCMP_ACT_ALLOW if arg0 & 0x7e020000 == 0x0 (rule 1), otherwise SCMP_ACT_ERRNO(EPERM)");
        assertThat(program.explain(X86_64, 57)).isEqualTo("fork: SCMP_ACT_ERRNO(ENOSYS) (newer than every call of the profile)");
        assertThat(program.explain(X86, 3)).isEqualTo("read: SCMP_ACT_KILL_THREAD (the profile does not list the architecture)");
    }

    @Test
    void theDisassemblyReads() {
        var program = SeccompCompiler.compile(allowing(errno(13, "read", masked(1, 0xFF, 3))), X86_64);
        assertThat(program.disassembly().lines()).contains("0: load arch").anyMatch(line -> line.endsWith("load arg1 low"))
                .anyMatch(line -> line.endsWith("and 0xff")).anyMatch(line -> line.endsWith("return SCMP_ACT_ERRNO(EACCES)"))
                .hasSize(program.count());
    }

    static Stream<Long> seeds() {
        return new Random(2026).longs(60).boxed();
    }

    /** Each call has one action only, so that the order of its rules does not matter and a plain loop can be the judge. */
    @ParameterizedTest
    @MethodSource("seeds")
    void randomProfilesDoWhatAPlainLoopOverTheRulesDoes(long seed) {
        var random = new Random(seed);
        SeccompArchitecture[][] machines = {{X86_64}, {X86_64, X86}, {X86_64, X32, X86}, {AARCH64, SeccompArchitecture.ARM}, {S390X}, {PPC64LE}};
        SeccompArchitecture[] machine = machines[random.nextInt(machines.length)];
        String[] names = "read write open ioctl clone mmap personality openat statx futex ptrace prctl keyctl bpf clone3 mseal kill tkill pipe2 dup3"
                .split(" ");
        var rules = new ArrayList<SeccompRule>();
        for (int i = random.nextInt(60); i > 0; i--) {
            String name = names[random.nextInt(names.length)];
            var args = random.ints(0, 6).distinct().limit(random.nextInt(3)).mapToObj(index -> new SeccompArg(index,
                    EDGES[random.nextInt(EDGES.length)], Optional.of(EDGES[random.nextInt(EDGES.length)]),
                    Operator.values()[random.nextInt(7)])).toArray(SeccompArg[]::new);
            rules.add(errno(name.length() * 3 + name.charAt(0) % 3, name, args));
        }
        SeccompAction action = random.nextBoolean() ? SCMP_ACT_ALLOW : SCMP_ACT_KILL_PROCESS;
        var profile = on(Seccomp.builder(action).syscalls(rules).build(), machine);
        var program = SeccompCompiler.compile(profile, machine[0]);
        assertThat(SeccompCompiler.compile(profile, machine[0]).bytes()).isEqualTo(program.bytes());
        var bpf = new BpfMachine(program, machine[0].order());
        for (SeccompArchitecture architecture : machine) {
            for (String name : names) {
                var number = SyscallTable.of(architecture).number(name);
                for (int n = 0; number.isPresent() && n < 200; n++) {
                    var args = new long[6];
                    for (int a = 0; a < 6; a++) {
                        args[a] = random.nextInt(5) == 0 ? random.nextLong() : EDGES[random.nextInt(EDGES.length)];
                    }
                    int expected = linear(profile, action, architecture, number.getAsInt(), name, args);
                    assertThat(bpf.run(number.getAsInt(), architecture.audit(), args)).as("%s %s %s", architecture, name, profile)
                            .isEqualTo(expected);
                    assertThat(program.verdict(architecture, number.getAsInt()).result(args).value()).isEqualTo(expected);
                }
            }
        }
    }

    private static int linear(Seccomp profile, SeccompAction action, SeccompArchitecture architecture, int number, String name, long[] args) {
        int highest = 0;
        for (SeccompRule rule : profile.syscalls()) {
            highest = Math.max(highest, SyscallTable.of(architecture).number(rule.names().getFirst()).orElse(0));
            boolean applies = rule.names().getFirst().equals(name);
            for (SeccompArg condition : rule.args()) {
                applies &= holds(condition, args[condition.index()], architecture.bits());
            }
            if (applies) {
                return SeccompReturn.of(rule.action(), rule.errnoRet()).value();
            }
        }
        return action == SCMP_ACT_KILL_PROCESS && highest != 0 && number > highest ? ENOSYS : SeccompReturn.of(action, Optional.empty()).value();
    }

    /** With several actions for a call the verdict is the judge: it knows the order, but neither halves, ranges nor jumps. */
    @ParameterizedTest
    @MethodSource("seeds")
    void randomRulesOnOneCallRunAsTheirVerdictSays(long seed) {
        var random = new Random(seed);
        var rules = new ArrayList<SeccompRule>();
        int spread = 1 + random.nextInt(3);
        for (int i = random.nextInt(40); i >= 0; i--) {
            var args = random.ints(0, spread).distinct().limit(1 + random.nextInt(spread)).mapToObj(index -> new SeccompArg(index,
                    random.nextInt(12) + (random.nextInt(3) == 0 ? random.nextLong(3) << 32 : 0), Optional.of(random.nextLong(4)),
                    Operator.values()[random.nextInt(random.nextInt(2) + 6)])).toArray(SeccompArg[]::new);
            var rule = errno(1 + random.nextInt(5), "socket", args);
            try {
                var longer = new ArrayList<>(rules);
                longer.add(rule);
                SeccompCompiler.compile(allowing(longer.toArray(SeccompRule[]::new)), X86_64);
                rules.add(rule);
            } catch (Fault e) {
                assertThat(e.kind()).isEqualTo(Fault.Kind.CONFLICT);
            }
        }
        var program = SeccompCompiler.compile(allowing(rules.toArray(SeccompRule[]::new)), X86_64);
        var bpf = new BpfMachine(program, X86_64.order());
        var verdict = program.verdict(X86_64, SOCKET);
        for (int n = 0; n < 3000; n++) {
            var args = new long[6];
            for (int a = 0; a < 3; a++) {
                args[a] = random.nextInt(14) + (random.nextInt(3) == 0 ? random.nextLong(4) << 32 : 0);
            }
            assertThat(bpf.run(SOCKET, X86_64.audit(), args)).as("%s %s", verdict, Arrays.toString(args)).isEqualTo(verdict.result(args).value());
        }
    }
}
