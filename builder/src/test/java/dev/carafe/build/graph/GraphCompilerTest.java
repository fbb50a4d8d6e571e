package dev.carafe.build.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import dev.carafe.build.dockerfile.Dockerfile;
import dev.carafe.oci.ContainerConfig;
import dev.carafe.oci.ImageConfig;
import dev.carafe.oci.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GraphCompilerTest {
    private final List<String> asked = new ArrayList<>();

    private Graph graph(String text, Map<String, String> arguments, Optional<String> target) {
        var host = Platform.of("linux", "amd64");
        var options = new GraphOptions(arguments, target, Set.of("named"), host, host);
        return GraphCompiler.compile(Dockerfile.parse(text), options, (reference, platform) -> {
            asked.add(reference + " " + platform.orElse(""));
            if (reference.equals("none")) {
                throw Fault.notFound("find image", "\"none\"", "no such image");
            }
            return ImageConfig.builder("amd64", "linux").config(ContainerConfig.builder().env(List.of("FROM_BASE=1", "PATH=/base")).cmd(List.of("base"))
                    .onBuild(reference.equals("trigger") ? List.of("ENV T=$FROM_BASE", "RUN triggered") : List.of()).build()).build();
        });
    }

    private Graph graph(String text) {
        return graph(text, Map.of(), Optional.empty());
    }

    private static List<Operation> operations(StagePlan plan) {
        return plan.steps().stream().flatMap(step -> step.operation().stream()).toList();
    }

    private Operation.Exec run(String text, Map<String, String> arguments) {
        return (Operation.Exec) operations(graph(text, arguments, Optional.empty()).targetStage()).getLast();
    }

    private Operation.Copy copy(String line) {
        return (Operation.Copy) operations(graph("FROM a AS first\nFROM b\nWORKDIR /w\n" + line).targetStage()).getLast();
    }

    @Test
    void stagesThatTheTargetDoesNotNeedAreNotLookedAt() {
        Graph graph = graph("FROM none AS unused\nRUN ${broken\nFROM a AS one\nFROM b\nCOPY --from=one /x /\n");

        assertThat(graph.stages().keySet()).containsExactly(1, 2);
        assertThat(asked).containsExactly("b linux/amd64", "a linux/amd64");
        assertThat(graph.stages().get(2).needs()).containsExactly(1);
        assertThat(graph("FROM a AS one\nFROM none", Map.of(), Optional.of("ONE")).stages().keySet()).containsExactly(0);
        assertThatThrownBy(() -> graph("FROM a AS one", Map.of(), Optional.of("oen"))).hasMessageContaining("target stage \"oen\": could not be found (did you mean one?)");
    }

    @Test
    void argumentsHoldFromWhereTheyAreDeclaredAndOnlyInTheirStage() {
        assertThat(run("ARG G=global\nFROM a\nRUN x", Map.of()).environment()).containsExactly("FROM_BASE=1", "PATH=/base");
        assertThat(run("ARG G=global\nFROM a\nARG G\nRUN x", Map.of()).environment()).contains("G=global");
        assertThat(run("ARG G=global\nFROM a\nARG G=own\nRUN x", Map.of()).environment()).contains("G=own");
        assertThat(run("ARG G=global\nFROM a\nARG G=own\nRUN x", Map.of("G", "given")).environment()).contains("G=given");
        assertThat(run("FROM a\nARG X=arg\nENV X=env\nRUN x", Map.of("X", "given")).environment()).contains("X=env").doesNotContain("X=given");
        assertThat(run("FROM a AS one\nARG X=1\nFROM one\nRUN x", Map.of()).environment()).contains("X=1");
        assertThat(run("FROM a AS one\nARG X=1\nFROM a\nRUN x", Map.of()).environment()).doesNotContain("X=1");
        assertThat(run("FROM a\nARG TARGETARCH\nRUN x", Map.of()).environment()).contains("TARGETARCH=amd64");
        assertThat(run("FROM a\nRUN x", Map.of("HTTP_PROXY", "p")).hidden()).containsExactly("HTTP_PROXY=p");
        assertThat(graph("FROM a\nARG X", Map.of("X", "1", "Y", "2"), Optional.empty()).unused()).containsExactly("Y");
    }

    @Test
    void aBaseMayBeNamedByArguments() {
        graph("ARG V=3\nFROM --platform=$BUILDPLATFORM image:${V}-${W:-x}\n", Map.of("V", "4"), Optional.empty());

        assertThat(asked).containsExactly("image:4-x linux/amd64");
        assertThatThrownBy(() -> graph("FROM $NOTHING")).hasMessage("dockerfile parse error on line 1: base name ($NOTHING) should not be blank");
    }

    @Test
    void valuesOfOneInstructionSeeWhatWasSetBeforeIt() {
        StagePlan plan = graph("FROM a\nENV abc=hello\nENV abc=bye def=$abc\nENV ghi=$abc").targetStage();

        assertThat(plan.image().config().env()).contains("abc=bye", "def=hello", "ghi=bye");
    }

    @Test
    void anEntryPointForgetsTheCommandOfTheBaseAndKeepsItsOwn() {
        assertThat(graph("FROM a\nENTRYPOINT [\"e\"]").targetStage().image().config().cmd()).isEmpty();
        assertThat(graph("FROM a\nCMD [\"c\"]\nENTRYPOINT [\"e\"]").targetStage().image().config().cmd()).containsExactly("c");
        assertThat(graph("FROM a\nSHELL [\"ash\", \"-ec\"]\nCMD run me").targetStage().image().config().cmd()).containsExactly("ash", "-ec", "run me");
    }

    @Test
    void triggersOfTheBaseComeFirstAndAreNotHandedOn() {
        StagePlan plan = graph("FROM trigger\nRUN own").targetStage();

        assertThat(operations(plan)).extracting(operation -> ((Operation.Exec) operation).arguments().getLast()).containsExactly("triggered", "own");
        assertThat(plan.image().config().env()).contains("T=1");
        assertThat(plan.image().config().onBuild()).isEmpty();
    }

    @Test
    void pathsOfCopyAreMadeAbsolute() {
        assertThat(copy("COPY f g").destination()).isEqualTo("/w/g");
        assertThat(copy("COPY f .").destination()).isEqualTo("/w/");
        assertThat(copy("COPY f ../d/").destination()).isEqualTo("/d/");
        assertThat(copy("COPY f /").destination()).isEqualTo("/");
        assertThat(copy("COPY --from=first f /x").origin()).isEqualTo(new Origin.Stage(0));
        assertThat(copy("COPY --from=0 f /x").origin()).isEqualTo(new Origin.Stage(0));
        assertThat(copy("COPY --from=named f /x").origin()).isEqualTo(new Origin.Context("named"));
        assertThat(copy("COPY --from=other:1 f /x").origin()).isEqualTo(new Origin.Image("other:1", Optional.of("linux/amd64")));
        assertThatThrownBy(() -> copy("COPY a b c")).hasMessageContaining("on line 4: When using COPY with more than one source file, the destination must be a directory and end with a /");
        assertThatThrownBy(() -> copy("COPY --from=$x a b")).hasMessageContaining("'--from' doesn't support variable expansion, define alias stage instead");
    }

    @Test
    void workingDirectoriesBuildUponEachOther() {
        StagePlan plan = graph("FROM a\nWORKDIR /a\nWORKDIR b/../c\nWORKDIR /").targetStage();

        assertThat(operations(plan)).containsExactly(new Operation.MakeDirectory("/a", ""), new Operation.MakeDirectory("/a/c", ""));
        assertThat(plan.image().config().workingDir()).contains("/");
    }

    @Test
    void portsHaveProtocolsAndRanges() {
        assertThat(graph("FROM a\nEXPOSE 80 81/UDP 90-92").targetStage().image().config().exposedPorts()).containsExactly("80/tcp", "81/udp", "90/tcp", "91/tcp", "92/tcp");
        assertThatThrownBy(() -> graph("FROM a\nEXPOSE 70000")).hasMessage("dockerfile parse error on line 2: invalid containerPort: 70000");
        assertThatThrownBy(() -> graph("FROM a\nEXPOSE 80/xyz")).hasMessageContaining("invalid proto: xyz");
    }
}
