package dev.carafe.cli.list;

import dev.carafe.cli.list.ContainerRow.Port;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Ports in the short form of {@code ps}: {@code 0.0.0.0:80-81->80-81/tcp, 443/tcp, [::]:8080->80/tcp}.
 *
 * <p>Neighbouring ports of one address and protocol are joined where the host's port is the container's own; the others follow one by one.
 */
final class Ports {
    private Ports() {}

    /** Ports that follow each other. */
    private record Run(int first, int last) {}

    static String print(List<Port> ports) {
        var sorted = new ArrayList<>(ports);
        sorted.sort(Ports::compare);
        var parts = new ArrayList<String>();
        var moved = new ArrayList<String>();
        Map<String, Run> runs = new LinkedHashMap<>();
        Map<String, Port> samples = new LinkedHashMap<>();
        for (Port port : sorted) {
            if (!port.address().isEmpty() && port.outside() != port.inside()) {
                moved.add(bracketed(port.address()) + ":" + port.outside() + "->" + port.inside() + "/" + port.protocol());
                continue;
            }
            String group = port.address() + "/" + port.protocol();
            Run run = runs.get(group);
            if (run != null && port.inside() > run.last() + 1) {
                parts.add(print(samples.get(group), run));
                run = null;
            }
            runs.put(group, new Run(run == null ? port.inside() : run.first(), port.inside()));
            samples.put(group, port);
        }
        for (Map.Entry<String, Run> run : runs.entrySet()) {
            parts.add(print(samples.get(run.getKey()), run.getValue()));
        }
        parts.addAll(moved);
        return String.join(", ", parts);
    }

    private static String print(Port sample, Run run) {
        String range = run.first() == run.last() ? Integer.toString(run.first()) : run.first() + "-" + run.last();
        String mapped = sample.address().isEmpty() ? range : bracketed(sample.address()) + ":" + range + "->" + range;
        return mapped + "/" + sample.protocol();
    }

    private static String bracketed(String address) {
        return address.indexOf(':') < 0 ? address : "[" + address + "]";
    }

    private static int compare(Port a, Port b) {
        int order = Integer.compare(a.inside(), b.inside());
        if (order == 0) {
            order = Boolean.compare(a.address().indexOf(':') >= 0, b.address().indexOf(':') >= 0);
        }
        if (order == 0) {
            order = a.address().compareTo(b.address());
        }
        if (order == 0) {
            order = Integer.compare(a.outside(), b.outside());
        }
        return order == 0 ? a.protocol().compareTo(b.protocol()) : order;
    }
}
