package dev.carafe.network;

import dev.carafe.base.IpAddress;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;

/** Finds a port of the host that nobody has bound, by binding it for a moment. */
final class FreePort {
    private FreePort() {
    }

    /** @param wanted 0: any */
    static Optional<Integer> of(String protocol, IpAddress address, int wanted) {
        try {
            var place = new InetSocketAddress(InetAddress.getByAddress(address.bytes()), wanted);
            if (protocol.equals("udp")) {
                try (DatagramSocket socket = new DatagramSocket(place)) {
                    return Optional.of(socket.getLocalPort());
                }
            }
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(false);
                socket.bind(place);
                return Optional.of(socket.getLocalPort());
            }
        } catch (IOException taken) {
            return Optional.empty();
        }
    }
}
