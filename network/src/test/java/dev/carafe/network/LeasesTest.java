package dev.carafe.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carafe.base.Fault;
import dev.carafe.base.IpAddress;
import dev.carafe.base.Subnet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeasesTest {
    private static final Pool POOL = Pool.of(Subnet.parse("172.17.0.0/16"));

    @TempDir
    Path directory;

    private Leases leases;

    @BeforeEach
    void open() {
        leases = new Leases(directory);
    }

    @Test
    void givesOutTheLowestFreeAddress() {
        assertThat(leases.lease("n", "net", POOL, "a")).hasToString("172.17.0.2");
        assertThat(leases.lease("n", "net", POOL, "b")).hasToString("172.17.0.3");
        leases.release("n", IpAddress.parse("172.17.0.2"), "a");
        assertThat(leases.lease("n", "net", POOL, "c")).hasToString("172.17.0.2");
        assertThat(leases.held("n")).isEqualTo(Map.of(IpAddress.parse("172.17.0.2"), "c", IpAddress.parse("172.17.0.3"), "b"));
    }

    @Test
    void onlyTheHolderGivesAnAddressBack() {
        IpAddress address = leases.lease("n", "net", POOL, "a");
        leases.release("n", address, "b");
        assertThat(leases.held("n")).containsEntry(address, "a");
    }

    @Test
    void leasesTenThousandAddressesOnceEach() {
        var given = new HashSet<IpAddress>();
        for (int k = 0; k < 10_000; k++) {
            assertThat(given.add(leases.lease("n", "net", POOL, "holder" + k))).isTrue();
        }
        assertThat(given).allMatch(POOL::admits);
        var other = new Leases(directory);
        assertThat(given).doesNotContain(other.lease("n", "net", POOL, "late"));
        assertThat(other.held("n")).hasSize(10_001);
    }

    @Test
    void neverGivesOneAddressToTwoWhoAskAtOnce() throws Exception {
        var tasks = new ArrayList<Callable<List<IpAddress>>>();
        for (int k = 0; k < 4; k++) {
            int who = k;
            tasks.add(() -> {
                var own = new Leases(directory);
                var list = new ArrayList<IpAddress>();
                for (int n = 0; n < 200; n++) {
                    IpAddress address = own.lease("n", "net", POOL, "holder" + who);
                    if (n % 3 == 0) {
                        own.release("n", address, "holder" + who);
                    } else {
                        list.add(address);
                    }
                }
                return list;
            });
        }
        var all = new ArrayList<IpAddress>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<List<IpAddress>> future : threads.invokeAll(tasks)) {
                all.addAll(future.get());
            }
        }
        assertThat(all).doesNotHaveDuplicates();
        assertThat(leases.held("n").keySet()).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void seesWhatOthersGaveBack() {
        var small = Pool.of(Subnet.parse("10.0.0.0/29"));
        var other = new Leases(directory);
        for (int k = 0; k < 5; k++) {
            leases.lease("n", "net", small, "a");
        }
        assertThatThrownBy(() -> leases.lease("n", "net", small, "a")).isInstanceOfSatisfying(Fault.class, fault -> {
            assertThat(fault.kind()).isEqualTo(Fault.Kind.EXHAUSTED);
            assertThat(fault).hasMessageContaining("all 8 addresses of 10.0.0.0/29 are taken");
        });
        other.release("n", IpAddress.parse("10.0.0.4"), "a");
        assertThat(leases.lease("n", "net", small, "b")).hasToString("10.0.0.4");
    }

    @Test
    void keepsWithinTheRangeAndOffWhatIsReserved() {
        var pool = new Pool(Subnet.parse("10.0.0.0/24"), Optional.of(IpAddress.parse("10.0.0.129")), Optional.of(Subnet.parse("10.0.0.128/30")),
                Map.of("printer", IpAddress.parse("10.0.0.130")));
        assertThat(leases.lease("n", "net", pool, "a")).hasToString("10.0.0.128");
        assertThat(leases.lease("n", "net", pool, "a")).hasToString("10.0.0.131");
        assertThatThrownBy(() -> leases.lease("n", "net", pool, "a")).isInstanceOf(Fault.class);
        assertThatThrownBy(() -> leases.lease("n", "net", pool, IpAddress.parse("10.0.0.130"), "a")).hasMessageContaining("10.0.0.130 is reserved");
        assertThatThrownBy(() -> leases.lease("n", "net", pool, IpAddress.parse("10.0.1.1"), "a")).hasMessageContaining("is not in subnet");
        assertThatThrownBy(() -> leases.lease("n", "net", pool, IpAddress.parse("10.0.0.128"), "b")).hasMessageContaining("is held by container a");
        leases.lease("n", "net", pool, IpAddress.parse("10.0.0.7"), "b");
    }

    @Test
    void aLargeBlockOfIpv6IsNoTrouble() {
        var pool = Pool.of(Subnet.parse("fd00:1::/64"));
        assertThat(leases.lease("n", "net", pool, "a")).hasToString("fd00:1::2");
        assertThat(leases.lease("n", "net", pool, "a")).hasToString("fd00:1::3");
    }

    @Test
    void aNetworkWithLeasesIsNotForgotten() {
        IpAddress address = leases.lease("n", "net", POOL, "a");
        assertThatThrownBy(() -> leases.forget("n")).isInstanceOf(Fault.class);
        leases.release("n", address, "a");
        leases.forget("n");
        assertThat(leases.networks()).isEmpty();
    }
}
