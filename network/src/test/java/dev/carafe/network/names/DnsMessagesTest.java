package dev.carafe.network.names;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.base.IpAddress;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Questions as anybody may send them, and answers. */
class DnsMessagesTest {
    private static final String ASKED = "123401000001000000000000" + "02446204746f776e00" + "00010001";

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static Query read(String hex) {
        return Query.read(bytes(hex)).orElseThrow();
    }

    @Test
    void aQuestionIsReadInLowerCase() {
        Query query = read(ASKED);
        assertThat(query.name()).isEqualTo("db.town");
        assertThat(query.type()).isEqualTo(Query.A);
        assertThat(query.refusal()).isZero();
        assertThat(query.size()).as("who says nothing takes 512 bytes").isEqualTo(512);
        assertThat(query.extended()).isFalse();
    }

    @Test
    void whoSpeaksEdnsSaysHowMuchHeTakes() {
        String question = ASKED.replaceFirst("0000(02446204)", "0001$1");
        assertThat(read(question + "0000291000000000000000").size()).isEqualTo(4096);
        assertThat(read(question + "000029ffff000000000000").size()).as("more than there is room for").isEqualTo(4096);
        assertThat(read(question + "0000290010000000000000").size()).as("less than everybody takes").isEqualTo(512);
        Query later = read(question + "0000291000000100000000");
        assertThat(later.refusal()).as("another version of it").isEqualTo(Reply.BAD_VERSION);
        byte[] refused = Reply.of(later, later.refusal());
        assertThat(refused[3] & 15).isZero();
        assertThat(refused[later.end() + 5]).as("the upper bits of the code").isEqualTo((byte) 1);
    }

    @Test
    void whatIsNoQuestionIsRefusedOrIgnored() {
        assertThat(Query.read(new byte[0])).isEmpty();
        assertThat(Query.read(bytes(ASKED.substring(0, 22)))).as("less than a header").isEmpty();
        assertThat(Query.read(bytes("1234" + "81" + ASKED.substring(6)))).as("an answer").isEmpty();
        assertThat(read("1234" + "29" + ASKED.substring(6)).refusal()).as("an update").isEqualTo(Reply.NOT_IMPLEMENTED);
        assertThat(read("123401000001000000000000" + "c00c" + "00010001").refusal()).as("a name that points to itself").isEqualTo(Reply.MALFORMED);
        assertThat(read("123401000002000000000000" + ASKED.substring(24)).refusal()).as("two questions").isEqualTo(Reply.MALFORMED);
        assertThat(read("123401000001000100000000" + ASKED.substring(24)).refusal()).as("an answer beside the question").isEqualTo(Reply.MALFORMED);
        assertThat(read("123401000001000000000000" + "7f" + "61".repeat(127) + "00" + "00010001").refusal()).as("too long a label").isEqualTo(Reply.MALFORMED);
        assertThat(read("123401000001000000000000" + "0161".repeat(128) + "00" + "00010001").refusal()).as("too long a name").isEqualTo(Reply.MALFORMED);
        assertThat(read("123401000001000000000000" + "03612e62" + "00" + "00010001").refusal()).as("a dot within a label").isEqualTo(Reply.MALFORMED);
        assertThat(read(ASKED.replaceFirst("0000(02446204)", "0005$1")).refusal()).as("records that are not there").isEqualTo(Reply.MALFORMED);
        for (int k = 12; k < bytes(ASKED).length; k++) {
            assertThat(Query.read(Arrays.copyOf(bytes(ASKED), k)).orElseThrow().refusal()).as("cut off at " + k).isEqualTo(Reply.MALFORMED);
        }
    }

    @Test
    void noiseIsNeverMoreThanRefused() {
        var random = new Random(7);
        for (int k = 0; k < 200_000; k++) {
            byte[] noise = k % 2 == 0 ? new byte[random.nextInt(80)] : bytes(ASKED);
            if (k % 2 == 0) {
                random.nextBytes(noise);
            } else {
                for (int n = 0; n < 3; n++) {
                    noise[random.nextInt(noise.length)] = (byte) random.nextInt();
                }
            }
            Optional<Query> query = Query.read(noise);
            if (query.isPresent()) {
                byte[] answer = query.get().refusal() != 0 ? Reply.of(query.get(), query.get().refusal())
                        : Reply.addresses(query.get(), List.of(IpAddress.parse("10.0.0.1")), query.get().size());
                assertThat(answer.length).isLessThanOrEqualTo(512);
                assertThat(answer[0]).isEqualTo(noise[0]);
                NameTable.reversed(query.get().name());
            }
        }
    }

    @Test
    void anAnswerRepeatsTheQuestionAsItWasWritten() {
        byte[] answer = Reply.addresses(read(ASKED), List.of(IpAddress.parse("10.0.0.2")), 512);
        assertThat(HexFormat.of().formatHex(answer)).isEqualTo("1234" + "8580" + "0001" + "0001" + "0000" + "0000" + ASKED.substring(24) + "c00c00010001" + "00000005"
                + "0004" + "0a000002");
        assertThat(HexFormat.of().formatHex(Reply.of(read(ASKED), Reply.FAILED))).startsWith("1234" + "8182" + "0001" + "0000");
    }

    @Test
    void moreAnswersThanThereIsRoomForAreCut() {
        var many = new ArrayList<IpAddress>();
        for (int k = 0; k < 500; k++) {
            many.add(IpAddress.parse("10.0.0.0").plus(k));
        }
        byte[] small = Reply.addresses(read(ASKED), many, 512);
        assertThat(small.length).isLessThanOrEqualTo(512);
        assertThat(small[2] & 2).as("it says that there are more").isEqualTo(2);
        byte[] whole = Reply.addresses(read(ASKED), many, 65535);
        assertThat(whole[2] & 2).isZero();
        assertThat((whole[6] & 0xff) << 8 | whole[7] & 0xff).isEqualTo(500);
        var out = new ByteArrayOutputStream();
        out.writeBytes(whole);
        assertThat(out.size()).isEqualTo(bytes(ASKED).length + 500 * 16);
    }

    @Test
    void holdersOfAnAliasComeFirstInTurn() {
        NameTable table = new NameTable.Builder().add("town", List.of("One", "shop"), List.of(IpAddress.parse("10.0.0.2"), IpAddress.parse("fd00::2")))
                .add("town", List.of("two", "shop"), List.of(IpAddress.parse("10.0.0.3"))).build();
        assertThat(table.of("shop", false, 0)).extracting(IpAddress::toString).containsExactly("10.0.0.2", "10.0.0.3");
        assertThat(table.of("shop", false, 1)).extracting(IpAddress::toString).containsExactly("10.0.0.3", "10.0.0.2");
        assertThat(table.of("shop", false, -1)).as("whatever the number").hasSize(2);
        assertThat(table.of("shop", true, 3)).extracting(IpAddress::toString).containsExactly("fd00::2");
        assertThat(table.of("one.town", false, 0)).hasSize(1);
        assertThat(table.of("one.city", false, 0)).isEmpty();
        assertThat(table.names().get(IpAddress.parse("10.0.0.3"))).isEqualTo("two.town");
    }

    @Test
    void addressesAreReadBackwards() {
        assertThat(NameTable.reversed("2.0.17.172.in-addr.arpa")).contains(IpAddress.parse("172.17.0.2"));
        assertThat(NameTable.reversed("256.0.17.172.in-addr.arpa")).isEmpty();
        assertThat(NameTable.reversed("0.17.172.in-addr.arpa")).isEmpty();
        assertThat(NameTable.reversed("x.0.17.172.in-addr.arpa")).isEmpty();
        assertThat(NameTable.reversed("2." + "0.".repeat(28) + "0.d.f.ip6.arpa")).contains(IpAddress.parse("fd00::2"));
        assertThat(NameTable.reversed("g." + "0.".repeat(28) + "0.d.f.ip6.arpa")).isEmpty();
    }
}
