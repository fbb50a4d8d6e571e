package dev.carafe.runtime;

import dev.carafe.base.Fault;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The addresses of network devices of this process's network namespace, which they lose when they leave it. */
final class InterfaceAddresses {
    private InterfaceAddresses() {
    }

    /** By device; one that is not there has none, and whoever moves it finds that out. */
    static Map<String, List<String>> of(Collection<String> devices) {
        var all = new LinkedHashMap<String, List<String>>();
        for (String device : devices) {
            try {
                NetworkInterface found = NetworkInterface.getByName(device);
                all.put(device, found == null ? List.of() : addresses(found));
            } catch (SocketException e) {
                throw Fault.of(Fault.Kind.UNAVAILABLE, "read", "addresses of \"" + device + "\"", String.valueOf(e.getMessage())).cause(e);
            }
        }
        return Map.copyOf(all);
    }

    private static List<String> addresses(NetworkInterface device) {
        var list = new ArrayList<String>();
        for (InterfaceAddress each : device.getInterfaceAddresses()) {
            InetAddress address = each.getAddress();
            if (!address.isLinkLocalAddress() && !address.isLoopbackAddress()) {
                String text = address.getHostAddress();
                int scope = text.indexOf('%');
                list.add((scope < 0 ? text : text.substring(0, scope)) + "/" + each.getNetworkPrefixLength());
            }
        }
        return List.copyOf(list);
    }
}
