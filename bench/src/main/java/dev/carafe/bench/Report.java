package dev.carafe.bench;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What came out, as Markdown; each part goes out as soon as it is there. */
public final class Report {
    private static final String NONE = "–";

    private final String reference;
    private final Consumer<String> out;

    /**
     * Starts a report.
     *
     * @param reference the name of the peer that ratios relate to; they are missing in a table for which it failed
     */
    public Report(String reference, Consumer<String> out) {
        this.reference = reference;
        this.out = out;
    }

    /** Adds a paragraph. */
    public void text(String text) {
        out.accept(text + "\n");
    }

    /** Adds a table of single commands. */
    public void costs(String title, Turns<Sample> turns) {
        var table = new Table("", "wall ms", "min–max", "× " + reference, "CPU ms", "min–max", "× " + reference);
        Optional<List<Sample>> base = base(turns);
        for (Map.Entry<Peer, List<Sample>> each : turns.samples().entrySet()) {
            Summary wall = Summary.of(each.getValue(), Sample::wallMillis);
            Summary cpu = Summary.of(each.getValue(), Sample::cpuMillis);
            table.row(each.getKey().title(),
                    Table.figure(wall.median()), Table.range(wall), ratio(wall, base.map(s -> Summary.of(s, Sample::wallMillis))),
                    Table.figure(cpu.median()), Table.range(cpu), ratio(cpu, base.map(s -> Summary.of(s, Sample::cpuMillis))));
        }
        finish(title, table, turns);
    }

    /** Adds a table of storms. */
    public void storms(String title, int starts, Turns<Sample> turns) {
        var table = new Table("", "starts/s", "min–max", "× " + reference, "CPU ms a start", "min–max", "× " + reference);
        Optional<List<Sample>> base = base(turns);
        for (Map.Entry<Peer, List<Sample>> each : turns.samples().entrySet()) {
            Summary rate = rate(each.getValue(), starts);
            Summary cpu = Summary.of(each.getValue(), sample -> sample.cpuMillis() / starts);
            table.row(each.getKey().title(), Table.figure(rate.median()), Table.range(rate), ratio(rate, base.map(s -> rate(s, starts))),
                    Table.figure(cpu.median()), Table.range(cpu),
                    ratio(cpu, base.map(s -> Summary.of(s, sample -> sample.cpuMillis() / starts))));
        }
        finish(title, table, turns);
    }

    private static Summary rate(List<Sample> samples, int starts) {
        return Summary.of(samples, sample -> starts / (sample.wallMillis() / 1000));
    }

    /** Adds a table of memory. */
    public void memory(String title, int containers, Turns<MemoryScenario.Growth> turns) {
        var table = new Table("", "monitors", "PSS KiB a container", "engine MiB, no container", "engine MiB, " + containers);
        for (Map.Entry<Peer, List<MemoryScenario.Growth>> each : turns.samples().entrySet()) {
            Processes.Memory before = each.getValue().getFirst().before();
            Processes.Memory after = each.getValue().getFirst().after();
            table.row(each.getKey().title(), Integer.toString(after.monitors()),
                    Table.figure((double) after.monitorKib() / containers),
                    Table.figure(before.residentKib() / 1024.0), Table.figure(after.residentKib() / 1024.0));
        }
        finish(title, table, turns);
    }

    private <S> Optional<List<S>> base(Turns<S> turns) {
        return turns.samples().entrySet().stream().filter(each -> each.getKey().name().equals(reference))
                .map(Map.Entry::getValue).findFirst();
    }

    private static String ratio(Summary value, Optional<Summary> base) {
        return base.map(each -> Table.ratio(value.median(), each.median())).orElse(NONE);
    }

    private void finish(String title, Table table, Turns<?> turns) {
        var text = new StringBuilder("### ").append(title).append("\n\n").append(table);
        turns.failures().forEach((peer, why) -> text.append("\nNot measured: ").append(peer.title()).append(": ").append(why).append('\n'));
        text(text.toString().stripTrailing());
    }
}
