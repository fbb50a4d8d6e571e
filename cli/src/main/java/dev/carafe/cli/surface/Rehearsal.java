package dev.carafe.cli.surface;

import dev.carafe.engine.Container;
import dev.carafe.engine.Engine;
import dev.carafe.engine.Roots;
import dev.carafe.engine.Run;
import dev.carafe.kernel.Directory;
import dev.carafe.kernel.FileSystem;
import dev.carafe.kernel.Kernel;
import dev.carafe.runtime.Performer;
import dev.carafe.runtime.SessionStreams;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Goes through the command that people wait for most before anybody waits for it, since code that has run is compiled. Everything is as it
 * will be, but for the store, which is one of its own below the run root, the user, who sees nothing, and the plans, which nobody performs.
 */
final class Rehearsal implements AutoCloseable {
    private static final String STORE = "rehearsal";
    private static final Request REQUEST = new Request("carafe", List.of("run", "--rm", "--network", "none", "host:", "true"), Map.of(), Path.of("/"), 0, 0, 0, 0, -1);

    private final Kernel kernel;
    private final FileSystem files;
    private final Directory run;
    private final WarmEngine.Service service;
    private final Engine stage;

    /** Takes away what a rehearsal left that was interrupted. */
    Rehearsal(Kernel kernel, Roots roots, WarmEngine.Service service) {
        this.kernel = kernel;
        this.files = new FileSystem(kernel);
        this.run = files.directory(roots.run().toString());
        this.service = service;
        run.removeTree(STORE);
        run.mkdir(STORE, 0700);
        Path store = roots.run().resolve(STORE);
        this.stage = service.engine(new Roots(store.resolve("root"), store.resolve("run")), new Nobody());
    }

    void play() {
        service.run(stage, new Nowhere(kernel));
    }

    @Override
    public void close() {
        stage.close();
        run.removeTree(STORE);
        run.close();
        files.close();
    }

    /** Says of every plan that it was performed. */
    private static final class Nobody implements Performer {
        @Override
        public Performance perform(Path program, SessionStreams session) {
            return new Performance() {
                @Override
                public boolean awaitStart() {
                    return true;
                }

                @Override
                public void awaitEnd() {
                    // Nothing runs.
                }

                @Override
                public int descriptor() {
                    return -1;
                }

                @Override
                public void close() {
                    // Nothing is held.
                }
            };
        }

        @Override
        public void close() {
            // Nobody is there.
        }
    }

    /** A user who is not there. */
    private record Nowhere(Kernel kernel) implements Console {
        @Override
        public Request request() {
            return REQUEST;
        }

        @Override
        public void out(byte[] bytes) {
            // Nobody reads it.
        }

        @Override
        public void error(byte[] bytes) {
            // Nobody reads it.
        }

        @Override
        public InputStream in() {
            return InputStream.nullInputStream();
        }

        @Override
        public SessionStreams streams(boolean input, boolean output, boolean error) {
            return SessionStreams.NONE;
        }

        @Override
        public void session(boolean raw, boolean signals) {
            // There is no terminal.
        }

        @Override
        public Outcome await(Performer.Performance performance) {
            return Outcome.ENDED;
        }

        @Override
        public Performer performer() {
            return new Nobody();
        }

        @Override
        public Outcome awaitSession(BooleanSupplier running) {
            return Outcome.ENDED;
        }

        @Override
        public boolean gone() {
            return false;
        }

        @Override
        public void leave(Run run, Container container) {
            run.close();
        }
    }
}
