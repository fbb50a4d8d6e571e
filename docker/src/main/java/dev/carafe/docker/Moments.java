package dev.carafe.docker;

import dev.carafe.base.Durations;
import dev.carafe.base.Fault;
import dev.carafe.base.Timestamps;
import java.time.Instant;
import java.util.List;

/** Moments as clients write them: seconds since 1970, RFC 3339, or how long ago. */
final class Moments {
    private Moments() {
    }

    /** What the filter {@code until} says; else a moment that has not come. */
    static Instant until(FilterSet filters) {
        List<String> words = filters.of("until");
        if (words.size() > 1) {
            throw ApiFault.invalid("more than one until filter specified");
        }
        return words.isEmpty() ? Instant.MAX : parse(words.getFirst());
    }

    static Instant parse(String text) {
        try {
            if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9' || c == '.')) {
                long nanos = LogPrinter.moment(text, 0);
                return Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000);
            }
            if (text.indexOf('T') < 0 && text.indexOf('-') < 0) {
                return Instant.now().minus(Durations.parse(text));
            }
            return Timestamps.parse(text.indexOf('T') < 0 ? text + "T00:00:00Z" : text);
        } catch (Fault bad) {
            throw ApiFault.invalid("invalid value for \"until\": " + text);
        }
    }
}
