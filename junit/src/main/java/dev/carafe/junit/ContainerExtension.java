package dev.carafe.junit;

import dev.carafe.base.Fault;
import dev.carafe.engine.Container;
import dev.carafe.engine.ContainerOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A container around tests, for a field with {@code @RegisterExtension}: of the class where the field is static, else of each test. It is started and ready before
 * they begin, and removed with its nameless volumes after them, whether they passed or not.
 */
public final class ContainerExtension implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(ContainerExtension.class);
    private static final int SLICE_MILLIS = 20;
    private static final int LAST_WORDS = 2000;

    private final ContainerOptions options;
    private final Readiness readiness;
    private final Duration patience;
    private @Nullable TestSession session;
    private @Nullable Container container;
    private boolean ofClass;

    private ContainerExtension(ContainerOptions options, Readiness readiness, Duration patience) {
        this.options = options;
        this.readiness = readiness;
        this.patience = patience;
    }

    /** A container of those options, used as soon as its program runs; waited for at most a minute. */
    public static ContainerExtension of(ContainerOptions options) {
        return new ContainerExtension(options, Readiness.started(), Duration.ofMinutes(1));
    }

    public ContainerExtension readyWhen(Readiness condition) {
        return new ContainerExtension(options, condition, patience);
    }

    /** How long it is waited for. */
    public ContainerExtension within(Duration time) {
        return new ContainerExtension(options, readiness, time);
    }

    /** The container, while tests run. */
    public Container container() {
        Container now = container;
        if (now == null) {
            throw new IllegalStateException("no test runs");
        }
        return now;
    }

    /** Where the test finds it: its address, or the loopback address where it is on the host's network. */
    public String address() {
        return Addresses.of(container());
    }

    /** What it has said so far, on both streams. */
    public String output() {
        return Readiness.Log.text(container());
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        ofClass = true;
        start(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (!ofClass) {
            start(context);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (!ofClass) {
            remove();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        ofClass = false;
        remove();
    }

    private void start(ExtensionContext context) {
        // One engine for all tests of the JVM; the store closes it after the last of them.
        TestSession open = context.getRoot().getStore(NAMESPACE).computeIfAbsent(TestSession.class, key -> TestSession.open(), TestSession.class);
        session = open;
        Container begun = open.start(options);
        container = begun;
        try {
            await(begun);
        } catch (Fault late) {
            remove();
            throw late;
        }
    }

    private void await(Container begun) {
        long end = System.nanoTime() + patience.toNanos();
        while (!readiness.isReady(begun)) {
            boolean ended = !begun.status().running();
            if (ended || System.nanoTime() > end) {
                String said = Readiness.Log.text(begun);
                throw Fault.of(ended ? Fault.Kind.CONFLICT : Fault.Kind.TIMEOUT, "wait for", "\"" + begun.record().name() + "\"",
                        (ended ? "it ended with status " + begun.status().exitCode() + " before there was " : "within " + patience.toMillis() + " ms there was not ")
                                + readiness.what() + (said.isEmpty() ? "; it said nothing" : "; it said: " + said.substring(Math.max(0, said.length() - LAST_WORDS)).strip()));
            }
            try {
                Thread.sleep(SLICE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Fault.of(Fault.Kind.CANCELLED, "wait for", "\"" + begun.record().name() + "\"", "interrupted");
            }
        }
    }

    private void remove() {
        TestSession open = session;
        Container begun = container;
        container = null;
        if (open != null && begun != null) {
            open.remove(begun);
        }
    }
}
