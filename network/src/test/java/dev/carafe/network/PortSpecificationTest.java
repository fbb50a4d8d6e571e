package dev.carafe.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import dev.carafe.base.IpAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PortSpecificationTest {
    private static PortSpecification of(String address, int from, int to, int port, String protocol) {
        return new PortSpecification(address.isEmpty() ? Optional.empty() : Optional.of(IpAddress.parse(address)), from, to, port, protocol);
    }

    @Test
    void readsAllOfDockersForms() {
        assertThat(PortSpecification.parse("80")).containsExactly(of("", 0, 0, 80, "tcp"));
        assertThat(PortSpecification.parse("8080:80")).containsExactly(of("", 8080, 8080, 80, "tcp"));
        assertThat(PortSpecification.parse("8080:80/udp")).containsExactly(of("", 8080, 8080, 80, "udp"));
        assertThat(PortSpecification.parse("127.0.0.1:8080:80")).containsExactly(of("127.0.0.1", 8080, 8080, 80, "tcp"));
        assertThat(PortSpecification.parse("127.0.0.1::80")).containsExactly(of("127.0.0.1", 0, 0, 80, "tcp"));
        assertThat(PortSpecification.parse("[::1]:8080:80")).containsExactly(of("::1", 8080, 8080, 80, "tcp"));
        assertThat(PortSpecification.parse("[::1]::80/UDP")).containsExactly(of("::1", 0, 0, 80, "udp"));
        assertThat(PortSpecification.parse(":8080:80")).containsExactly(of("", 8080, 8080, 80, "tcp"));
        assertThat(PortSpecification.parse("::80/udp")).containsExactly(of("", 0, 0, 80, "udp"));
        assertThat(PortSpecification.parse("7000-7001:8000-8001")).isEqualTo(List.of(of("", 7000, 7000, 8000, "tcp"), of("", 7001, 7001, 8001, "tcp")));
        assertThat(PortSpecification.parse("7000-7009:80")).containsExactly(of("", 7000, 7009, 80, "tcp"));
        assertThat(PortSpecification.parse("8000-8001")).isEqualTo(List.of(of("", 0, 0, 8000, "tcp"), of("", 0, 0, 8001, "tcp")));
    }

    @Test
    void saysWhatIsWrong() {
        for (String wrong : new String[] {"", ":", "a", "80/icmp", "80/sctp", "70000", "8080:", "9000-8000:80-90", "1-2:1-3", "x:8080:80", "300.0.0.1:80:80", "-1", "80:0", "[::1:80:80", "[::1]80:80",
                "1.2.3.4:5:6:7", "80/"}) {
            assertThatThrownBy(() -> PortSpecification.parse(wrong)).as(wrong).isInstanceOf(Fault.class).hasMessageStartingWith("publish \"" + wrong + "\": ");
        }
    }
}
