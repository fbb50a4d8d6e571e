package dev.carafe.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.base.IpAddress;
import dev.carafe.base.MacAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NetworkPlanTest {
    private static final IpAddress ADDRESS = IpAddress.parse("172.17.0.2");
    private static final MacAddress MAC = MacAddress.of(ADDRESS);
    private static final NetworkOperation.Admit ADMIT = new NetworkOperation.Admit("carafe", "veth1", MAC, List.of(ADDRESS),
            List.of(new NetworkOperation.Published("tcp", IpAddress.ANY4, 8080, ADDRESS, 80)));
    private static final Connections CONNECTIONS = new Connections(List.of(new NetworkOperation.Reserve("tcp", IpAddress.ANY4, 8080),
            new NetworkOperation.Connect("veth1", "br0", 7, "eth0", MAC, 1500, false, true), new NetworkOperation.Assign("eth0", ADDRESS, 16),
            new NetworkOperation.Raise("eth0"), new NetworkOperation.Route(Optional.empty(), IpAddress.parse("172.17.0.1")), ADMIT),
            List.of(new MonitorOperation.Forget("/run/leases/172.17.0.2")));

    private static Plan plan(Connections connections) {
        Launch l = Bundles.launch();
        return Planner.start(Bundles.full(), new Launch(l.id(), l.root(), l.runDirectory(), l.stateDirectory(), l.log(), l.stdin(), l.stdinOnce(), l.session(), l.caller(), connections),
                Bundles.host(Bundles.V2));
    }

    private static int index(Plan plan, Class<? extends Operation> type) {
        for (int k = 0; k < plan.steps().size(); k++) {
            if (type.isInstance(plan.steps().get(k).operation())) {
                return k;
            }
        }
        return -1;
    }

    @Test
    void theMonitorConnectsWhileInitGoesOn() {
        Plan plan = plan(CONNECTIONS);
        for (NetworkOperation operation : CONNECTIONS.make()) {
            int at = index(plan, operation.getClass());
            assertThat(plan.steps().get(at).actor()).isEqualTo(Actor.MONITOR);
            assertThat(at).isGreaterThan(index(plan, NamespaceOperation.CloneInit.class)).isLessThan(index(plan, NetworkOperation.Announce.class));
        }
        int await = index(plan, NetworkOperation.Await.class);
        assertThat(plan.steps().get(await).actor()).isEqualTo(Actor.INIT);
        assertThat(await).isLessThan(index(plan, ProcessOperation.Execute.class));
        assertThat(index(plan, NetworkOperation.Announce.class)).isLessThan(index(plan, MonitorOperation.AwaitExecute.class));
    }

    @Test
    void whatWasEnteredIsTakenBackBeforeTheLeaseIs() {
        Plan plan = plan(CONNECTIONS);
        int dismiss = index(plan, NetworkOperation.Dismiss.class);
        assertThat(plan.steps().get(dismiss).operation()).isEqualTo(ADMIT.inverse().orElseThrow());
        assertThat(plan.steps().get(dismiss).actor()).isEqualTo(Actor.MONITOR_AFTER);
        assertThat(plan.steps().stream().filter(s -> s.actor() == Actor.MONITOR_AFTER).toList().getLast().operation()).isEqualTo(CONNECTIONS.release().getLast());
    }

    @Test
    void withoutNetworksNobodyWaits() {
        Plan plan = plan(Connections.NONE);
        assertThat(plan.steps()).noneMatch(step -> step.operation() instanceof NetworkOperation);
    }

    @Test
    void everyStepPrintsWhatItDoesAndWhy() {
        assertThat(plan(CONNECTIONS).print()).contains("reserve port 8080/tcp on 0.0.0.0", "connect eth0 (02:42:ac:11:00:02) by veth1 with bridge br0",
                "give eth0 the address 172.17.0.2/16", "route everything else by 172.17.0.1",
                "admit 02:42:ac:11:00:02, 172.17.0.2 from veth1; publish 0.0.0.0:8080 -> 172.17.0.2:80/tcp", "undo  dismiss 02:42:ac:11:00:02 from veth1 with its 1 port");
    }
}
