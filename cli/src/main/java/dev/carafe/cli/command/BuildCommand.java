package dev.carafe.cli.command;

import dev.carafe.base.Fault;
import dev.carafe.build.BuildRequest;
import dev.carafe.build.BuildResult;
import dev.carafe.build.Builder;
import dev.carafe.build.Prediction;
import dev.carafe.build.ProgressListener;
import dev.carafe.cli.build.BuildFlags;
import dev.carafe.cli.build.OutputWords;
import dev.carafe.cli.build.PlainProgress;
import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Values;
import dev.carafe.cli.surface.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** {@code carafe build}: make an image as a Dockerfile says. */
final class BuildCommand implements Command {
    private static final int LOOK_MILLIS = 250;

    @Override
    public CommandSpec spec() {
        return BuildFlags.SPEC;
    }

    @Override
    public int run(Call call, Values values, List<String> operands) {
        BuildRequest request = BuildFlags.read(values, operands, call.caller(), call.console()::in, new Fetching(call, true));
        Builder builder = Builder.of(call.provider().working());
        if (values.on("plan")) {
            for (Prediction step : builder.predict(request)) {
                call.console().out((step.cached() ? "CACHED  " : "RUN     ") + step.title() + (step.cached() ? "" : "\n          because " + step.reason()) + "\n");
            }
            return 0;
        }
        boolean quiet = values.on("quiet") || values.text("progress").equals("quiet");
        PlainProgress progress = new PlainProgress(call.console()::error, values.on("why"));
        ProgressListener listener = quiet ? ProgressListener.SILENT : progress;
        BuildResult result;
        try (var watch = new Watch(call.console())) {
            result = builder.build(request, listener);
            for (String words : values.list("output")) {
                OutputWords.parse(words).export(builder, result, call.console()::out, call.console().request().directory());
            }
            if (values.on("verify-reproducible")) {
                builder.verify(request, result, ProgressListener.SILENT);
                call.console().error("reproducible: a second build without the cache makes " + result.id() + ", too\n");
            }
        } catch (Fault fault) {
            call.console().error(progress.excerpt() + "ERROR: failed to build: failed to solve: " + fault.getMessage() + "\n");
            return 1;
        }
        for (String name : result.unused()) {
            call.console().error("[Warning] One or more build-args [" + name + "] were not consumed\n");
        }
        if (values.given("iidfile")) {
            write(call.path(values.text("iidfile")), result.id().toString());
        }
        if (quiet) {
            call.console().out(result.id() + "\n");
        }
        return 0;
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "write", "\"" + file + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }

    /** Ends a build that nobody waits for any more. */
    private static final class Watch implements AutoCloseable {
        private final AtomicBoolean over = new AtomicBoolean();
        private final Thread watcher;

        Watch(Console console) {
            Thread builder = Thread.currentThread();
            watcher = Thread.ofPlatform().daemon().name("watch").start(() -> {
                while (!over.get()) {
                    if (console.gone()) {
                        builder.interrupt();
                        return;
                    }
                    java.util.concurrent.locks.LockSupport.parkNanos(LOOK_MILLIS * 1_000_000L);
                }
            });
        }

        @Override
        public void close() {
            over.set(true);
            java.util.concurrent.locks.LockSupport.unpark(watcher);
            try {
                watcher.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
