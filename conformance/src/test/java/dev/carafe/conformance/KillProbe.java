package dev.carafe.conformance;

import dev.carafe.base.Fault;
import dev.carafe.engine.Container;
import dev.carafe.engine.ContainerOptions;
import dev.carafe.engine.Engine;
import dev.carafe.engine.Installation;
import dev.carafe.engine.NamespaceMode;
import dev.carafe.engine.NetworkOptions;
import dev.carafe.engine.ProcessOptions;
import dev.carafe.engine.Roots;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.NativeKernel;
import dev.carafe.kernel.SystemCall;
import dev.carafe.network.NetworkDefinition;
import dev.carafe.plan.NetworkOperation;
import dev.carafe.plan.Plan;
import dev.carafe.runtime.Execution;
import dev.carafe.runtime.HostProbe;
import dev.carafe.runtime.Performer;
import dev.carafe.runtime.SessionStreams;
import dev.carafe.runtime.SocketPerformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An engine that dies, or whose monitors die, at a certain moment of a network's and an endpoint's making; a program of its own, for a network namespace of a test.
 */
final class KillProbe {
    private static final int KIND_CALL = 1;
    private static final int INSTRUCTION_BYTES = 80;
    private static final int CODE = 16;
    private static final int SIGKILL = 9;
    private static final String NETWORK = "doomed";

    private KillProbe() {
    }

    /** The words of a command that runs this with those arguments. */
    static List<String> command(String... arguments) {
        Path dist = Carafe.program().getParent().getParent();
        String classes = KillProbe.class.getProtectionDomain().getCodeSource().getLocation().getPath() + ":" + dist + "/lib/*";
        var words = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-XX:TieredStopAtLevel=1", "-Xmx96m", "--enable-native-access=ALL-UNNAMED",
                "-Dcarafe.home=" + dist, "-cp", classes, KillProbe.class.getName()));
        words.addAll(List.of(arguments));
        return words;
    }

    /** @param words what dies ({@code engine} or {@code monitor}), the program, root, run root, control group, and of an engine before which message it dies */
    public static void main(String[] words) throws Exception {
        Path program = Path.of(words[1]);
        var roots = new Roots(Path.of(words[2]), Path.of(words[3]));
        var kernel = new DyingKernel(words[0].equals("engine") ? Integer.parseInt(words[5]) : 0);
        Installation installation = Installation.at(program.getParent().getParent());
        var performer = new DyingPerformer(SocketPerformer.start(kernel, program, roots.run()));
        try (Engine engine = Engine.of(new Engine.Parts(roots, kernel, program, installation.embedded(), HostProbe.probe(program.toString()), performer))) {
            var network = NetworkOptions.NONE.mode(new NamespaceMode.Named(NETWORK)).publish(List.of("8200:80", "8201:81/udp"));
            if (engine.networks().list().stream().noneMatch(n -> n.name().equals(NETWORK))) {
                engine.networks().create(new NetworkDefinition(NETWORK, "bridge", false, true, List.of(), Map.of(), Map.of()));
            }
            Container container = engine.containers().create(ContainerOptions.builder("busybox").name("victim").network(network)
                    .cgroupParent(words[4])
                    .process(ProcessOptions.builder().command(List.of("sleep", "1000")).build()).build());
            kernel.armed = true;
            container.start();
            kernel.armed = false;
            System.out.println("started");
            if (words[0].equals("monitor")) {
                killMonitors(engine, container, performer);
            }
            container.remove(true);
            System.out.println("done");
        }
    }

    private static void killMonitors(Engine engine, Container container, DyingPerformer performer) throws Exception {
        Plan plan = container.plan();
        var steps = new HashSet<Integer>();
        for (int k = 0; k < plan.steps().size(); k++) {
            // What is taken back comes after the end, and what waits does nothing.
            if (plan.steps().get(k).operation() instanceof NetworkOperation operation && !(operation instanceof NetworkOperation.Await)
                    && !(operation instanceof NetworkOperation.Dismiss) && !(operation instanceof NetworkOperation.Disconnect)) {
                steps.add(k);
            }
        }
        var moments = new ArrayList<Integer>();
        for (Execution.Result result : performer.results) {
            if (steps.contains(result.step())) {
                moments.add(result.instruction());
            }
        }
        container.stop(Optional.empty(), Optional.of(0));
        for (int moment : moments) {
            performer.deathAt = moment;
            try {
                container.start();
                System.out.println("alive after " + moment);
                container.stop(Optional.empty(), Optional.of(0));
            } catch (Fault killed) {
                // As it should be.
            }
            performer.deathAt = -1;
            engine.recover();
            List<String> left = left(engine);
            System.out.println(left.isEmpty() ? "clean " + moment : "left " + moment + " " + left);
        }
    }

    /** What there is of endpoints. */
    private static List<String> left(Engine engine) throws IOException {
        var found = new ArrayList<String>();
        Path leases = engine.roots().run().resolve("leases");
        try (var paths = Files.walk(leases)) {
            paths.filter(Files::isSymbolicLink).forEach(link -> found.add("lease " + link));
        }
        Tools.await(() -> links().isEmpty());
        found.addAll(links());
        return found;
    }

    private static List<String> links() {
        var found = new ArrayList<String>();
        for (String line : Tools.read(Path.of("/proc/thread-self/net/dev")).lines().toList()) {
            if (line.strip().startsWith("veth")) {
                found.add("link " + line.strip().split(":")[0]);
            }
        }
        return found;
    }

    /** Ends this process as SIGKILL would, before the nth message to the kernel once it is armed. */
    private static final class DyingKernel implements Kernel {
        private final Kernel kernel = new NativeKernel();
        private final int last;
        private int sent;
        private volatile boolean armed;

        DyingKernel(int last) {
            this.last = last;
        }

        @Override
        public long call(SystemCall call, long a, long b, long c, long d, long e, long f) {
            boolean acts = call == SystemCall.SENDTO || call == SystemCall.SENDMSG || call == SystemCall.FLOCK;
            if (armed && last > 0 && acts && ++sent >= last) {
                Runtime.getRuntime().halt(137);
            }
            return kernel.call(call, a, b, c, d, e, f);
        }

        @Override
        public Memory allocate(int bytes) {
            return kernel.allocate(bytes);
        }
    }

    /** Puts an instruction into a program by which the monitor and all its group are killed. */
    private static final class DyingPerformer implements Performer {
        private final Performer performer;
        private int deathAt = -1;
        private List<Execution.Result> results = List.of();

        DyingPerformer(Performer performer) {
            this.performer = performer;
        }

        @Override
        public Performance perform(Path program, SessionStreams session) {
            results = Execution.results(program);
            if (deathAt >= 0) {
                try (FileChannel file = FileChannel.open(program, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    ByteBuffer header = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());
                    file.read(header, 0);
                    long at = header.getInt(CODE) + (long) deathAt * INSTRUCTION_BYTES;
                    ByteBuffer instruction = ByteBuffer.allocate(INSTRUCTION_BYTES).order(ByteOrder.nativeOrder());
                    file.read(instruction, at);
                    instruction.putShort(0, (short) KIND_CALL).putShort(2, (short) SystemCall.KILL.number()).put(4, (byte) 0).put(5, (byte) 0).putLong(32, 0).putLong(40, SIGKILL);
                    file.write(instruction.position(0), at);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return performer.perform(program, session);
        }

        @Override
        public void close() {
            performer.close();
        }
    }
}
