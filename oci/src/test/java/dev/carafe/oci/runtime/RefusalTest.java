package dev.carafe.oci.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.carafe.base.Fault;
import dev.carafe.oci.Json;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{}|ociVersion: required, but missing (runtime-spec config.md)",
        "{'ociVersion': null}|ociVersion: required, but missing (runtime-spec config.md)",
        "{'ociVersion': 1}|ociVersion: expected a string, found a number (runtime-spec config.md)",
        "{V, 'process': []}|process: expected an object, found an array (runtime-spec config.md)",
        "{V, 'process': {}}|process.cwd: required, but missing (runtime-spec config.md#process)",
        "{V, 'process': {'cwd': 'tmp'}}|process.cwd: expected an absolute path, found \"tmp\" (runtime-spec config.md#process)",
        "{V, 'process': {'cwd': '/', 'args': 'sh'}}|process.args: expected an array, found a string (runtime-spec config.md#process)",
        "{V, 'process': {'cwd': '/', 'args': ['sh', null]}}|process.args[1]: expected a string, found null (runtime-spec config.md#process)",
        "{V, 'process': {'cwd': '/', 'terminal': 'yes'}}|process.terminal: expected a boolean, found a string (runtime-spec config.md#process)",
        "{V, 'process': {'cwd': '/', 'consoleSize': {'height': 1}}}|process.consoleSize.width: required, but missing (runtime-spec config.md#process)",
        "{V, 'process': {'cwd': '/', 'user': {'uid': -1}}}|process.user.uid: expected a number from 0 to 4294967295, found -1 (runtime-spec config.md#posix-platform-user)",
        "{V, 'process': {'cwd': '/', 'user': {'additionalGids': [4294967296]}}}|process.user.additionalGids[0]: expected a number from 0 to 4294967295, found 4294967296 (runtime-spec config.md#posix-platform-user)",
        "{V, 'process': {'cwd': '/', 'oomScoreAdj': 1.5}}|process.oomScoreAdj: expected a whole number, found 1.5 (runtime-spec config.md#linux-process)",
        "{V, 'process': {'cwd': '/', 'oomScoreAdj': 2147483648}}|process.oomScoreAdj: expected a number from -2147483648 to 2147483647, found 2147483648 (runtime-spec config.md#linux-process)",
        "{V, 'process': {'cwd': '/', 'capabilities': ['CAP_KILL']}}|process.capabilities: expected an object, found an array (runtime-spec config.md#linux-process)",
        "{V, 'process': {'cwd': '/', 'rlimits': [{'type': 'RLIMIT_CPU', 'soft': '1', 'hard': 1}]}}|process.rlimits[0].soft: expected a number, found a string (runtime-spec config.md#posix-process)",
        "{V, 'process': {'cwd': '/', 'rlimits': [{'type': 'RLIMIT_CPU', 'soft': 18446744073709551616, 'hard': 1}]}}|process.rlimits[0].soft: expected a number from 0 to 18446744073709551615, found 18446744073709551616 (runtime-spec config.md#posix-process)",
        "{V, 'process': {'cwd': '/', 'rlimits': [{'type': 'RLIMIT_CPU', 'soft': -1, 'hard': 1}]}}|process.rlimits[0].soft: expected a number from 0 to 18446744073709551615, found -1 (runtime-spec config.md#posix-process)",
        "{V, 'process': {'cwd': '/', 'rlimits': [{'type': 'RLIMIT_CPU', 'soft': 2048, 'hard': 1024}]}}|process.rlimits[0]: soft limit 2048 exceeds hard limit 1024 (runtime-spec config.md#posix-process)",
        "{V, 'process': {'cwd': '/', 'rlimits': [{'type': 'RLIMIT_CPU', 'soft': 1, 'hard': 1}, {'type': 'RLIMIT_CPU', 'soft': 1, 'hard': 1}]}}|process.rlimits[1]: RLIMIT_CPU is limited twice (runtime-spec config.md#posix-process)",
        "{V, 'process': {'cwd': '/', 'ioPriority': {'class': 'IOPRIO_CLASS_RT', 'priority': 8}}}|process.ioPriority.priority: expected a number from 0 to 7, found 8 (runtime-spec config.md#linux-process)",
        "{V, 'process': {'cwd': '/', 'ioPriority': {'class': 'RT'}}}|process.ioPriority.class: unknown value \"RT\", expected IOPRIO_CLASS_RT, IOPRIO_CLASS_BE or IOPRIO_CLASS_IDLE (runtime-spec config.md#linux-process)",
        "{V, 'root': {}}|root.path: required, but missing (runtime-spec config.md#root)",
        "{V, 'mounts': {}}|mounts: expected an array, found an object (runtime-spec config.md)",
        "{V, 'mounts': [{'destination': '/a'}, {'type': 'tmpfs'}]}|mounts[1].destination: required, but missing (runtime-spec config.md#mounts)",
        "{V, 'mounts': [{'destination': '/a', 'uidMappings': [{'containerID': 0, 'hostID': 0, 'size': 1}]}]}|mounts[0]: uidMappings and gidMappings must be given together (runtime-spec config.md#posix-platform-mounts)",
        "{V, 'mounts': [{'destination': '/a', 'uidMappings': [{'hostID': 0, 'size': 1}]}]}|mounts[0].uidMappings[0].containerID: required, but missing (runtime-spec config-linux.md#user-namespace-mappings)",
        "{V, 'hooks': {'poststop': [{'path': 'bin/x'}]}}|hooks.poststop[0].path: expected an absolute path, found \"bin/x\" (runtime-spec config.md#posix-platform-hooks)",
        "{V, 'hooks': {'poststop': [{'path': '/x', 'timeout': 0}]}}|hooks.poststop[0].timeout: expected more than 0 seconds, found 0 (runtime-spec config.md#posix-platform-hooks)",
        "{V, 'annotations': {'a.b': 1}}|annotations[\"a.b\"]: expected a string, found a number (runtime-spec config.md)",
        "{V, 'linux': {'namespaces': [{'type': 'net'}]}}|linux.namespaces[0].type: unknown value \"net\", expected pid, network, mount, ipc, uts, user, cgroup or time (runtime-spec config-linux.md#namespaces)",
        "{V, 'linux': {'namespaces': [{'type': 'pid'}, {'type': 'pid'}]}}|linux.namespaces[1]: the pid namespace is there twice (runtime-spec config-linux.md#namespaces)",
        "{V, 'linux': {'namespaces': [{'type': 'pid', 'path': 'x'}]}}|linux.namespaces[0].path: expected an absolute path, found \"x\" (runtime-spec config-linux.md#namespaces)",
        "{V, 'linux': {'devices': [{'path': '/dev/x', 'type': 'c', 'major': 1}]}}|linux.devices[0].minor: required, but missing (runtime-spec config-linux.md#devices)",
        "{V, 'linux': {'devices': [{'path': '/dev/x', 'type': 'x'}]}}|linux.devices[0].type: unknown value \"x\", expected c, b, u or p (runtime-spec config-linux.md#devices)",
        "{V, 'linux': {'resources': {'devices': [{'access': 'r'}]}}}|linux.resources.devices[0].allow: required, but missing (runtime-spec config-linux.md#allowed-device-list)",
        "{V, 'linux': {'resources': {'devices': [{'allow': true, 'access': 'rx'}]}}}|linux.resources.devices[0].access: expected letters of rwm, found \"rx\" (runtime-spec config-linux.md#allowed-device-list)",
        "{V, 'linux': {'resources': {'blockIO': {'weight': 65536}}}}|linux.resources.blockIO.weight: expected a number from 0 to 65535, found 65536 (runtime-spec config-linux.md#block-io)",
        "{V, 'linux': {'resources': {'rdma': {'m': {'hcaHandles': true}}}}}|linux.resources.rdma[\"m\"].hcaHandles: expected a number, found a boolean (runtime-spec config-linux.md#rdma)",
        "{V, 'linux': {'seccomp': {}}}|linux.seccomp.defaultAction: required, but missing (runtime-spec config-linux.md#seccomp)",
        "{V, 'linux': {'seccomp': {'defaultAction': 'SCMP_ACT_LOG', 'listenerMetadata': 'x'}}}|linux.seccomp.listenerMetadata: set without listenerPath (runtime-spec config-linux.md#seccomp)",
        "{V, 'linux': {'seccomp': {'defaultAction': 'SCMP_ACT_LOG', 'syscalls': [{'names': [], 'action': 'SCMP_ACT_LOG'}]}}}|linux.seccomp.syscalls[0].names: expected at least one name (runtime-spec config-linux.md#seccomp)",
        "{V, 'linux': {'seccomp': {'defaultAction': 'SCMP_ACT_LOG', 'syscalls': [{'names': ['a'], 'action': 'SCMP_ACT_LOG', 'args': [{'index': 6, 'value': 0, 'op': 'SCMP_CMP_EQ'}]}]}}}|linux.seccomp.syscalls[0].args[0].index: expected a number from 0 to 5, found 6 (runtime-spec config-linux.md#seccomp)",
        "{V, 'linux': {'intelRdt': {'memBwSchema': 'L3:0=f'}}}|linux.intelRdt.memBwSchema: expected a line that starts with MB: (runtime-spec config-linux.md#intelrdt)",
        "{V, 'linux': {'intelRdt': {'memBwSchema': 'MB:0=20\\nL3:0=f'}}}|linux.intelRdt.memBwSchema: expected one line (runtime-spec config-linux.md#intelrdt)",
        "{V, 'linux': {'intelRdt': {'schemata': ['a', 'b\\nc']}}}|linux.intelRdt.schemata[1]: expected one line (runtime-spec config-linux.md#intelrdt)",
        "{V, 'linux': {'memoryPolicy': {}}}|linux.memoryPolicy.mode: required, but missing (runtime-spec config-linux.md#memory-policy)",
        "{V, 'linux': {'personality': {'domain': 'BSD'}}}|linux.personality.domain: unknown value \"BSD\", expected LINUX or LINUX32 (runtime-spec config-linux.md#personality)",
        "{V, 'linux': {'timeOffsets': {'monotonic': 5}}}|linux.timeOffsets[\"monotonic\"]: expected an object, found a number (runtime-spec config-linux.md)",
    })
    void whatTheSpecForbidsIsRefusedWithFieldAndSection(String config, String message) {
        String text = config.replace("{V", "{'ociVersion': '1.2.0'").replace('\'', '"');
        Fault fault = catchThrowableOfType(Fault.class, () -> Spec.parse(text));
        assertThat(fault).isNotNull().hasMessage("config.json " + message);
        assertThat(fault.kind()).isEqualTo(Fault.Kind.INVALID);
    }

    /** Puts a value of another type into each place of the configuration that has every field, one after the other. */
    @Test
    void aWrongTypeAnywhereIsAFault() throws IOException {
        JsonObject config = Json.parseObject("config.json", SpecTest.resource("every-field.json"));
        assertThat(spoil(config, config)).isGreaterThan(250);
        assertThat(config).isEqualTo(Json.parse("config.json", SpecTest.resource("every-field.json")));
    }

    private static int spoil(JsonObject config, JsonElement at) {
        int places = 0;
        if (at instanceof JsonObject object) {
            for (String name : List.copyOf(object.keySet())) {
                JsonElement value = object.get(name);
                object.add(name, wrong(value));
                refused(config, name);
                object.add(name, value);
                places += 1 + spoil(config, value);
            }
        } else if (at instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                JsonElement value = array.get(i);
                array.set(i, wrong(value));
                refused(config, "[" + i + "]");
                array.set(i, JsonNull.INSTANCE);
                refused(config, "[" + i + "]");
                array.set(i, value);
                places += 1 + spoil(config, value);
            }
        }
        return places;
    }

    private static JsonElement wrong(JsonElement value) {
        boolean number = value instanceof JsonPrimitive p && p.isNumber();
        return number ? new JsonPrimitive("wrong") : new JsonPrimitive(4711);
    }

    private static void refused(JsonObject config, String place) {
        assertThatThrownBy(() -> Spec.parse(Json.compact(config))).isInstanceOf(Fault.class)
                .hasMessageContaining(place).hasMessageContaining(": expected ").hasMessageContaining("(runtime-spec config");
    }
}
