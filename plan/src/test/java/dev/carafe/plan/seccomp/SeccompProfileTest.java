package dev.carafe.plan.seccomp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import dev.carafe.base.KernelVersion;
import dev.carafe.oci.Fields;
import dev.carafe.oci.Json;
import dev.carafe.oci.runtime.Seccomp;
import dev.carafe.oci.runtime.Seccomp.Arch;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeccompProfileTest {
    private static final KernelVersion NEW = new KernelVersion(6, 18);

    private static SeccompProfile parse(String text) {
        return SeccompProfile.parse("p.json", text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> names(Seccomp seccomp) {
        return seccomp.syscalls().stream().flatMap(rule -> rule.names().stream()).toList();
    }

    @Test
    void aPlainDocumentOfTheRuntimeSpecResolvesToItself() {
        String text = """
                {"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38, "architectures": ["SCMP_ARCH_X86"],
                 "flags": ["SECCOMP_FILTER_FLAG_LOG"], "listenerPath": "/run/agent", "listenerMetadata": "m",
                 "syscalls": [{"names": ["read", "write"], "action": "SCMP_ACT_ALLOW",
                               "args": [{"index": 1, "value": 18446744073709551615, "valueTwo": 3, "op": "SCMP_CMP_MASKED_EQ"}]}]}""";
        assertThat(parse(text).resolve(Set.of(), SeccompArchitecture.X86_64, NEW))
                .isEqualTo(Seccomp.parse(Fields.of("p.json", Json.parseObject("p.json", text))));
    }

    @Test
    void includesMustAllHoldAndExcludesMustNotHoldAtAll() {
        var profile = parse("""
                {'defaultAction': 'SCMP_ACT_ERRNO', 'syscalls': [
                 {'names': ['a'], 'action': 'SCMP_ACT_ALLOW', 'includes': {'caps': ['CAP_BPF', 'CAP_PERFMON']}, 'comment': 'why'},
                 {'names': ['b'], 'action': 'SCMP_ACT_ALLOW', 'excludes': {'caps': ['CAP_BPF', 'CAP_PERFMON']}},
                 {'names': ['c'], 'action': 'SCMP_ACT_ALLOW', 'includes': {'arches': ['amd64', 's390x']}},
                 {'names': ['d'], 'action': 'SCMP_ACT_ALLOW', 'excludes': {'arches': ['amd64']}},
                 {'names': ['e'], 'action': 'SCMP_ACT_ALLOW', 'includes': {'minKernel': '4.8'}},
                 {'names': ['f'], 'action': 'SCMP_ACT_ALLOW', 'excludes': {'minKernel': '4.8'}},
                 {'name': 'g', 'action': 'SCMP_ACT_ALLOW', 'args': null, 'includes': {}, 'excludes': null}]}""");
        assertThat(profile.rules().getFirst().comment()).isEqualTo("why");
        assertThat(names(profile.resolve(Set.of(), SeccompArchitecture.X86_64, NEW))).containsExactly("b", "c", "e", "g");
        assertThat(names(profile.resolve(Set.of("CAP_BPF"), SeccompArchitecture.AARCH64, new KernelVersion(4, 7))))
                .containsExactly("d", "f", "g");
        assertThat(names(profile.resolve(Set.of("CAP_BPF", "CAP_PERFMON"), SeccompArchitecture.S390X, new KernelVersion(4, 8))))
                .containsExactly("a", "c", "d", "e", "g");
    }

    @Test
    void theMachineChoosesItsFamilyOfArchitectures() {
        var profile = parse("""
                {'defaultAction': 'SCMP_ACT_ERRNO', 'archMap': [
                 {'architecture': 'SCMP_ARCH_X86_64', 'subArchitectures': ['SCMP_ARCH_X86', 'SCMP_ARCH_X32']},
                 {'architecture': 'SCMP_ARCH_RISCV64', 'subArchitectures': null}], 'syscalls': []}""");
        assertThat(profile.resolve(Set.of(), SeccompArchitecture.X86_64, NEW).architectures())
                .containsExactly(Arch.SCMP_ARCH_X86_64, Arch.SCMP_ARCH_X86, Arch.SCMP_ARCH_X32);
        assertThat(profile.resolve(Set.of(), SeccompArchitecture.RISCV64, NEW).architectures()).containsExactly(Arch.SCMP_ARCH_RISCV64);
        assertThat(profile.resolve(Set.of(), SeccompArchitecture.PPC64LE, NEW).architectures()).isEmpty();
    }

    @Test
    void podmansErrorNamesWinOverNumbers() {
        var seccomp = parse("""
                {'defaultAction': 'SCMP_ACT_ERRNO', 'defaultErrnoRet': 1, 'defaultErrno': 'ENOSYS', 'syscalls': [
                 {'names': ['a'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 1, 'errno': 'EACCES'},
                 {'names': ['b'], 'action': 'SCMP_ACT_ALLOW', 'errno': ''}]}""").resolve(Set.of(), SeccompArchitecture.X86_64, NEW);
        assertThat(seccomp.defaultErrnoRet()).hasValue(38);
        assertThat(seccomp.syscalls().get(0).errnoRet()).hasValue(13);
        assertThat(seccomp.syscalls().get(1).errnoRet()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', value = {
        "{} | p.json defaultAction: required, but missing; a container without a profile is \"unconfined\"",
        "{'defaultAction':'ALLOW'} | p.json defaultAction: unknown value \"ALLOW\"",
        "{'defaultAction':'SCMP_ACT_KILL','syscalls':[{'action':'SCMP_ACT_ALLOW'}]} | p.json syscalls[0].names: expected at least one name",
        "{'defaultAction':'SCMP_ACT_KILL','syscalls':[{'name':'a','names':['b'],'action':'SCMP_ACT_ALLOW'}]} | p.json syscalls[0].name: stands beside names",
        "{'defaultAction':'SCMP_ACT_KILL','syscalls':[{'names':['a'],'action':'SCMP_ACT_ALLOW','includes':{'minKernel':'4.8.1'}}]} | p.json syscalls[0].includes.minKernel: expected two numbers",
        "{'defaultAction':'SCMP_ACT_KILL','syscalls':[{'names':['a'],'action':'SCMP_ACT_ALLOW','includes':{'minKernel':'x'}}]} | p.json syscalls[0].includes.minKernel: expected two numbers",
        "{'defaultAction':'SCMP_ACT_ERRNO','defaultErrno':'EWHAT'} | p.json defaultErrno: unknown error name \"EWHAT\"",
        "{'defaultAction':'SCMP_ACT_KILL','architectures':['SCMP_ARCH_X86'],'archMap':[{'architecture':'SCMP_ARCH_X86'}]} | p.json archMap: stands beside architectures",
        "{'defaultAction':'SCMP_ACT_KILL','syscalls':[{'names':['a'],'action':'SCMP_ACT_ALLOW','args':[{'index':6,'value':0,'op':'SCMP_CMP_EQ'}]}]} | p.json syscalls[0].args[0].index: expected a number from 0 to 5"})
    void whatDoesNotFitIsAFaultThatNamesItsPlace(String text, String message) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(Fault.class).hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @CsvSource({"6.18.44-fc-v595, 6.18", "4.8, 4.8", "5.15+, 5.15", "3.10.0-1160.el7.x86_64, 3.10"})
    void aKernelVersionIsTheFirstTwoNumbersOfARelease(String release, String version) {
        assertThat(KernelVersion.parse(release)).hasToString(version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "6", "6.", ".18", "six.1", "v6.1", "99999999999.1", "1.99999999999"})
    void otherTextIsNoKernelVersion(String release) {
        assertThatThrownBy(() -> KernelVersion.parse(release)).isInstanceOf(Fault.class);
    }

    @Test
    void kernelVersionsCompareAsNumbers() {
        assertThat(new KernelVersion(4, 10)).isGreaterThan(new KernelVersion(4, 9)).isLessThan(new KernelVersion(5, 0));
    }
}
