package dev.carafe.build.graph;

import dev.carafe.build.dockerfile.ParseFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of EXPOSE: {@code PORT[-PORT][/PROTOCOL]}. */
final class PortNumbers {
    private static final Pattern FORM = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?(?:/([a-zA-Z]+))?");
    private static final int HIGHEST = 65535;

    private PortNumbers() {
    }

    /** One entry for each port, such as {@code 80/tcp}. */
    static List<String> of(List<String> words, int line) {
        var ports = new ArrayList<String>();
        for (String word : words) {
            Matcher matcher = FORM.matcher(word);
            if (!matcher.matches()) {
                throw ParseFault.at(line, "invalid containerPort: " + word);
            }
            int first = Integer.parseInt(matcher.group(1));
            int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
            String protocol = matcher.group(3) == null ? "tcp" : matcher.group(3).toLowerCase(Locale.ROOT);
            if (first > last || last > HIGHEST) {
                throw ParseFault.at(line, "invalid containerPort: " + word);
            }
            if (!List.of("tcp", "udp", "sctp").contains(protocol)) {
                throw ParseFault.at(line, "invalid proto: " + protocol);
            }
            for (int port = first; port <= last; port++) {
                ports.add(port + "/" + protocol);
            }
        }
        return ports;
    }
}
