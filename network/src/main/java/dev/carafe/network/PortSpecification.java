package dev.carafe.network;

import dev.carafe.base.Fault;
import dev.carafe.base.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A port of a container that is to be published, as docker writes it: {@code [[ADDRESS:][HOST]:]PORT[/PROTOCOL]}, where both ports may be ranges of the same
 * length, and an IPv6 address stands in brackets (docker's reference of {@code --publish}).
 *
 * @param address of the host; absent: all
 * @param hostFrom the first of the host's ports that may be used; 0: any
 * @param hostTo the last one; greater than the first only where one of several is to be chosen
 * @param port the container's
 */
public record PortSpecification(Optional<IpAddress> address, int hostFrom, int hostTo, int port, String protocol) {
    /** One for each port; a fault of kind {@code INVALID} says what is wrong. */
    public static List<PortSpecification> parse(String text) {
        int slash = text.indexOf('/');
        String protocol = slash < 0 ? "tcp" : text.substring(slash + 1).toLowerCase(java.util.Locale.ROOT);
        String rest = slash < 0 ? text : text.substring(0, slash);
        if (!protocol.equals("tcp") && !protocol.equals("udp")) {
            throw invalid(text, protocol.equals("sctp") ? "sctp ports cannot be reserved on this host, and are not published" : "the protocols are tcp and udp");
        }
        int last = rest.lastIndexOf(':');
        String inside = rest.substring(last + 1);
        String front = last < 0 ? "" : rest.substring(0, last);
        String host = front;
        Optional<IpAddress> address = Optional.empty();
        int colon = front.startsWith("[") ? front.indexOf(']') + 1 : front.lastIndexOf(':');
        if (front.startsWith("[") ? front.indexOf(']') > 0 : colon >= 0) {
            String written = front.startsWith("[") ? front.substring(1, front.indexOf(']')) : front.substring(0, colon);
            address = written.isEmpty() ? Optional.empty() : Optional.of(IpAddress.tryParse(written).orElseThrow(() -> invalid(text, "invalid IP address: " + written)));
            if (colon < front.length() && front.charAt(colon) != ':') {
                throw invalid(text, "a colon is missing behind the address");
            }
            host = colon < front.length() ? front.substring(colon + 1) : "";
        }
        int[] to = range(text, inside);
        if (to[0] == 0) {
            throw invalid(text, "a container port is missing");
        }
        int[] from = host.isEmpty() ? new int[] {0, 0} : range(text, host);
        int count = to[1] - to[0] + 1;
        boolean choice = count == 1 && from[1] > from[0];
        if (!host.isEmpty() && !choice && from[1] - from[0] + 1 != count) {
            throw invalid(text, "the ranges are of different length");
        }
        var list = new ArrayList<PortSpecification>();
        for (int k = 0; k < count; k++) {
            boolean any = host.isEmpty() || from[0] == 0;
            list.add(new PortSpecification(address, any ? 0 : from[0] + k, any ? 0 : choice ? from[1] : from[0] + k, to[0] + k, protocol));
        }
        return list;
    }

    private static int[] range(String text, String word) {
        int dash = word.indexOf('-');
        int first = number(text, dash < 0 ? word : word.substring(0, dash));
        int last = dash < 0 ? first : number(text, word.substring(dash + 1));
        if (first > last) {
            throw invalid(text, "a range begins with its smaller port");
        }
        return new int[] {first, last};
    }

    private static int number(String text, String digits) {
        try {
            int number = digits.isEmpty() || !Character.isDigit(digits.charAt(0)) ? -1 : Integer.parseInt(digits);
            if (number >= 0 && number <= 65535) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw invalid(text, "ports are numbers of 1 to 65535").cause(e);
        }
        throw invalid(text, "ports are numbers of 1 to 65535");
    }

    private static Fault invalid(String text, String reason) {
        return Fault.invalid("publish", "\"" + text + "\"", reason).hint("write [[ADDRESS:]HOST:]PORT[/PROTOCOL], such as 127.0.0.1:8080:80/tcp");
    }
}
