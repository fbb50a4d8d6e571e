package dev.carafe.bench;

import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/**
 * One short command, again and again, with pauses.
 *
 * @param command of a peer
 * @param idle whether it needs container 0 to idle
 * @param warmUps runs of each peer that do not count
 */
public record CommandScenario(String title, Function<Peer, List<String>> command, boolean idle, int rounds, int warmUps,
        int pauseMillis) implements Scenario {
    /** {@code true} in a new container. */
    public static CommandScenario run(Options options) {
        return new CommandScenario("`run --rm busybox true`, no network", peer -> peer.run("0"), false, options.rounds(), 10,
                options.pauseMillis());
    }

    /** {@code true} in a container that is there. */
    public static CommandScenario exec(Options options) {
        return new CommandScenario("`exec CONTAINER true`", peer -> peer.exec("0"), true, options.rounds(), 10,
                options.pauseMillis());
    }

    @Override
    public void measure(List<Peer> peers, Report report) throws IOException {
        var turns = new Turns<Sample>(peers);
        if (idle) {
            turns.each(peer -> peer.shell().time(peer.start("0")));
        }
        turns.each(this::warmUp);
        turns.rounds(rounds, peer -> Scenario.cost(peer, pauseMillis, () -> peer.shell().time(command.apply(peer))));
        if (idle) {
            turns.tidy(peer -> peer.shell().time(peer.remove("0")));
        }
        report.costs(title, turns);
    }

    private double warmUp(Peer peer) {
        double last = 0;
        for (int k = 0; k < warmUps; k++) {
            last = peer.shell().time(command.apply(peer));
        }
        Scenario.pause(pauseMillis);
        return last;
    }
}
