package dev.carafe.cli.surface;

import dev.carafe.base.Fault;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.SystemCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The native client that started this JVM, which makes system calls on its behalf; so it can have the client execute another program. */
public final class ClientProcess {
    private ClientProcess() {
    }

    /**
     * The client becomes a JVM that stays, started as engines are, with those words; this process ends.
     *
     * @throws Fault when it cannot, or is none that could
     */
    public static void become(Console console, List<String> words) {
        if (!(console instanceof ColdConsole)) {
            throw Fault.of(Fault.Kind.INTERNAL, "become", "a server", "the client belongs to another engine");
        }
        Kernel kernel = console.kernel();
        List<String> arguments = new ArrayList<>(java(Path.of(System.getProperty("carafe.home"), "lib", "engine.argv")));
        arguments.addAll(words);
        var environment = new ArrayList<String>();
        for (Map.Entry<String, String> variable : console.request().environment().entrySet()) {
            environment.add(variable.getKey() + "=" + variable.getValue());
        }
        try (Texts argv = new Texts(kernel, arguments); Texts envp = new Texts(kernel, environment); Memory path = kernel.string(arguments.getFirst())) {
            long refused;
            try {
                refused = kernel.call(SystemCall.EXECVE, path.address(), argv.address(), envp.address());
            } catch (Fault become) {
                // There is no client any more that could answer.
                Runtime.getRuntime().halt(0);
                throw become;
            }
            Kernel.check(refused, "execute", "\"" + arguments.getFirst() + "\"");
        }
    }

    private static List<String> java(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "read", "\"" + file + "\"", String.valueOf(e.getMessage())).cause(e).hint("the installation is incomplete; build it again");
        }
    }

    /** Texts, and an array of their addresses with a null at its end, as execve(2) takes them. */
    private static final class Texts implements AutoCloseable {
        private final List<Memory> texts = new ArrayList<>();
        private final Memory array;

        Texts(Kernel kernel, List<String> all) {
            array = kernel.allocate(8 * (all.size() + 1));
            for (int k = 0; k < all.size(); k++) {
                Memory text = kernel.string(all.get(k));
                texts.add(text);
                array.bytes().putLong(8 * k, text.address());
            }
        }

        long address() {
            return array.address();
        }

        @Override
        public void close() {
            texts.forEach(Memory::close);
            array.close();
        }
    }
}
