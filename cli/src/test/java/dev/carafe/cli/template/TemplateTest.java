package dev.carafe.cli.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import dev.carafe.base.Fault;
import dev.carafe.cli.template.Value.Row;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TemplateTest {
    /** {@code cases.txt}: a template, then, indented, what it gives over {@code data.json}; an exclamation mark opens a fault. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void aTemplateGivesWhatGoGives(String template, String expected) throws IOException {
        var data = Value.of(JsonParser.parseString(resource("data.json")));
        String got;
        try {
            got = Template.parse(template).apply(data).replace("\\", "\\\\").replace("\n", "\\n");
        } catch (Fault fault) {
            got = fault.getMessage().replace("template parsing error: ", "! ").replace("\\", "\\\\");
        }
        assertThat(got).isEqualTo(expected);
    }

    static List<Arguments> cases() throws IOException {
        var cases = new ArrayList<Arguments>();
        String[] lines = resource("cases.txt").split("\n", -1);
        for (int i = 0; i + 1 < lines.length; i += 2) {
            cases.add(Arguments.of(lines[i], lines[i + 1].substring(4)));
        }
        assertThat(cases).hasSizeGreaterThan(400);
        return cases;
    }

    @Test
    void faultsCountLinesAndColumnsInBytes() {
        assertThatThrownBy(() -> Template.parse("a\n{{.x}}\n  é{{index .l 1}}").apply(json("{\"l\":[]}")))
                .isInstanceOf(Fault.class)
                .hasMessage("template parsing error: template: :3:6: executing \"\" at <index .l 1>: error calling index: index out of range: 1");
        assertThatThrownBy(() -> Template.parse("a\n{{\n.x | }}\n{{foo}}"))
                .hasMessage("template parsing error: template: :4: function \"foo\" not defined");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "{{define \"a\"}}[{{.}}]{{end}}{{template \"a\" 1}}{{template \"a\" 2}};[1][2]",
        "{{template \"a\"}}{{define \"a\"}}x{{.}}{{end}};x<no value>",
        "{{define \"a\"}}{{template \"b\" .}}{{end}}{{define \"b\"}}<{{.}}>{{end}}{{template \"a\" 7}};<7>",
        "{{$x := 1}}{{define \"a\"}}{{$}}{{end}}{{template \"a\" $x}};1",
        "{{block \"a\" 3}}{{.}}{{end}}{{template \"a\" 4}};34",
    })
    void templatesMayBeNamedAndCalled(String template, String expected) {
        assertThat(Template.parse(template).apply(Value.NOTHING)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "{{define \"a\"}}{{$x}}{{end}};undefined variable \"$x\"",
        "{{$x := 1}}{{define \"a\"}}{{$x}}{{end}};undefined variable \"$x\"",
        "{{define \"a\"}}1{{end}}{{define \"a\"}}2{{end}};multiple definition of template \"a\"",
        "{{define \"a\"}}1{{else}};unexpected {{else}} in define clause",
        "{{if true}}{{define \"a\"}}{{end}}{{end}};unexpected <define> in command",
        "{{define a}}{{end}};unexpected \"a\" in define clause",
        "{{define \"a\" 1}}{{end}};unexpected \"1\" in define clause",
        "{{.foo;unclosed action",
    })
    void definitionsAreStrict(String template, String reason) {
        assertThatThrownBy(() -> Template.parse(template)).hasMessage("template parsing error: template: :1: " + reason);
    }

    @Test
    void nothingExhaustsTheStack() {
        String endless = "{{define \"a\"}}{{template \"a\"}}{{end}}{{template \"a\"}}";
        assertThatThrownBy(() -> Template.parse(endless).apply(Value.NOTHING)).hasMessageContaining("exceeded maximum template depth");
        assertThatThrownBy(() -> Template.parse("{{" + "(".repeat(100_000))).isInstanceOf(Fault.class);
        assertThatThrownBy(() -> Template.parse("{{if 1}}".repeat(100_000))).isInstanceOf(Fault.class);
        assertThatThrownBy(() -> Template.parse("{{define \"a\"}}".repeat(100_000))).isInstanceOf(Fault.class);
        assertThatThrownBy(() -> Template.parse("{{if 1}}x{{else if 1}}" + "{{else if 1}}".repeat(100_000))).isInstanceOf(Fault.class);
        assertThatThrownBy(() -> Template.parse("{{range 99999999999}}{{end}}").apply(Value.NOTHING)).isInstanceOf(Fault.class);
        assertThat(Template.parse("{{/* c */}}".repeat(100_000)).apply(Value.NOTHING)).isEmpty();
    }

    @Test
    void aMappingOfTextsHasTheEmptyTextUnderMissingKeys() {
        assertThat(Template.parse("{{index . \"no\"}}|{{.no}}").apply(json("{\"a\":\"b\"}"))).isEqualTo("|<no value>");
    }

    @Test
    void anObjectPrintsInTheOrderOfItsKeysAndKeepsItsOwnOrderInJson() {
        var data = json("{\"z\":1,\"a\":[true,null,1.5]}");
        assertThat(Template.parse("{{.}} {{json .}} {{range $k, $v := .}}{{$k}}{{end}}").apply(data))
                .isEqualTo("map[a:[true <nil> 1.5] z:1] {\"z\":1,\"a\":[true,null,1.5]} az");
    }

    @Test
    void numbersOfJsonAreWholeWhereTheyCanBe() {
        assertThat(Template.parse("{{.a}} {{.b}} {{.c}} {{.d}}").apply(json("{\"a\":1,\"b\":9223372036854775807,\"c\":9223372036854775808,\"d\":2.0}")))
                .isEqualTo("1 9223372036854775807 9.223372036854776e+18 2");
    }

    /** A row with two columns and one method. */
    private record Box(String id, String size) implements Row {
        @Override
        public String typeName() {
            return "*box";
        }

        @Override
        public List<String> columns() {
            return List.of("ID", "Size");
        }

        @Override
        public Optional<Value> column(String name) {
            return switch (name) {
                case "ID" -> Optional.of(Value.of(id));
                case "Size" -> Optional.of(Value.of(size));
                default -> Optional.empty();
            };
        }

        @Override
        public Optional<Value> ask(String method, String argument) {
            return method.equals("Label") ? Optional.of(Value.of("<" + argument + ">")) : Optional.empty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', value = {
        "{{.ID}} {{.Size | lower}}#b1 5kb",
        "{{.Label \"x\"}} {{\"y\" | .Label}} {{.Label .ID}}#<x> <y> <b1>",
        "{{json .}}#{\"ID\":\"b1\",\"Size\":\"5KB\"}",
        "{{.}}#{b1 5KB}",
        "{{with .}}{{$.ID}}{{end}}#b1",
        "{{.Nope}}#! template: :1:2: executing \"\" at <.Nope>: can't evaluate field Nope in type *box",
        "{{.Nope 1}}#! template: :1:2: executing \"\" at <.Nope>: can't evaluate field Nope in type *box",
        "{{.ID.x}}#! template: :1:5: executing \"\" at <.ID.x>: can't evaluate field x in type string",
        "{{.Label}}#! template: :1:2: executing \"\" at <.Label>: wrong number of args for Label: want 1 got 0",
        "{{.ID \"x\"}}#! template: :1:2: executing \"\" at <.ID>: wrong number of args for ID: want 0 got 1",
        "{{.Label 5}}#! template: :1:9: executing \"\" at <5>: expected string; found 5",
    })
    void aRowHasColumnsAndMethods(String template, String expected) {
        String got;
        try {
            got = Template.parse(template).apply(new Box("b1", "5KB"));
        } catch (Fault fault) {
            got = fault.getMessage().replace("template parsing error: ", "! ");
        }
        assertThat(got).isEqualTo(expected);
    }

    @Test
    void headingsAreNotChangedByFunctionsExceptPadding() {
        var headings = json("{\"ID\":\"CONTAINER ID\",\"Names\":\"NAMES\"}");
        assertThat(Template.parse("{{upper .ID | json}}{{pad .Names 2 1}}{{truncate .ID 3}}{{join (split .Names \",\") \"/\"}}")
                .applyToHeadings(headings)).isEqualTo("CONTAINER ID  NAMES CONTAINER IDNAMES");
    }

    private static Value json(String text) {
        return Value.of(JsonParser.parseString(text));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = TemplateTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
