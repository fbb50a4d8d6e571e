package dev.carafe.build.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import dev.carafe.build.dockerfile.Instruction.Copy;
import dev.carafe.build.dockerfile.Instruction.Health;
import dev.carafe.build.dockerfile.Instruction.OnBuild;
import dev.carafe.build.dockerfile.Instruction.Run;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerfileTest {
    private static Instruction only(String text) {
        return Dockerfile.parse("FROM scratch\n" + text).stages().getFirst().instructions().getFirst();
    }

    @Test
    void stagesHaveNamesAndNumbersAndDeclarationsBeforeThemAreGlobal() {
        Dockerfile file = Dockerfile.parse("ARG V=1 W\nFROM --platform=linux/amd64 a:$V AS Base\nRUN x\nFROM base\nFROM c\n");

        assertThat(file.global()).singleElement().satisfies(arg -> assertThat(arg.names()).extracting(Instruction.Declared::name).containsExactly("V", "W"));
        assertThat(file.stages()).extracting(Dockerfile.Stage::name).containsExactly("base", "1", "2");
        assertThat(file.stages().getFirst().from().platform()).contains("linux/amd64");
        assertThat(file.stage("BASE")).map(Dockerfile.Stage::index).contains(0);
        assertThat(file.stage("2")).map(Dockerfile.Stage::index).contains(2);
        assertThat(file.stage("3")).isEmpty();
        assertThat(file.stageBefore("2", 2)).isEmpty();
    }

    @Test
    void directivesEndAtTheFirstLineThatIsNone() {
        assertThat(Dockerfile.parse("# syntax=docker/dockerfile:1\n# escape=`\n# check=skip=all\nFROM a").directives().escape()).isEqualTo('`');
        assertThat(Dockerfile.parse("# words\n# escape=`\nFROM a").directives().escape()).isEqualTo('\\');
        assertThat(Dockerfile.parse("\n# escape=`\nFROM a").directives().escape()).isEqualTo('\\');
        assertThatThrownBy(() -> Dockerfile.parse("# escape=x\nFROM a")).hasMessage("dockerfile parse error on line 1: invalid escape token 'x' does not match ` or \\");
        assertThatThrownBy(() -> Dockerfile.parse("# escape=`\n# escape=`\nFROM a")).hasMessageContaining("only one escape parser directive can be used");
    }

    @Test
    void aByteOrderMarkAndCarriageReturnsAreNoPartOfAnything() {
        Dockerfile file = Dockerfile.parse("\uFEFFFROM a\r\nRUN b \\\r\n  c\r\n");

        assertThat(((Run) file.stages().getFirst().instructions().getFirst()).command().words()).containsExactly("b   c");
    }

    @Test
    void hereDocumentsBelongToTheirInstruction() {
        Run run = (Run) only("RUN <<EOF\necho a\n  echo b\nEOF");

        assertThat(run.line().heredocs()).containsExactly(new Heredoc("EOF", "echo a\n  echo b\n", true, false, 0));
        assertThat(run.line().start()).isEqualTo(2);
        assertThat(run.line().end()).isEqualTo(5);
    }

    @Test
    void hereDocumentsMayBeSeveralQuotedAndChomped() {
        Copy copy = (Copy) only("COPY <<a <<-'b' /dir/\nA\na\n\t\tB\n\tb\n");

        assertThat(copy.sources()).containsExactly("<<a", "<<-'b'");
        assertThat(copy.line().heredocs()).containsExactly(new Heredoc("a", "A\n", true, false, 0), new Heredoc("b", "\t\tB\n", false, true, 0));
        assertThat(copy.line().heredocs().get(1).text()).isEqualTo("B\n");
        assertThatThrownBy(() -> only("RUN <<EOF\necho")).hasMessage("dockerfile parse error on line 2: unterminated heredoc");
    }

    @Test
    void aTriggerKeepsItsWordsAndItsHereDocument() {
        OnBuild trigger = (OnBuild) only("ONBUILD RUN <<EOF\necho a\nEOF");

        assertThat(trigger.trigger()).isEqualTo("RUN <<EOF\necho a\nEOF");
        assertThat(Dockerfile.instruction(trigger.trigger())).isInstanceOf(Run.class);
    }

    @Test
    void aHealthcheckHasItsTimes() {
        var check = ((Health) only("HEALTHCHECK --interval=5s --timeout=1m --retries=0 --start-period=0s CMD [\"a\", \"b\"]")).check();

        assertThat(check.test()).containsExactly("CMD", "a", "b");
        assertThat(check.interval()).contains(Duration.ofSeconds(5));
        assertThat(check.timeout()).contains(Duration.ofMinutes(1));
        assertThat(check.startPeriod()).isEmpty();
        assertThat(((Health) only("HEALTHCHECK none")).check().test()).containsExactly("NONE");
        assertThat(((Health) only("HEALTHCHECK CMD a b")).check().test()).containsExactly("CMD-SHELL", "a b");
    }

    @Test
    void flagsOfCopyAreUnderstood() {
        Copy copy = (Copy) only("COPY --from=x --chown=1:2 --chmod=u+x --link --parents --exclude=*.o --exclude=a/** a b /c/");

        assertThat(copy.options().from()).contains("x");
        assertThat(copy.options().chown()).contains("1:2");
        assertThat(copy.options().chmod()).contains("u+x");
        assertThat(copy.options().link()).isTrue();
        assertThat(copy.options().parents()).isTrue();
        assertThat(copy.options().exclude()).containsExactly("*.o", "a/**");
        assertThat(copy.sources()).isEqualTo(List.of("a", "b"));
    }

    @Test
    void mountsOfRunAreUnderstood() {
        assertThat(RunMount.parse("type=cache,target=/c,sharing=locked,uid=5", 1))
                .isEqualTo(new RunMount.Cache("/c", "/c", false, RunMount.Sharing.LOCKED, java.util.Optional.empty(), "/", 0755, 5, 0));
        assertThat(RunMount.parse("target=/x,from=base,src=/y,rw", 1)).isEqualTo(new RunMount.Bind(java.util.Optional.of("base"), "/y", "/x", true));
        assertThat(RunMount.parse("type=tmpfs,dst=/t,size=1m", 1)).isEqualTo(new RunMount.Tmpfs("/t", java.util.Optional.of(1L << 20)));
        assertThat(RunMount.parse("type=secret,id=k", 1)).extracting(m -> ((RunMount.Secret) m).target().orElseThrow()).isEqualTo("/run/secrets/k");
        assertThat(RunMount.parse("type=secret,id=k,env=K", 1)).extracting(m -> ((RunMount.Secret) m).target().isEmpty()).isEqualTo(true);
        assertThatThrownBy(() -> RunMount.parse("type=bnid,target=/x", 3)).hasMessageContaining("on line 3: unsupported mount type \"bnid\" (did you mean bind?)");
        assertThatThrownBy(() -> RunMount.parse("type=cache,tragte=/x", 3)).hasMessageContaining("unexpected key 'tragte'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "RNU x|unknown instruction: RNU (did you mean RUN?)", "WOKRDIR /|unknown instruction: WOKRDIR (did you mean WORKDIR?)", "FROM a b|FROM requires either one or three arguments",
            "FROM a AS 1x|invalid name for build stage: \"1x\", name can't start with a number or contain symbols", "COPY a|COPY requires at least two arguments, but only one was provided. Destination could not be determined",
            "COPY --form=x a b|unknown flag: --form (did you mean --from?)", "COPY --from a b|missing a value on flag: --from", "COPY --from=a --from=b c d|duplicate flag specified: --from",
            "COPY --link=maybe a b|expecting boolean value for flag --link, not: maybe", "ENV X|ENV must have two arguments", "ENV =x|ENV names can not be blank",
            "ENV a=b c|Syntax error - can't find = in \"c\". Must be of the form: name=value", "ARG =1|ARG names can not be blank", "WORKDIR|WORKDIR requires exactly one argument", "SHELL sh|SHELL requires the arguments to be in JSON form",
            "HEALTHCHECK FOO x|Unknown type \"FOO\" in HEALTHCHECK (try CMD)", "HEALTHCHECK NONE x|HEALTHCHECK NONE takes no arguments", "HEALTHCHECK --interval=1us CMD x|Interval \"interval\" cannot be less than 1ms",
            "ONBUILD ONBUILD RUN x|Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed", "ONBUILD FROM x|FROM isn't allowed as an ONBUILD trigger", "VOLUME [\"\"]|VOLUME specified can not be an empty string",
            "RUN --network=bridge x|unsupported network mode \"bridge\"", "USER --x y|unknown flag: --x", "CMD [1]|when using JSON array syntax, arrays must be comprised of strings only", "EXPOSE|EXPOSE requires at least one argument"
    })
    void whatTheReferenceDoesNotKnowIsRefusedWithItsLine(String line, String reason) {
        assertThatThrownBy(() -> Dockerfile.parse("FROM a\n\n" + line)).isInstanceOf(Fault.class).hasMessage("dockerfile parse error on line 3: " + reason);
    }

    @Test
    void nothingButDeclarationsComesBeforeTheFirstStage() {
        assertThatThrownBy(() -> Dockerfile.parse("RUN x\nFROM a")).hasMessage("dockerfile parse error on line 1: no build stage in current context");
        assertThatThrownBy(() -> Dockerfile.parse("# only words\n")).hasMessageContaining("file with no instructions");
    }

    /** Whatever stands in a file, there is an answer or a fault, and no other end. */
    @Test
    void noTextMakesTheParserFailOtherwiseThanByAFault() {
        var random = new Random(7);
        String[] parts = {"FROM a", "RUN ", "COPY ", "ENV ", "\\\n", "\n", "<<EOF", "EOF\n", "\"", "'", "$", "${", "}", "[", "]", "--", "=", " ", "#", "# escape=`\n", "`", ",", "\\", "ONBUILD ", "HEALTHCHECK ", "\t", "\u0000", "é", "😀"};
        for (int turn = 0; turn < 20_000; turn++) {
            var text = new StringBuilder(turn % 2 == 0 ? "FROM a\n" : "");
            for (int k = random.nextInt(14); k >= 0; k--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            try {
                for (Dockerfile.Stage stage : Dockerfile.parse(text.toString()).stages()) {
                    for (Instruction instruction : stage.instructions()) {
                        Expansion.of('\\').words(instruction.line().original(), Variables.NONE);
                    }
                }
            } catch (Fault fault) {
                assertThat(fault.kind()).isEqualTo(Fault.Kind.INVALID);
            }
        }
    }
}
