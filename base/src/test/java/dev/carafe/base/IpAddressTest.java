package dev.carafe.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class IpAddressTest {
    @Test
    void printsWhatItReadsInTheShortestForm() {
        for (String text : new String[] {"0.0.0.0", "127.0.0.1", "255.255.255.255", "172.17.0.2", "::", "::1", "fd00::1", "2001:db8::1:0:0:1", "1:2:3:4:5:6:7:8", "fe80::1:0:0:0",
                "1::8"}) {
            assertThat(IpAddress.parse(text)).hasToString(text);
        }
        assertThat(IpAddress.parse("2001:0DB8:0:0:1:0:0:1")).hasToString("2001:db8::1:0:0:1");
        assertThat(IpAddress.parse("::ffff:10.0.0.1")).hasToString("::ffff:a00:1");
        assertThat(IpAddress.parse("1:0:2:3:4:5:6:7")).hasToString("1:0:2:3:4:5:6:7");
    }

    @Test
    void agreesWithTheJdkOnBytes() throws UnknownHostException {
        for (String text : new String[] {"10.1.2.3", "fd00:1:2::ff", "::", "2001:db8:1:2:3:4:5:6"}) {
            assertThat(IpAddress.parse(text).bytes()).isEqualTo(InetAddress.getByName(text).getAddress());
            assertThat(IpAddress.of(IpAddress.parse(text).bytes())).isEqualTo(IpAddress.parse(text));
        }
    }

    @Test
    void refusesWhatIsNone() {
        for (String text : new String[] {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1..2.3", "a.b.c.d", ":", ":::", "1:2:3", "1::2::3", "12345::", "::1%lo",
                "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8", "[::1]", "1.2.3.4 ", "-1.2.3.4"}) {
            assertThat(IpAddress.tryParse(text)).as(text).isEmpty();
        }
        assertThatThrownBy(() -> IpAddress.parse("x")).isInstanceOf(Fault.class).hasMessage("invalid IP address \"x\": expected such as 172.17.0.2 or fd00::2");
    }

    @Test
    void countsAcrossBytesAndHalves() {
        assertThat(IpAddress.parse("10.0.0.255").plus(1)).hasToString("10.0.1.0");
        assertThat(IpAddress.parse("fd00::ffff:ffff:ffff:ffff").plus(1)).hasToString("fd00:0:0:1::");
        assertThat(IpAddress.parse("fd00:0:0:1::").plus(-1)).hasToString("fd00::ffff:ffff:ffff:ffff");
        assertThat(IpAddress.parse("10.0.1.0").minus(IpAddress.parse("10.0.0.0"))).isEqualTo(256);
        assertThat(IpAddress.parse("fd01::").minus(IpAddress.parse("fd00::"))).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void subnetsContainAndOverlap() {
        Subnet block = Subnet.parse("172.17.0.0/16");
        assertThat(block.last()).hasToString("172.17.255.255");
        assertThat(block.contains(IpAddress.parse("172.17.3.4"))).isTrue();
        assertThat(block.contains(IpAddress.parse("172.18.0.0"))).isFalse();
        assertThat(block.overlaps(Subnet.parse("172.16.0.0/12"))).isTrue();
        assertThat(block.overlaps(Subnet.parse("172.17.9.0/24"))).isTrue();
        assertThat(block.overlaps(Subnet.parse("172.18.0.0/16"))).isFalse();
        assertThat(Subnet.parse("fd00:1::5/64")).hasToString("fd00:1::/64");
        assertThat(Subnet.parse("fd00:1::/64").last()).hasToString("fd00:1::ffff:ffff:ffff:ffff");
        assertThat(Subnet.parse("::/0").contains(IpAddress.parse("ffff::"))).isTrue();
        assertThat(Subnet.parse("0.0.0.0/0").overlaps(Subnet.parse("::/0"))).isFalse();
        for (String wrong : new String[] {"10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "x/8", "/8", "10.0.0.0/a"}) {
            assertThatThrownBy(() -> Subnet.parse(wrong)).isInstanceOf(Fault.class);
        }
    }

    @Test
    void macAddressesFollowFromAddresses() {
        assertThat(MacAddress.of(IpAddress.parse("172.17.0.2"))).hasToString("02:42:ac:11:00:02");
        assertThat(MacAddress.parse("02-42-AC-11-00-02")).isEqualTo(MacAddress.of(IpAddress.parse("172.17.0.2")));
        assertThatThrownBy(() -> MacAddress.parse("02:42:ac:11:00")).isInstanceOf(Fault.class);
    }
}
