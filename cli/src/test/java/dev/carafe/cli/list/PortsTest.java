package dev.carafe.cli.list;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.cli.list.ContainerRow.Port;
import java.util.ArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortsTest {
    /** Ports as address, inside, outside and protocol, with bars between them. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "'';''",
        "- 80 0 tcp;80/tcp",
        "- 81 0 tcp|- 80 0 tcp;80-81/tcp",
        "- 80 0 tcp|- 82 0 tcp;80/tcp, 82/tcp",
        "- 80 0 tcp|- 81 0 udp;80/tcp, 81/udp",
        "0.0.0.0 80 80 tcp;0.0.0.0:80->80/tcp",
        "0.0.0.0 80 80 tcp|:: 80 80 tcp;0.0.0.0:80->80/tcp, [::]:80->80/tcp",
        "0.0.0.0 80 8080 tcp|0.0.0.0 81 8081 tcp;0.0.0.0:8080->80/tcp, 0.0.0.0:8081->81/tcp",
        "0.0.0.0 80 80 tcp|0.0.0.0 81 81 tcp|0.0.0.0 90 90 tcp;0.0.0.0:80-81->80-81/tcp, 0.0.0.0:90->90/tcp",
        "0.0.0.0 90 91 tcp|- 100 0 tcp;100/tcp, 0.0.0.0:91->90/tcp",
    })
    void neighboursAreJoined(String ports, String expected) {
        var all = new ArrayList<Port>();
        for (String port : ports.isEmpty() ? new String[0] : ports.split("\\|")) {
            String[] parts = port.split(" ");
            all.add(new Port(parts[0].equals("-") ? "" : parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2]), parts[3]));
        }
        assertThat(Ports.print(all)).isEqualTo(expected);
    }
}
