package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Races and violent ends: of the client, the engine, the monitor. */
class FaultTest extends CommandSuite {
    private static final int ROUNDS = 25;
    private static final int STARTS = 200;

    private static Running inMode(EngineMode mode, String... words) {
        ProcessBuilder builder = carafe.builder(words);
        builder.environment().put("CARAFE_ENGINE", mode.value());
        return new Running(builder);
    }

    @Test
    void onlyOneOfManyTakesAName() {
        for (int round = 0; round < 4; round++) {
            var racers = new ArrayList<Running>();
            for (int k = 0; k < 6; k++) {
                racers.add(inMode(k % 2 == 0 ? mode : EngineMode.IN_PROCESS, "create", "--name", "contested", "busybox"));
            }
            long winners = racers.stream().map(Running::await).filter(o -> o.status() == 0).count();
            assertThat(winners).isEqualTo(1);
            assertThat(carafe.containers()).hasSize(1);
            carafe.check("rm", "contested");
        }
    }

    @Test
    void manyMayRemoveOneContainer() {
        for (int round = 0; round < 4; round++) {
            carafe.detached("--name", "doomed", "busybox", "sleep", "1000");
            var racers = new ArrayList<Running>();
            for (int k = 0; k < 4; k++) {
                racers.add(inMode(k % 2 == 0 ? mode : EngineMode.IN_PROCESS, "rm", "-f", "doomed"));
            }
            for (Running racer : racers) {
                Outcome outcome = racer.await();
                assertThat(outcome.status()).as(outcome.toString()).isZero();
            }
            assertThat(carafe.containers()).isEmpty();
        }
    }

    @Test
    void manyStartAtOnce() {
        var running = new ArrayList<Running>();
        for (int k = 0; k < 16; k++) {
            running.add(inMode(mode, "run", "--rm", "busybox", "sh", "-c", "echo " + k + "; exit " + k));
        }
        for (int k = 0; k < 16; k++) {
            assertThat(running.get(k).await()).extracting(Outcome::out, Outcome::status, Outcome::error).containsExactly(k + "\n", k, "");
        }
    }

    @Test
    void aKilledEngineLosesNothing() {
        carafe.detached("--name", "lives", "busybox", "sh", "-c", "for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 0.2; done; exit 6");
        try (Running front = carafe.start("run", "--name", "front", "busybox", "sh", "-c", "echo begun; sleep 1; echo ended; exit 7")) {
            front.awaitOutput("begun");
            carafe.killEngine();
            if (mode == EngineMode.IN_PROCESS) {
                killJavaBelow(front.pid());
            }
            Outcome outcome = front.await();
            assertThat(outcome.status()).as(outcome.toString()).isEqualTo(7);
            assertThat(outcome.out()).isEqualTo("begun\nended\n");
        }
        assertThat(carafe.check("wait", "front")).isEqualTo("7\n");
        assertThat(carafe.check("wait", "lives")).isEqualTo("6\n");
        assertThat(carafe.check("logs", "lives")).isEqualTo("1\n2\n3\n4\n5\n6\n7\n8\n");
    }

    private static void killJavaBelow(long client) {
        ProcessHandle.of(client).stream().flatMap(ProcessHandle::children)
                .filter(child -> Tools.read(Path.of("/proc/" + child.pid() + "/cmdline")).contains("--once")).forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void whatAKilledEngineWasToRemoveTheNextCommandRemoves() {
        carafe.detached("--rm", "--name", "passing", "busybox", "sh", "-c", "sleep 0.5");
        carafe.killEngine();
        Tools.pause(2800);
        assertThat(carafe.check("ps", "-aq")).isEmpty();
        assertThat(Tools.await(() -> carafe.containers().isEmpty())).isTrue();
    }

    @Test
    void aContainerEndsWithItsMonitorAndTheNextCommandTells() {
        carafe.detached("--name", "bereft", "busybox", "sh", "-c", "sleep 1000 & sleep 1000");
        Path init = Path.of("/proc/" + carafe.pid("bereft"));
        String stat = Tools.read(init.resolve("stat"));
        String monitor = stat.substring(stat.lastIndexOf(')') + 4).split(" ")[0];
        Tools.check("kill", "-KILL", monitor);
        assertThat(Tools.await(() -> Tools.read(init.resolve("stat")).isEmpty())).as("init ends with its monitor").isTrue();
        assertThat(carafe.check("ps", "-a", "--format", "{{.Names}} {{.Status}}")).startsWith("bereft Exited (137)");
        assertThat(carafe.state("bereft").get("Error").getAsString()).contains("monitor");
        assertThat(carafe.residue().groups()).isEmpty();
        carafe.check("rm", "bereft");
    }

    @Test
    @Timeout(170)
    void aClientThatIsKilledAtAnyMomentLeavesNothing() {
        var random = new Random(1);
        for (int round = 0; round < ROUNDS; round++) {
            try (Running command = carafe.start("run", "--rm", "busybox", "true")) {
                Tools.pause(random.nextInt(mode == EngineMode.WARM ? 30 : 400));
                command.signal("KILL");
                command.await();
            } catch (AssertionError ended) {
                // It was faster.
            }
        }
        settle();
    }

    @Test
    @Timeout(170)
    void anEngineThatIsKilledAtAnyMomentLeavesNothing() {
        var random = new Random(2);
        for (int round = 0; round < ROUNDS / 2; round++) {
            if (mode == EngineMode.WARM) {
                carafe.check("ps");
            }
            try (Running command = carafe.start("run", "--rm", "busybox", "true")) {
                Tools.pause(random.nextInt(mode == EngineMode.WARM ? 40 : 400));
                carafe.killEngine();
                if (mode == EngineMode.IN_PROCESS) {
                    killJavaBelow(command.pid());
                }
                Outcome outcome = command.await();
                assertThat(outcome.status()).as(outcome.toString()).isIn(0, 125);
            }
        }
        settle();
    }

    @Test
    void whatAKilledEngineHadNoTimeToRecordTheNextOneTakesAway() throws java.io.IOException {
        carafe.killEngine();
        Path snapshots = carafe.root().resolve("snapshots/overlay");
        Files.createDirectories(snapshots.resolve("123456/fs/made"));
        Files.createDirectories(snapshots.resolve("123457"));
        Files.createDirectories(snapshots.resolve(".gone-123458/fs"));
        carafe.check("ps");
        carafe.residue().assertNone("after the next engine began");
        assertThat(snapshots.resolve("123457")).doesNotExist();
    }

    @Test
    void whatAPowerFailureEmptiedStandsInNobodysWay() throws java.io.IOException {
        String torn = carafe.check("create", "--rm", "--name", "torn", "busybox").trim();
        carafe.check("create", "--name", "whole", "busybox", "true");
        carafe.killEngine();
        Files.writeString(carafe.root().resolve("containers/" + torn + "/container.json"), "");
        assertThat(carafe.check("ps", "-a", "--format", "{{.Names}}")).isEqualTo("whole\n");
        assertThat(Tools.await(() -> carafe.containers().size() == 1)).isTrue();
        carafe.check("create", "--name", "torn", "busybox");
        carafe.check("rm", "torn", "whole");
    }

    /** The next commands find everything in order, and finish what was not. */
    private void settle() {
        assertThat(carafe.check("run", "--rm", "busybox", "echo", "well")).isEqualTo("well\n");
        Tools.pause(2100);
        carafe.check("ps", "-a");
        for (String line : carafe.check("ps", "-a", "--format", "{{.Names}} {{.State}}").lines().toList()) {
            assertThat(line).as("a container that was made but never started may stay").endsWith(" created");
            carafe.check("rm", line.split(" ")[0]);
        }
        carafe.residue().assertNone("after the kills");
        noMoreSparesThanOneEngineKeeps();
    }

    @Test
    void manyStartsLeaveNoResidue() {
        int starts = mode == EngineMode.WARM ? STARTS : STARTS / 8;
        carafe.check("run", "--rm", "busybox", "true");
        long descriptors = descriptors();
        for (int k = 0; k < starts; k++) {
            assertThat(carafe.call("run", "--rm", "busybox", "true").status()).isZero();
        }
        carafe.residue().assertNone("after " + starts + " starts");
        noMoreSparesThanOneEngineKeeps();
        assertThat(descriptors()).as("open descriptors of the engine").isLessThanOrEqualTo(descriptors + 4);
    }

    /** Those of engines that were killed must be gone as well. */
    private void noMoreSparesThanOneEngineKeeps() {
        assertThat(carafe.residue().spares()).as("emptied directories of removed snapshots").isLessThanOrEqualTo(mode == EngineMode.WARM ? 16 : 0);
    }

    private static long descriptors() {
        long count = 0;
        for (Long pid : carafe.residue().engines()) {
            String[] open = Path.of("/proc/" + pid + "/fd").toFile().list();
            count += open == null ? 0 : open.length;
        }
        return count;
    }
}
