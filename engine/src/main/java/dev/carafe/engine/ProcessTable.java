package dev.carafe.engine;

import dev.carafe.base.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The processes of a container, as the host's ps(1) shows them: docker's Titles and Processes. Ids are the host's.
 *
 * @param titles of the columns
 * @param processes a row for each, with a cell for each title
 */
public record ProcessTable(List<String> titles, List<List<String>> processes) {
    private static final List<String> USUAL = List.of("-ef");

    public ProcessTable {
        titles = List.copyOf(titles);
        processes = List.copyOf(processes);
    }

    static ProcessTable of(Container container, List<String> options) {
        String name = "\"" + container.record().name() + "\"";
        if (!container.status().running()) {
            throw Fault.of(Fault.Kind.CONFLICT, "list processes of", name, "container " + container.id() + " is not running");
        }
        Set<String> ids = new HashSet<>();
        container.group().processes().forEach(pid -> ids.add(pid.toString()));
        List<String> lines = ps(options.isEmpty() ? USUAL : options);
        List<String> titles = lines.isEmpty() ? List.of() : List.of(lines.getFirst().trim().split("\\s+"));
        int pid = titles.indexOf("PID");
        if (pid < 0) {
            throw Fault.invalid("list processes of", name, "couldn't find PID field in ps output").hint("have ps print it, as by -o pid,args");
        }
        var rows = new ArrayList<List<String>>();
        for (String line : lines.subList(1, lines.size())) {
            List<String> cells = List.of(line.trim().split("\\s+", titles.size()));
            if (cells.size() > pid && ids.contains(cells.get(pid))) {
                rows.add(cells);
            }
        }
        return new ProcessTable(titles, rows);
    }

    private static List<String> ps(List<String> options) {
        var words = new ArrayList<>(List.of("ps"));
        words.addAll(options);
        try {
            Process ps = new ProcessBuilder(words).redirectErrorStream(true).start();
            ps.getOutputStream().close();
            String output = new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (ps.waitFor() != 0) {
                throw Fault.invalid("list processes with", "ps " + String.join(" ", options), output.lines().filter(l -> !l.isBlank()).findFirst().orElse("it failed"));
            }
            return output.lines().toList();
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "list processes with", "ps", String.valueOf(e.getMessage())).cause(e).hint("install procps on the host");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.of(Fault.Kind.CANCELLED, "list processes with", "ps", "interrupted");
        }
    }
}
