package dev.carafe.bench;

import dev.carafe.base.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The command {@code bench/run}. */
public final class Comparison {
    private static final List<String> NAMES =
            List.of("carafe", "carafe-cold", "crun", "carafe-runtime", "runc", "podman-crun", "podman-carafe", "podman-runc", "ctr-crun", "ctr-carafe", "docker");

    private final Options options;
    private final Workplace place;

    private Comparison(Options options, Workplace place) {
        this.options = options;
        this.place = place;
    }

    /** Measures and prints. */
    public static void main(String[] arguments) {
        if (List.of(arguments).contains("--help")) {
            System.out.print(Options.USAGE);
            return;
        }
        int status = 0;
        try (Cleanup cleanup = Cleanup.atExit()) {
            Options options = Options.parse(List.of(arguments));
            new Comparison(options, Workplace.make(cleanup)).measure();
        } catch (Fault e) {
            System.err.println("bench: " + (e.kind() == Fault.Kind.CANCELLED ? "interrupted" : e.getMessage()));
            status = 1;
        } catch (IOException e) {
            System.err.println("bench: " + e);
            status = 1;
        }
        System.exit(status);
    }

    private void measure() throws IOException {
        List<Peer> peers = peers();
        boolean present = peers.stream().anyMatch(peer -> peer.name().equals(options.reference()));
        var written = new StringBuilder();
        var report = new Report(present ? options.reference() : peers.getFirst().name(), text -> {
            System.out.println(text);
            written.append(text).append('\n');
        });
        report.text(machine());
        for (Scenario each : scenarios()) {
            System.err.println("bench: " + each.title());
            each.measure(peers, report);
        }
        report.text("Load average at the end: " + load() + ".");
        if (options.out().isPresent()) {
            Files.writeString(options.out().get(), written);
        }
    }

    private List<Scenario> scenarios() {
        var scenarios = new ArrayList<Scenario>();
        if (options.rounds() > 0) {
            scenarios.add(CommandScenario.run(options));
            scenarios.add(CommandScenario.exec(options));
        }
        if (options.storms() > 0 && options.starts() > 0) {
            scenarios.add(new StormScenario(options.starts(), options.atOnce(), options.storms(), options.pauseMillis()));
        }
        if (options.idle() > 0) {
            scenarios.add(new MemoryScenario(options.idle(), options.pauseMillis()));
        }
        return scenarios;
    }

    /** Those that were asked for, or all that can be prepared; the floor is always among them. */
    private List<Peer> peers() throws IOException {
        var peers = new ArrayList<Peer>();
        for (String name : options.peers().isEmpty() ? NAMES : options.peers()) {
            boolean spare = name.equals("podman-runc") && options.peers().isEmpty()
                    && peers.stream().anyMatch(peer -> peer.name().equals("podman-crun"));
            if (spare) {
                continue;
            }
            try {
                peers.add(prepare(name));
            } catch (Fault e) {
                if (e.kind() == Fault.Kind.CANCELLED || !options.peers().isEmpty()) {
                    throw e;
                }
                System.err.println("bench: without " + name + ": " + e.getMessage());
            }
        }
        peers.add(Floor.prepare(place));
        return peers;
    }

    private Peer prepare(String name) throws IOException {
        int containers = Math.max(1, Math.max(options.starts(), options.idle()));
        return switch (name) {
            case "carafe" -> CarafePeer.prepare(place, given(options.carafe(), name, "--carafe"), true);
            case "carafe-cold" -> CarafePeer.prepare(place, given(options.carafe(), name, "--carafe"), false);
            case "crun", "runc" -> RuntimePeer.prepare(place, program(name), containers);
            case "carafe-runtime" -> RuntimePeer.prepare(place, runtime(name), containers);
            case "podman-carafe" -> PodmanPeer.prepare(place, program("podman"), runtime(name));
            case "podman-crun" -> PodmanPeer.prepare(place, program("podman"), program("crun"));
            case "podman-runc" -> PodmanPeer.prepare(place, program("podman"), program("runc"));
            case "ctr-crun" -> ContainerdPeer.prepare(place, program("containerd"), program("ctr"), program("crun"));
            case "ctr-carafe" -> ContainerdPeer.prepare(place, program("containerd"), program("ctr"), runtime(name));
            case "docker" -> DockerPeer.prepare(place, program("docker"), given(options.docker(), name, "--docker"));
            default -> throw Fault.invalid("prepare", "\"" + name + "\"", "unknown peer").hint("known: " + String.join(", ", NAMES));
        };
    }

    /** Carafe called as a runtime, beside the client. */
    private Path runtime(String name) {
        return given(options.carafe(), name, "--carafe").resolveSibling("carafe-runtime");
    }

    private static Path program(String name) {
        return Workplace.program(name).orElseThrow(() -> Fault.notFound("prepare", name, "not installed"));
    }

    private static Path given(Optional<Path> path, String name, String option) {
        return path.filter(Files::exists).orElseThrow(() -> Fault.notFound("prepare", name,
                path.map(each -> "no \"" + each + "\"").orElse(option + " was not given")));
    }

    private String machine() throws IOException {
        int version = Hierarchy.accounting(Hierarchy.mounted()).version();
        return LocalDate.now() + ", Linux " + System.getProperty("os.version") + ", " + Runtime.getRuntime().availableProcessors()
                + " CPUs, control groups v" + version + ", load average " + load() + ". Medians of " + options.rounds()
                + " interleaved rounds with pauses of " + options.pauseMillis() + " ms.";
    }

    private static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    }
}
