package dev.carafe.transport.registry;

import dev.carafe.base.Fault;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** When and how often something that failed for now is tried again: pauses that double, or what the server asks for. */
final class Retry {
    /** A server that asks for a longer pause is taken to say no. */
    static final Duration LONGEST = Duration.ofSeconds(60);

    private final int most;
    private final Duration first;
    private int done;

    Retry(RegistrySettings settings) {
        this.most = settings.retries();
        this.first = settings.backoff();
    }

    /** Whether a status means that the same request may succeed later (RFC 9110 section 15, RFC 6585 section 4). */
    static boolean isForNow(int status) {
        return status == 408 || status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
    }

    /** Waits before the next attempt; false when there is none left. */
    boolean again(Optional<Duration> asked) {
        if (done >= most || asked.filter(pause -> pause.compareTo(LONGEST) > 0).isPresent()) {
            return false;
        }
        long pause = first.toMillis() << Math.min(done++, 16);
        pause += ThreadLocalRandom.current().nextLong(pause / 4 + 1);
        pause = Math.min(Math.max(pause, asked.map(Duration::toMillis).orElse(0L)), LONGEST.toMillis());
        try {
            Thread.sleep(pause);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.of(Fault.Kind.CANCELLED, "wait for", "the registry", "interrupted");
        }
    }

    /** Progress has been made, so that the next failure is the first again. */
    void reset() {
        done = 0;
    }

    /** What the server asks for: Retry-After in seconds or as a date (RFC 9110 section 10.2.3). */
    static Optional<Duration> asked(HttpResponse<?> response) {
        Optional<String> header = response.headers().firstValue("Retry-After");
        if (header.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Duration.ofSeconds(Math.max(0, Long.parseLong(header.get().strip()))));
        } catch (NumberFormatException notSeconds) {
            try {
                Instant until = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header.get().strip()));
                Duration left = Duration.between(Instant.now(), until);
                return Optional.of(left.isNegative() ? Duration.ZERO : left);
            } catch (DateTimeException notDate) {
                return Optional.empty();
            }
        }
    }
}
