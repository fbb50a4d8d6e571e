package dev.carafe.bench;

import java.io.IOException;
import java.util.List;

/**
 * What idle containers hold on the host's side: the container's own processes are the same with every engine and left out.
 *
 * @param containers how many idle at once
 */
public record MemoryScenario(int containers, int pauseMillis) implements Scenario {
    /** Until an engine is at rest: some give memory back then. */
    private static final int REST_PAUSES = 20;

    /** Memory without containers and with them. */
    public record Growth(Processes.Memory before, Processes.Memory after) {}

    @Override
    public String title() {
        return "memory with " + containers + " idle containers";
    }

    @Override
    public void measure(List<Peer> peers, Report report) throws IOException {
        var turns = new Turns<Growth>(peers);
        turns.rounds(1, this::growth);
        report.memory(title(), containers, turns);
    }

    private Growth growth(Peer peer) throws IOException {
        peer.shell().time(peer.run("0"));
        Scenario.pause(REST_PAUSES * pauseMillis);
        Processes.Memory before = Processes.of(peer.group(), peer.shell()).memory();
        for (int k = 0; k < containers; k++) {
            peer.shell().time(peer.start(Integer.toString(k)));
        }
        Scenario.pause(REST_PAUSES * pauseMillis);
        Processes.Memory after = Processes.of(peer.group(), peer.shell()).memory();
        for (int k = 0; k < containers; k++) {
            peer.shell().time(peer.remove(Integer.toString(k)));
        }
        return new Growth(before, after);
    }
}
