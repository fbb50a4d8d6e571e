package dev.carafe.cli.run;

import dev.carafe.base.Fault;
import dev.carafe.cli.flag.Numbers;
import dev.carafe.cli.flag.Values;
import dev.carafe.engine.ContainerOptions;
import dev.carafe.engine.HealthAction;
import dev.carafe.oci.Healthcheck;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The options that begin with {@code --health}, and {@code --no-healthcheck}. */
final class HealthWords {
    private static final List<String> OPTIONS = List.of("health-cmd", "health-interval", "health-retries", "health-start-interval", "health-start-period", "health-timeout");

    private HealthWords() {
    }

    static void apply(Values values, ContainerOptions.Builder options) {
        boolean given = false;
        for (String option : OPTIONS) {
            given |= values.given(option);
        }
        if (values.on("no-healthcheck")) {
            if (given) {
                throw Fault.invalid("--no-healthcheck", "", "it conflicts with --health-* options");
            }
            options.health(Healthcheck.NONE);
        } else if (given) {
            options.health(new Healthcheck(test(values.text("health-cmd")), time(values, "health-interval"), time(values, "health-timeout"),
                    time(values, "health-start-period"), time(values, "health-start-interval"), retries(values)));
        }
        if (values.given("health-on-failure")) {
            String word = values.text("health-on-failure");
            options.onUnhealthy(HealthAction.parse(word).orElseThrow(() -> Fault.invalid("--health-on-failure", "", "'" + word
                    + "' must be one of \"none\", \"kill\", \"restart\" or \"stop\"")));
        }
    }

    private static List<String> test(String command) {
        return command.isEmpty() ? List.of() : List.of("CMD-SHELL", command);
    }

    private static Optional<Duration> time(Values values, String option) {
        Duration time = values.given(option) ? Numbers.parseDuration(values.text(option)) : Duration.ZERO;
        if (time.isNegative()) {
            throw Fault.invalid("--" + option, "", "it cannot be negative");
        }
        return time.isZero() ? Optional.empty() : Optional.of(time);
    }

    private static Optional<Integer> retries(Values values) {
        long number = values.number("health-retries");
        if (number < 0) {
            throw Fault.invalid("--health-retries", "", "it cannot be negative");
        }
        return number == 0 ? Optional.empty() : Optional.of((int) Math.min(number, Integer.MAX_VALUE));
    }
}
