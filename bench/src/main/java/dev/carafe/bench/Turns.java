package dev.carafe.bench;

import dev.carafe.base.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Samples taken in turns: each round takes one of every peer and begins with another one, so that what happens to the machine
 * meanwhile, and what a peer leaves behind, spreads over all. A peer that fails takes no further turn.
 *
 * @param <S> what one turn yields
 */
public final class Turns<S> {
    /** What is done in a turn. */
    public interface Turn<S> {
        S take(Peer peer) throws IOException;
    }

    private final Map<Peer, List<S>> samples = new LinkedHashMap<>();
    private final Map<Peer, String> failures = new LinkedHashMap<>();

    public Turns(List<Peer> peers) {
        peers.forEach(peer -> samples.put(peer, new ArrayList<>()));
    }

    /** Takes that many rounds and keeps their samples. */
    public void rounds(int rounds, Turn<S> turn) throws IOException {
        for (int round = 0; round < rounds; round++) {
            for (Peer peer : order(List.copyOf(samples.keySet()), round)) {
                once(peer, turn).ifPresent(samples.get(peer)::add);
            }
        }
    }

    /** Lets every peer do something that is no sample. */
    public void each(Turn<?> turn) throws IOException {
        for (Peer peer : samples.keySet()) {
            once(peer, turn);
        }
    }

    /** Lets every peer tidy up, also those that failed; it makes none fail. */
    public void tidy(Turn<?> turn) throws IOException {
        for (Peer peer : samples.keySet()) {
            try {
                turn.take(peer);
            } catch (Fault e) {
                if (e.kind() == Fault.Kind.CANCELLED) {
                    throw e;
                }
                // What could not be removed goes at the end of the run.
                continue;
            }
        }
    }

    private <T> Optional<T> once(Peer peer, Turn<T> turn) throws IOException {
        if (failures.containsKey(peer)) {
            return Optional.empty();
        }
        try {
            return Optional.of(turn.take(peer));
        } catch (Fault e) {
            if (e.kind() == Fault.Kind.CANCELLED) {
                throw e;
            }
            failures.put(peer, e.getMessage());
            return Optional.empty();
        }
    }

    static <T> List<T> order(List<T> all, int round) {
        var order = new ArrayList<T>(all.size());
        for (int k = 0; k < all.size(); k++) {
            order.add(all.get((k + round) % all.size()));
        }
        return order;
    }

    /** Of the peers that did not fail, in the order given. */
    public Map<Peer, List<S>> samples() {
        var whole = new LinkedHashMap<>(samples);
        whole.keySet().removeAll(failures.keySet());
        return whole;
    }

    /** Why the others failed. */
    public Map<Peer, String> failures() {
        return failures;
    }
}
