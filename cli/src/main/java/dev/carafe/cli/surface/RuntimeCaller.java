package dev.carafe.cli.surface;

import dev.carafe.kernel.Kernel;
import dev.carafe.plan.HostFacts;
import dev.carafe.plan.seccomp.SeccompPrograms;
import dev.carafe.runtime.Performer;
import dev.carafe.runtime.SessionStreams;
import dev.carafe.runtime.command.Caller;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Whoever called the runtime, by way of the native client: the same whether that started this JVM or found a warm engine. */
public final class RuntimeCaller implements Caller {
    private final Console console;
    private final HostFacts host;
    private final SeccompPrograms filters;

    public RuntimeCaller(Console console, HostFacts host, SeccompPrograms filters) {
        this.console = console;
        this.host = host;
        this.filters = filters;
    }

    @Override
    public List<String> arguments() {
        return console.request().arguments();
    }

    @Override
    public String program() {
        return console.request().program();
    }

    @Override
    public Map<String, String> environment() {
        return console.request().environment();
    }

    @Override
    public Path directory() {
        return console.request().directory();
    }

    @Override
    public int process() {
        return console.request().process();
    }

    @Override
    public boolean isTerminal(int stream) {
        return console.request().isTerminal(stream);
    }

    @Override
    public void out(String text) {
        console.out(text);
    }

    @Override
    public void error(String text) {
        console.error(text);
    }

    @Override
    public InputStream in() {
        return console.in();
    }

    @Override
    public Kernel kernel() {
        return console.kernel();
    }

    @Override
    public HostFacts host() {
        return host;
    }

    @Override
    public SeccompPrograms filters() {
        return filters;
    }

    @Override
    public Performer performer() {
        return console.performer();
    }

    @Override
    public SessionStreams streams(boolean control, int kept) {
        SessionStreams own = console.streams(true, true, true);
        return new SessionStreams(own.input(), own.output(), own.error(), control ? own.control() : -1, kept);
    }

    @Override
    public void session(boolean raw) {
        console.session(raw, true);
    }

    @Override
    public boolean await(Performer.Performance performance) {
        return console.await(performance) == Console.Outcome.ENDED;
    }
}
