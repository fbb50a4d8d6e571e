package dev.carafe.docker;

import dev.carafe.base.Fault;
import dev.carafe.engine.Container;
import dev.carafe.engine.ContainerStatus;
import dev.carafe.engine.Engine;
import dev.carafe.oci.JsonFields;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for the end of a container, wherever it was started. */
final class WaitOperations {
    private static final int SLICE_MILLIS = 25;
    private static final int LATE_MILLIS = 5000;

    private final Engine engine;
    private final Lives lives;

    WaitOperations(Engine engine, Lives lives) {
        this.engine = engine;
        this.lives = lives;
    }

    List<Route> routes() {
        return List.of(Route.of("POST", "/containers/*/wait", this::await));
    }

    private void await(Call call) throws IOException {
        String condition = call.query().given("condition").orElse("not-running");
        if (!List.of("not-running", "next-exit", "removed").contains(condition)) {
            throw ApiFault.invalid("invalid condition: \"" + condition + "\"");
        }
        Container container = Containers.find(engine, call.name());
        // Known before the client is told that it may start it.
        ContainerStatus first = container.status();
        CompletableFuture<Integer> end = lives.nextEnd(container.id(), first.running());
        call.exchange().watch(() -> { });
        try (JsonStream answer = call.documents()) {
            Optional<Integer> code = code(call, container, condition, first, end);
            if (code.isPresent()) {
                answer.put(new JsonFields().put("StatusCode", code.get()).json());
            }
        }
    }

    /** Its exit code; empty when the client does not wait any more. */
    private Optional<Integer> code(Call call, Container container, String condition, ContainerStatus first, CompletableFuture<Integer> end) {
        ContainerStatus last = first;
        while (!call.exchange().isGone()) {
            Optional<ContainerStatus> now = status(container);
            if (now.isEmpty()) {
                // Whoever sees its end removes it first, and tells the code right then.
                boolean followed = lives.runs(container.id()) && (first.running() || condition.equals("next-exit"));
                return Optional.of((followed || end.isDone() ? told(end, LATE_MILLIS) : Optional.<Integer>empty()).orElse(last.exitCode()));
            }
            last = now.get();
            if (!last.running() && (condition.equals("not-running") || condition.equals("next-exit") && hasEnded(last) && last.finishedAt() > first.finishedAt())) {
                // Whoever sees the end knows better than what is found while it is being noted.
                return Optional.of((lives.runs(container.id()) || end.isDone() ? told(end, LATE_MILLIS) : Optional.<Integer>empty()).orElse(last.exitCode()));
            }
            if (condition.equals("removed") && end.isDone()) {
                pause();
            } else {
                Optional<Integer> told = told(end, SLICE_MILLIS);
                if (told.isPresent() && !condition.equals("removed")) {
                    return told;
                }
            }
        }
        return Optional.empty();
    }

    /** One that is just being started does not run yet, and has not ended. */
    private static boolean hasEnded(ContainerStatus status) {
        return status.phase() == ContainerStatus.Phase.EXITED || status.phase() == ContainerStatus.Phase.RESTARTING;
    }

    /** Empty once it is removed. */
    private Optional<ContainerStatus> status(Container container) {
        try {
            return Optional.of(engine.containers().find(container.id()).status());
        } catch (Fault gone) {
            return Optional.empty();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(SLICE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Optional<Integer> told(CompletableFuture<Integer> end, int millis) {
        try {
            return Optional.of(end.get(millis, TimeUnit.MILLISECONDS));
        } catch (TimeoutException notYet) {
            return Optional.empty();
        } catch (ExecutionException never) {
            throw new IllegalStateException(never);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(-1);
        }
    }
}
