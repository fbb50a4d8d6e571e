package dev.carafe.engine;

import com.google.gson.JsonObject;
import dev.carafe.base.ByteSize;
import dev.carafe.base.Durations;
import dev.carafe.kernel.Signal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Says in one paragraph why a container ended, by what its monitor noted, what was asked of it, and what it said last. */
final class WhyExited {
    private static final int LAST_LINES = 3;
    private static final int SIGILL = 4;
    private static final int SIGABRT = 6;
    private static final int SIGBUS = 7;
    private static final int SIGFPE = 8;
    private static final int SIGKILL = 9;
    private static final int SIGSEGV = 11;
    private static final int SIGTERM = 15;
    private static final int SIGSYS = 31;

    private final Containers all;
    private final Container container;

    WhyExited(Containers all, Container container) {
        this.all = all;
        this.container = container;
    }

    String tell() {
        ContainerStatus status = container.status();
        String name = container.record().name();
        if (status.running()) {
            return name + " has not ended: it " + (status.isPaused() ? "is paused" : "runs") + " as process " + status.pid() + ".";
        }
        if (status.phase() == ContainerStatus.Phase.CREATED) {
            return status.error().isEmpty() ? name + " was never started." : name + " could not be started: " + status.error() + ".";
        }
        String lasted = status.finishedAt() > status.startedAt()
                ? " after " + Durations.human(Duration.ofNanos(status.finishedAt() - status.startedAt())).toLowerCase(java.util.Locale.ROOT) : "";
        return name + reason(status, lasted) + asked(status) + health() + lastWords(status);
    }

    private String reason(ContainerStatus status, String lasted) {
        if (!status.error().isEmpty()) {
            return " ended" + lasted + ": " + status.error() + ".";
        }
        if (status.outOfMemory()) {
            long limit = limit();
            return " ended" + lasted + " with status " + status.exitCode() + ", and the kernel killed at least one of its processes for lack of memory"
                    + (limit > 0 ? ": its limit is " + new ByteSize(limit).binary() + "; give it more with --memory, or update it" : "") + ".";
        }
        int code = status.exitCode();
        boolean signalled = all.store.signalled(container.id());
        if (signalled) {
            return " was ended by signal " + new Signal(code - 128).word() + lasted + signal(code - 128) + ".";
        }
        String program = container.bundle().process().orElseThrow().args().getFirst();
        return " ended by itself with status " + code + lasted + switch (code) {
            case 0 -> ", which stands for success";
            case 126 -> ": a shell gives 126 for a command that it cannot execute";
            case 127 -> ": a shell gives 127 for a command that it does not find";
            default -> code > 128 && code < 160 ? ": " + program + " gives 128 and a number for a child that a signal ended, here " + new Signal(code - 128).word() : "";
        } + ".";
    }

    private static String signal(int number) {
        return switch (number) {
            case SIGILL -> ": it executed an instruction that this processor does not have; the image may be for another one";
            case SIGABRT -> ": it gave itself up, as by abort(3)";
            case SIGBUS, SIGSEGV -> ": it used memory that is not its own, an error of the program";
            case SIGFPE -> ": it divided by zero, or likewise";
            case SIGSYS -> ": its filter refuses a system call that it made; see --security-opt seccomp=";
            default -> "";
        };
    }

    private long limit() {
        JsonObject hostConfig = container.record().hostConfig();
        return hostConfig.has("Memory") ? hostConfig.get("Memory").getAsLong() : 0;
    }

    /** What somebody asked for shortly before. */
    private String asked(ContainerStatus status) {
        Optional<Event> last = Optional.empty();
        try (var events = new EventLog(all, status.startedAt(), Math.min(System.currentTimeMillis() * 1_000_000, status.finishedAt() + 1_000_000_000))) {
            for (Optional<Event> event = events.next(); event.isPresent(); event = events.next()) {
                if (event.get().id().equals(container.id()) && event.get().action().equals("kill")) {
                    last = event;
                }
            }
        }
        return last.map(event -> " Before that, somebody asked for signal " + new Signal(Integer.parseInt(event.attributes().getOrDefault("signal", "15"))).word()
                + ", by stop, kill, restart or rm.").orElse("");
    }

    private String health() {
        Optional<Health> health = container.health().filter(h -> h.failures() > 0 && !h.log().isEmpty());
        return health.map(h -> " Its last " + (h.failures() == 1 ? "health check" : h.failures() + " health checks") + " had failed, with "
                + (h.log().getLast().output().isBlank() ? "status " + h.log().getLast().exitCode() : "\"" + h.log().getLast().output().strip() + "\"") + ".").orElse("");
    }

    private String lastWords(ContainerStatus status) {
        if (status.exitCode() == 0 || !container.record().logs()) {
            return "";
        }
        Deque<String> lines = new ArrayDeque<>();
        try (LogReader log = container.logs().orElse(null)) {
            if (log == null) {
                return "";
            }
            for (Optional<LogReader.Piece> piece = log.next(); piece.isPresent(); piece = log.next()) {
                if (piece.get().error()) {
                    new String(piece.get().bytes(), StandardCharsets.UTF_8).lines().filter(l -> !l.isBlank()).forEach(lines::add);
                    while (lines.size() > LAST_LINES) {
                        lines.remove();
                    }
                }
            }
        }
        return lines.isEmpty() ? "" : " Its last words on standard error: \"" + String.join("\" \"", lines) + "\".";
    }
}
