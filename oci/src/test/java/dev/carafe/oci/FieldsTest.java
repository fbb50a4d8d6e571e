package dev.carafe.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FieldsTest {
    private static Fields fields(String json) {
        return Fields.of("doc", Json.parseObject("doc", json.replace('\'', '"')));
    }

    private enum Colour {
        RED, BLUE
    }

    @Test
    void whatWasPutIsRead() {
        JsonObject json = new JsonFields()
                .put("text", "a")
                .put("number", 7)
                .put("no", false)
                .put("colour", Colour.BLUE)
                .put("digest", Digest.EMPTY)
                .unsigned("big", -1L)
                .time("time", Optional.of(Instant.EPOCH))
                .nanos("nanos", Optional.of(Duration.ofSeconds(1)))
                .names("names", List.of("b", "a"))
                .optional("absent", Optional.empty())
                .unsigned("absent", Optional.<Long>empty())
                .flag("absent", false)
                .list("absent", List.of())
                .array("empty", List.of())
                .json();
        assertThat(Json.compact(json)).isEqualTo("{\"text\":\"a\",\"number\":7,\"no\":false,\"colour\":\"BLUE\",\"digest\":\""
                + Digest.EMPTY + "\",\"big\":18446744073709551615,\"time\":\"1970-01-01T00:00:00Z\",\"nanos\":1000000000,"
                + "\"names\":{\"b\":{},\"a\":{}},\"empty\":[]}");
        Fields in = Fields.of("doc", json);
        assertThat(in.string("text")).isEqualTo("a");
        assertThat(in.int32("number")).isEqualTo(7);
        assertThat(in.optionalFlag("no")).contains(false);
        assertThat(in.flag("absent")).isFalse();
        assertThat(in.oneOf("colour", Colour.values())).isEqualTo(Colour.BLUE);
        assertThat(in.digest("digest")).isEqualTo(Digest.EMPTY);
        assertThat(in.uint64("big")).isEqualTo(-1L);
        assertThat(in.optionalTime("time")).contains(Instant.EPOCH);
        assertThat(in.optionalNanos("nanos")).contains(Duration.ofSeconds(1));
        assertThat(in.names("names")).containsExactly("b", "a");
        assertThat(in.strings("empty")).isEmpty();
    }

    @Test
    void anObjectIsReadWhereverItStands() {
        Fields in = fields("{'one': {'n': 1}, 'more': [{'n': 2}, {'n': 3}], 'named': {'z': {'n': 4}, 'a': {'n': 5}}}");
        assertThat(in.<Integer>object("one", f -> f.int32("n"))).isEqualTo(1);
        assertThat(in.<Integer>objects("more", f -> f.int32("n"))).containsExactly(2, 3);
        assertThat(in.<Integer>objectMap("named", f -> f.int32("n")).toString()).isEqualTo("{z=4, a=5}");
        assertThat(in.<Integer>optionalObject("none", f -> f.int32("n"))).isEmpty();
    }

    @Test
    void aFaultNamesDocumentPathAndSection() {
        Fields in = fields("{'a': [{'b': {'c.d': {'e': 'x'}}}]}").section("spec one.md");
        assertThatThrownBy(() -> in.objects("a", a -> a.objectMap("b", b -> b.section("spec two.md").int64("e")))).isInstanceOf(Fault.class)
                .hasMessage("doc a[0].b[\"c.d\"].e: expected a number, found a string (spec two.md)");
        assertThatThrownBy(() -> in.string("z")).hasMessage("doc z: required, but missing (spec one.md)");
        assertThat(fields("{}").fault("odd")).hasMessage("doc: odd");
    }

    @Test
    void aBadDigestKeepsItsKind() {
        assertThatThrownBy(() -> fields("{'d': 'md5:00'}").digest("d")).isInstanceOfSatisfying(Fault.class, fault -> {
            assertThat(fault.kind()).isEqualTo(Fault.Kind.UNSUPPORTED);
            assertThat(fault).hasMessage("doc d: \"md5:00\" is not a digest: algorithm md5 is not known (sha256 and sha512 are)");
        });
        assertThatThrownBy(() -> fields("{'d': ['x']}").digests("d")).hasMessageStartingWith("doc d[0]: \"x\" is not a digest: ");
    }

    @Test
    void aBadTimeIsRefused() {
        assertThatThrownBy(() -> fields("{'t': 'today'}").optionalTime("t")).hasMessage("doc t: expected a time, found \"today\"");
    }

    @Test
    void wholeNumbersInOtherClothesAreRefused() {
        assertThatThrownBy(() -> fields("{'n': 1.0}").int64("n")).hasMessage("doc n: expected a whole number, found 1.0");
        assertThatThrownBy(() -> fields("{'n': 1e3}").int64("n")).hasMessageStartingWith("doc n: expected a whole number, found 1");
        assertThatThrownBy(() -> fields("{'n': 9223372036854775808}").int64("n")).hasMessage(
                "doc n: expected a number from -9223372036854775808 to 9223372036854775807, found 9223372036854775808");
    }
}
