package dev.carafe.cli;

import dev.carafe.base.Fault;
import dev.carafe.cli.command.Call;
import dev.carafe.cli.command.Commands;
import dev.carafe.cli.command.ServeFlags;
import dev.carafe.cli.flag.FlagParser;
import dev.carafe.cli.flag.Outcome;
import dev.carafe.cli.surface.ColdConsole;
import dev.carafe.cli.surface.Console;
import dev.carafe.cli.surface.Detachment;
import dev.carafe.cli.surface.Request;
import dev.carafe.cli.surface.RuntimeCaller;
import dev.carafe.cli.surface.Serving;
import dev.carafe.cli.surface.WarmEngine;
import dev.carafe.docker.ServeAddress;
import dev.carafe.engine.ContainerOptions;
import dev.carafe.engine.Engine;
import dev.carafe.engine.Installation;
import dev.carafe.engine.Preview;
import dev.carafe.engine.Roots;
import dev.carafe.kernel.Fd;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.NativeKernel;
import dev.carafe.kernel.Sockets;
import dev.carafe.plan.Plan;
import dev.carafe.runtime.ClientChannel;
import dev.carafe.runtime.HostProbe;
import dev.carafe.runtime.KeptFilters;
import dev.carafe.runtime.Performer;
import dev.carafe.runtime.SocketPerformer;
import dev.carafe.runtime.command.RuntimeCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the JVM begins, as the child of the native client: {@code --once} for one command, {@code --engine} to stay warm; or in its place, {@code --serve}.
 * The composition root of all three.
 */
public final class Main {
    private static final int REQUEST_FD = 3;
    private static final int IDLE_SECONDS = 300;
    /** Commands that somebody waits for by the millisecond; they leave to others what has to be tidied up. */
    private static final List<String> HURRIED = List.of("run", "exec", "create", "start");

    private Main() {
    }

    public static void main(String[] arguments) {
        switch (arguments.length == 0 ? "" : arguments[0]) {
            case "--once" -> once();
            case "--serve" -> serve(List.of(arguments).subList(1, arguments.length));
            case "--engine" -> engine(List.of(arguments).subList(1, arguments.length));
            default -> {
                System.err.println("carafe: start the carafe program, not java");
                System.exit(125);
            }
        }
    }

    private static void once() {
        ClientChannel channel = ClientChannel.open();
        var console = new ColdConsole(channel, Request.read(REQUEST_FD));
        int status;
        if (RuntimeCommand.isCalled(console.request().program())) {
            Roots roots = roots(List.of(), console.request().environment());
            status = RuntimeCommand.run(new RuntimeCaller(console, HostProbe.probe(installation().program().toString()), new KeptFilters(roots.filters())));
            channel.send(new byte[] {'Q', (byte) status});
            leave(status);
            return;
        }
        List<String> words = words(console.request().arguments());
        boolean hurried = words.isEmpty() || HURRIED.contains(words.getFirst());
        try (var opening = new Opening(roots(console.request().arguments(), console.request().environment()), channel, !hurried)) {
            status = run(console, opening);
        }
        channel.send(new byte[] {'Q', (byte) status});
        leave(status);
    }

    /** Nothing is left to be done that the end of the process would not do, and an orderly end of Java takes milliseconds; but the build trains a cache with it. */
    private static void leave(int status) {
        if (Boolean.getBoolean("carafe.training")) {
            // Not by way of exit, which would have logging in the cache.
            Training.finish();
            return;
        }
        Runtime.getRuntime().halt(status);
    }

    private static int run(Console console, Call.Provider provider) {
        try {
            return Commands.run(console, words(console.request().arguments()), provider);
        } catch (Fault fault) {
            console.error("carafe: " + fault.getMessage() + "\n");
            return 125;
        }
    }

    /** Opens an engine when a command needs one. */
    private static final class Opening implements Call.Provider, AutoCloseable {
        private final Roots roots;
        private final ClientChannel channel;
        private final boolean recovers;
        private @Nullable Engine engine;
        private @Nullable Engine working;

        /** @param recovers whether what killed processes left is finished first */
        Opening(Roots roots, ClientChannel channel, boolean recovers) {
            this.roots = roots;
            this.channel = channel;
            this.recovers = recovers;
        }

        @Override
        public Engine engine() {
            Engine open = engine;
            if (open == null) {
                open = open(roots, channel, channel);
                engine = open;
                if (recovers) {
                    open.recover();
                }
            }
            return open;
        }

        /** The client answers one call at a time, so work of many threads takes an engine that links the calls, which is worth its time then. */
        @Override
        public Engine working() {
            Engine open = working;
            if (open == null) {
                open = Engine.open(roots, installation());
                working = open;
                open.recover();
            }
            return open;
        }

        /** Gives back what an engine keeps for the next container, since there is none. */
        @Override
        public void close() {
            Engine other = working;
            if (other != null) {
                other.close();
            }
            Engine open = engine;
            if (open != null) {
                try {
                    open.close();
                } catch (Fault gone) {
                    // The client has been killed, through which this process calls the kernel; the next engine recovers.
                }
            }
        }

        @Override
        public Plan preview(ContainerOptions options) {
            // Whoever owns the store may plan for what is in it; for anybody else there are the embedded images.
            if (Files.isWritable(roots.root())) {
                return engine().containers().plan(options);
            }
            Installation installation = installation();
            return Preview.plan(options, installation, roots, HostProbe.probeForRoot(installation.program().toString()));
        }
    }

    /** The warm engine, which is there already. */
    private record Shared(Engine engine) implements Call.Provider {
        @Override
        public Plan preview(ContainerOptions options) {
            return engine.containers().plan(options);
        }
    }

    private static Installation installation() {
        return Installation.at(Path.of(System.getProperty("carafe.home")));
    }

    private static void engine(List<String> arguments) {
        // The performer, its parent, has the name and the words of the call that started it; those of the runtime are not about engines.
        boolean beneath = RuntimeCommand.isCalled(parentProgram());
        Roots roots = roots(beneath ? List.of() : arguments, System.getenv());
        Kernel kernel = new NativeKernel();
        var performerSocket = new Fd(kernel, 0);
        try (Engine engine = open(roots, kernel, new SocketPerformer(kernel, performerSocket))) {
            var filters = new KeptFilters(roots.filters());
            var service = new WarmEngine.Service() {
                @Override
                public int run(Engine shared, Console console) {
                    if (RuntimeCommand.isCalled(console.request().program())) {
                        return RuntimeCommand.run(new RuntimeCaller(console, shared.host(), filters));
                    }
                    return Main.run(console, new Shared(shared));
                }

                @Override
                public boolean concerns(Request request, Roots mine) {
                    if (isServer(request)) {
                        return false;
                    }
                    // The runtime has a state root of its own; engines above it give it hardly any environment.
                    return RuntimeCommand.isCalled(request.program()) || roots(request.arguments(), request.environment()).equals(mine);
                }

                @Override
                public List<String> surroundings(Request request) {
                    // The runtime's containers are performed by the client, in whatever namespaces it lives.
                    return RuntimeCommand.isCalled(request.program()) ? WarmEngine.PLANNING : WarmEngine.SURROUNDINGS;
                }

                @Override
                public Engine engine(Roots others, Performer performer) {
                    return open(others, kernel, performer);
                }
            };
            String idle = System.getenv().getOrDefault("CARAFE_ENGINE_IDLE", "");
            if (beneath) {
                Detachment.leaveCaller(engine.host().cgroups());
            }
            new WarmEngine(engine, kernel, service, (idle.isEmpty() ? IDLE_SECONDS : Integer.parseInt(idle)) * 1000)
                    .serve(() -> Sockets.send(kernel, performerSocket, new byte[] {'K'}));
        }
        leave(0);
    }

    /** @param arguments the process that had the client become this one, then the words of the call */
    private static void serve(List<String> arguments) {
        List<String> words = arguments.subList(1, arguments.size());
        Roots roots = roots(words, System.getenv());
        int status = 0;
        try {
            if (!(FlagParser.parse(ServeFlags.SPEC, words(words).subList(1, words(words).size())) instanceof Outcome.Accepted accepted)) {
                throw new IllegalStateException("the words were accepted before");
            }
            List<ServeAddress> addresses = ServeFlags.addresses(accepted.values(), roots, System.getenv(), Path.of(""));
            Kernel kernel = new NativeKernel();
            makeDirectories(roots);
            try (Engine engine = open(roots, kernel, SocketPerformer.start(kernel, installation().program(), roots.run()))) {
                Serving.serve(engine, kernel, addresses, Long.parseLong(arguments.getFirst()));
            }
        } catch (Fault fault) {
            System.err.println("carafe: " + fault.getMessage());
            status = 1;
        }
        leave(status);
    }

    private static String parentProgram() {
        try {
            String line = Files.readString(Path.of("/proc/" + ProcessHandle.current().parent().orElseThrow().pid() + "/cmdline"));
            String program = line.substring(0, Math.max(0, line.indexOf('\0')));
            return program.substring(program.lastIndexOf('/') + 1);
        } catch (IOException e) {
            return "";
        }
    }

    private static Engine open(Roots roots, Kernel kernel, Performer performer) {
        Installation installation = installation();
        makeDirectories(roots);
        return Engine.of(new Engine.Parts(roots, kernel, installation.program(), installation.embedded(),
                HostProbe.probe(installation.program().toString()), performer));
    }

    private static void makeDirectories(Roots roots) {
        try {
            Files.createDirectories(roots.run());
            Files.createDirectories(roots.root());
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.PERMISSION, "open", "\"" + roots.root() + "\" and \"" + roots.run() + "\"", String.valueOf(e.getMessage())).cause(e)
                    .hint("run as root, or choose directories of your own with --root and --run-root");
        } catch (UncheckedIOException e) {
            throw Fault.of(Fault.Kind.PERMISSION, "open", "\"" + roots.root() + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }

    /** From the options before the command, else from the environment, else the usual ones. */
    private static Roots roots(List<String> arguments, Map<String, String> environment) {
        String root = environment.getOrDefault("CARAFE_ROOT", "");
        String run = environment.getOrDefault("CARAFE_RUN_ROOT", "");
        for (int k = 0; k < arguments.size() && arguments.get(k).startsWith("-"); k++) {
            String word = arguments.get(k);
            if (word.equals("--root") && k + 1 < arguments.size()) {
                root = arguments.get(++k);
            } else if (word.equals("--run-root") && k + 1 < arguments.size()) {
                run = arguments.get(++k);
            } else if (word.startsWith("--root=")) {
                root = word.substring(7);
            } else if (word.startsWith("--run-root=")) {
                run = word.substring(11);
            }
        }
        return new Roots(root.isEmpty() ? Roots.DEFAULT_ROOT : Path.of(root).toAbsolutePath(), run.isEmpty() ? Roots.DEFAULT_RUN : Path.of(run).toAbsolutePath());
    }

    /** A server is a process of its own, with its own signals. */
    private static boolean isServer(Request request) {
        List<String> words = words(request.arguments());
        return !words.isEmpty() && words.getFirst().equals("serve") && !RuntimeCommand.isCalled(request.program());
    }

    /** The words behind the global options. */
    private static List<String> words(List<String> arguments) {
        int at = 0;
        while (at < arguments.size()) {
            String word = arguments.get(at);
            if (word.equals("--root") || word.equals("--run-root")) {
                at += 2;
            } else if (word.startsWith("--root=") || word.startsWith("--run-root=")) {
                at++;
            } else {
                break;
            }
        }
        return arguments.subList(Math.min(at, arguments.size()), arguments.size());
    }
}
