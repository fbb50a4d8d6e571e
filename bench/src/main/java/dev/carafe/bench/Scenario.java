package dev.carafe.bench;

import dev.carafe.base.Fault;
import java.io.IOException;
import java.util.List;
import java.util.function.DoubleSupplier;

/** One thing that is compared. */
public interface Scenario {
    String title();

    /** Measures all peers and adds what came out to the report. */
    void measure(List<Peer> peers, Report report) throws IOException;

    /**
     * Runs something of a peer and tells its cost, with what goes on in the pause after it.
     *
     * @param wallMillis runs it and returns the wall time
     */
    static Sample cost(Peer peer, int pauseMillis, DoubleSupplier wallMillis) {
        double before = peer.group().cpuMillis();
        double wall = wallMillis.getAsDouble();
        pause(pauseMillis);
        return new Sample(wall, peer.group().cpuMillis() - before);
    }

    /** Lets the machine come to rest. */
    static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw Fault.of(Fault.Kind.CANCELLED, "measure", "", "interrupted").cause(e);
        }
    }
}
