package dev.carafe.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.carafe.base.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "{}", "[]", "\"\"", "0", "-1", "true", "null", "{\"a\":[1,{\"b\":null}],\"c\":\"d\"}", "9223372036854775807", "-9223372036854775808",
        "18446744073709551615", "100000000000000000000", "1.5", "0.10", "[1.0]", "\"<a href='x'>&=é\"", "\"\\\"\\\\\\n\\t\\u0001\"", "\"🏺\"",
    })
    void textPrintsAsItWasRead(String text) {
        assertThat(Json.compact(Json.parse("x", text))).isEqualTo(text);
        assertThat(Json.compact(Json.parse("x", text.getBytes(UTF_8)))).isEqualTo(text);
    }

    @Test
    void keysKeepTheirOrder() {
        assertThat(Json.compact(Json.parse("x", " { \"z\" : 1 , \"a\" : 2 } \n"))).isEqualTo("{\"z\":1,\"a\":2}");
    }

    @Test
    void prettyPrintTakesAnyIndent() {
        JsonElement tree = Json.parse("x", "{\"a\":[1,2],\"b\":{},\"c\":[]}");
        assertThat(Json.pretty(tree, "    ")).isEqualTo("{\n    \"a\": [\n        1,\n        2\n    ],\n    \"b\": {},\n    \"c\": []\n}");
        assertThat(Json.pretty(tree, "\t")).isEqualTo("{\n\t\"a\": [\n\t\t1,\n\t\t2\n\t],\n\t\"b\": {},\n\t\"c\": []\n}");
    }

    /** Gson prints for most of the programs that read our documents. */
    @Test
    void everyCharacterIsPrintedAsGsonPrintsIt() {
        var gson = new GsonBuilder().disableHtmlEscaping().create();
        for (char c = 0; c < Character.MAX_VALUE; c++) {
            var text = new JsonPrimitive("a" + c + "b" + c);
            // Half a pair of surrogates has no place in UTF-8, so it is escaped.
            assertThat(Json.compact(text)).isEqualTo(Character.isSurrogate(c) ? String.format("\"a\\u%1$04xb\\u%1$04x\"", (int) c) : gson.toJson(text));
        }
    }

    @Test
    void numbersCompareByValueHoweverTheyWereMade() {
        var made = new JsonObject();
        made.addProperty("a", 1);
        assertThat(Json.parse("x", "{\"a\":1}")).isEqualTo(made);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "``|x: empty, expected JSON",
        "` `|x: empty, expected JSON",
        "{|x: ends before its JSON does",
        "\"abc|x line 1 column 5: malformed JSON",
        "{\"a\":1}}|x line 1 column 9: malformed JSON",
        "{\"a\":1} {}|x line 1 column 10: malformed JSON",
        "{\"a\":1,\"a\":1}|x line 1 column 11: the key \"a\" occurs twice",
        "{\"b\":{\"a\":1,\"\\u0061\":2}}|x line 1 column 21: the key \"a\" occurs twice",
        "{a:1}|x line 1 column 3: malformed JSON",
        "{'a':1}|x line 1 column 3: malformed JSON",
        "[1,]|x line 1 column 5: malformed JSON",
        "[1;2]|x line 1 column 2: malformed JSON",
        "NaN|x line 1 column 1: malformed JSON",
        "[01]|x line 1 column 2: malformed JSON",
        "TRUE|x line 1 column 1: malformed JSON",
        "// c|x line 1 column 2: malformed JSON",
        "1e99999999999|x line 1 column 14: the number 1e99999999999 is out of range",
    })
    void whatIsNotOneJsonDocumentIsRefused(String text, String message) {
        assertThatThrownBy(() -> Json.parse("x", text)).isInstanceOf(Fault.class).hasMessage(message);
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        assertThatThrownBy(() -> Json.parse("x", new byte[] {'"', (byte) 0xC3, '"'})).isInstanceOf(Fault.class).hasMessage("x: not UTF-8");
    }

    @Test
    void aByteOrderMarkIsRefused() {
        assertThatThrownBy(() -> Json.parse("x", "\uFEFF{}")).isInstanceOf(Fault.class)
                .hasMessage("x line 1 column 1: starts with a byte order mark");
    }

    @Test
    void controlCharactersInStringsAreRefused() {
        assertThatThrownBy(() -> Json.parse("x", "\"a\nb\"")).isInstanceOf(Fault.class).hasMessageContaining("malformed JSON");
    }

    @Test
    void nestingIsBounded() {
        assertThat(Json.parse("x", "[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH))).isInstanceOf(JsonArray.class);
        assertThatThrownBy(() -> Json.parse("x", "[".repeat(100_000))).isInstanceOf(Fault.class)
                .hasMessageContaining("nested deeper than 128 levels");
    }

    @Test
    void endlessNumbersAreRefused() {
        assertThatThrownBy(() -> Json.parse("x", "1".repeat(500))).isInstanceOf(Fault.class).hasMessageContaining("a number of 500 digits");
        assertThatThrownBy(() -> Json.parse("x", "1".repeat(100_000))).isInstanceOf(Fault.class);
    }

    @Test
    void aDocumentThatMustBeAnObjectIsOne() {
        assertThat(Json.parseObject("x", "{\"a\":1}").get("a")).isEqualTo(new JsonPrimitive(1));
        assertThatThrownBy(() -> Json.parseObject("x", "[]")).isInstanceOf(Fault.class).hasMessage("x: expected an object, found an array");
        assertThatThrownBy(() -> Json.parseObject("x", "null".getBytes(UTF_8))).isInstanceOf(Fault.class)
                .hasMessage("x: expected an object, found null");
    }

    @Test
    void printsTextsAsTheyStandWhateverTheirAlphabet() {
        for (String text : java.util.List.of("", "plain/1.0", "what? how?", "\u0141\u0122\u010a", "Z\u00fcrich caf\u00e9 \u6f22\u5b57 \uD83E\uDD86", "C:\\a\t\"b\"\u0001?\u00e9\u2028", "\u007f\u0080\u00ff")) {
            var object = new JsonObject();
            object.addProperty(text + "k", text);
            assertThat(Json.parse("text", Json.compact(object))).isEqualTo(object);
            assertThat(new String(Json.bytes(object), java.nio.charset.StandardCharsets.UTF_8)).isEqualTo(Json.compact(object));
        }
        var pair = new JsonObject();
        pair.addProperty("?", "caf\u00e9\"\n\u2028\u0001");
        assertThat(Json.compact(pair)).isEqualTo("{\"?\":\"caf\u00e9\\\"\\n\\u2028\\u0001\"}");
    }
}
