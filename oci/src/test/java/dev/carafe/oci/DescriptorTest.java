package dev.carafe.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Digest;
import dev.carafe.base.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DescriptorTest {
    private static final String EMPTY_OBJECT = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    private static final String FULL = "{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"" + EMPTY_OBJECT
            + "\",\"size\":2,\"urls\":[\"https://example.com/a\"],\"annotations\":{\"z\":\"1\",\"a\":\"2\"},\"data\":\"e30=\","
            + "\"platform\":{\"architecture\":\"arm64\",\"os\":\"linux\",\"variant\":\"v8\"},\"artifactType\":\"application/x\"}";

    private static Descriptor parse(String json) {
        return Descriptor.parse(Fields.of("index", Json.parseObject("index", json)));
    }

    @Test
    void aDescriptorPrintsAsItWasRead() {
        Descriptor descriptor = parse(FULL);
        assertThat(Json.compact(descriptor.json())).isEqualTo(FULL);
        assertThat(descriptor.platform()).contains(Platform.of("linux", "arm64", "v8"));
        assertThat(descriptor.toBuilder().build()).isEqualTo(descriptor);
    }

    @Test
    void embeddedContentIsDecodedAndChecked() {
        assertThat(parse(FULL).content()).hasValueSatisfying(bytes -> assertThat(bytes).asString(UTF_8).isEqualTo("{}"));
        Descriptor forged = parse(FULL).toBuilder().data("W10=").build();
        assertThatThrownBy(forged::content).isInstanceOfSatisfying(Fault.class, f -> assertThat(f.kind()).isEqualTo(Fault.Kind.CORRUPT));
        Descriptor longer = parse(FULL).toBuilder().size(3).build();
        assertThatThrownBy(longer::content).isInstanceOf(Fault.class);
        assertThat(Descriptor.of(MediaType.EMPTY, Digest.EMPTY, 0).content()).isEmpty();
    }

    @Test
    void aDescriptorOfBytesDescribesThemAlone() {
        Descriptor descriptor = Descriptor.of(MediaType.EMPTY, "{}".getBytes(UTF_8));
        assertThat(descriptor.digest()).hasToString(EMPTY_OBJECT);
        assertThat(descriptor.size()).isEqualTo(2);
        assertThat(descriptor.describes("{}".getBytes(UTF_8))).isTrue();
        assertThat(descriptor.describes("[]".getBytes(UTF_8))).isFalse();
        assertThat(descriptor.describes("{} ".getBytes(UTF_8))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'digest': 'D', 'size': 2}|mediaType: required, but missing",
        "{'mediaType': 'x', 'size': 2}|digest: required, but missing",
        "{'mediaType': 'x', 'digest': 'D'}|size: required, but missing",
        "{'mediaType': 'x', 'digest': 'D', 'size': -1}|size: negative",
        "{'mediaType': 'x', 'digest': 'D', 'size': '2'}|size: expected a number, found a string",
        "{'mediaType': 'x', 'digest': 'sha256:1', 'size': 2}|digest: \"sha256:1\" is not a digest: sha256 has 64 hexadecimal digits, not 1",
        "{'mediaType': 'x', 'digest': 'D', 'size': 2, 'data': '***'}|data: not Base64",
        "{'mediaType': 'x', 'digest': 'D', 'size': 2, 'urls': 'u'}|urls: expected an array, found a string",
        "{'mediaType': 'x', 'digest': 'D', 'size': 2, 'annotations': {'a': {}}}|annotations[\"a\"]: expected a string, found an object",
    })
    void whatIsNotADescriptorIsRefused(String json, String message) {
        String text = json.replace("'D'", "'" + EMPTY_OBJECT + "'").replace('\'', '"');
        assertThatThrownBy(() -> parse(text)).isInstanceOf(Fault.class)
                .hasMessage("index " + message + " (image-spec descriptor.md#properties)");
    }
}
