package dev.carafe.bench;

import java.io.IOException;
import java.util.List;

/**
 * Many starts, several at a time.
 *
 * @param starts containers in a storm
 * @param storms of each peer
 */
public record StormScenario(int starts, int atOnce, int storms, int pauseMillis) implements Scenario {
    @Override
    public String title() {
        return starts + " × `run --rm busybox true`, " + atOnce + " at a time";
    }

    @Override
    public void measure(List<Peer> peers, Report report) throws IOException {
        var turns = new Turns<Sample>(peers);
        turns.rounds(storms, peer -> Scenario.cost(peer, 2 * pauseMillis,
                () -> peer.shell().timeMany(peer.run("{}"), starts, atOnce)));
        report.storms(title(), starts, turns);
    }
}
