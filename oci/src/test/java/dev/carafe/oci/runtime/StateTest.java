package dev.carafe.oci.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import dev.carafe.oci.Fields;
import dev.carafe.oci.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StateTest {
    private static final State RUNNING = State.builder("1.2.0", "web", State.Status.RUNNING, "/run/bundle")
            .pid(4422)
            .annotations(Map.of("org.example.key", "value"))
            .build();

    @Test
    void aStatePrintsInTheOrderOfTheSpecAndReadsBack() {
        assertThat(Json.pretty(RUNNING.json(), "  ")).isEqualTo("""
                {
                  "ociVersion": "1.2.0",
                  "id": "web",
                  "status": "running",
                  "pid": 4422,
                  "bundle": "/run/bundle",
                  "annotations": {
                    "org.example.key": "value"
                  }
                }""");
        assertThat(State.parse(Json.compact(RUNNING.json()))).isEqualTo(RUNNING);
        assertThat(RUNNING.toBuilder().build()).isEqualTo(RUNNING);
    }

    @ParameterizedTest
    @EnumSource
    void everyStatusReadsBack(State.Status status) {
        State state = RUNNING.toBuilder().status(status).pid(Optional.empty()).build();
        assertThat(State.parse(Json.compact(state.json()))).isEqualTo(state);
    }

    @Test
    void anUnknownStatusIsRefused() {
        assertThatThrownBy(() -> State.parse("{\"ociVersion\":\"1.2.0\",\"id\":\"a\",\"status\":\"gone\",\"bundle\":\"/\"}"))
                .isInstanceOf(Fault.class)
                .hasMessage("state.json status: unknown value \"gone\", expected creating, created, running, stopped or paused"
                        + " (runtime-spec runtime.md#state)");
    }

    @Test
    void theStateForASeccompAgentReadsBack() {
        var agent = new ContainerProcessState("1.2.0", List.of(ContainerProcessState.SECCOMP_FD), 4422, Optional.of("foo"), RUNNING);
        assertThat(Json.compact(agent.json())).startsWith(
                "{\"ociVersion\":\"1.2.0\",\"fds\":[\"seccompFd\"],\"pid\":4422,\"metadata\":\"foo\",\"state\":{\"ociVersion\":\"1.2.0\"");
        assertThat(ContainerProcessState.parse(Fields.of("agent", agent.json()))).isEqualTo(agent);
    }
}
