package dev.carafe.engine;

import dev.carafe.base.Fault;
import dev.carafe.oci.Healthcheck;

/** What may be asked for and this engine cannot do: refused before anything is made, by the name of the option. */
final class Refusals {
    /** The only runtime. */
    static final String RUNTIME = "carafe";
    /** The driver of logs that are kept. */
    static final String LOG_DRIVER = "carafe";
    /** That of logs that are not. */
    static final String NO_LOG = "none";

    private Refusals() {
    }

    static void check(ContainerOptions options) {
        if (options.runtime().isPresent() && !options.runtime().get().equals(RUNTIME)) {
            throw unsupported("--runtime " + options.runtime().get(), "the only runtime is " + RUNTIME, "leave the option out");
        }
        String driver = options.logDriver().orElse(LOG_DRIVER);
        if (!driver.equals(LOG_DRIVER) && !driver.equals(NO_LOG)) {
            throw unsupported("--log-driver " + driver, "the drivers are " + LOG_DRIVER + " and " + NO_LOG, "leave the option out; carafe logs reads what is kept");
        }
        if (!options.logOptions().isEmpty()) {
            throw unsupported("--log-opt " + options.logOptions().keySet().iterator().next(), "the log drivers take no options", "leave the option out");
        }
        if (options.health().isPresent() && !options.health().get().equals(Healthcheck.NONE)) {
            throw unsupported("--health-cmd", "this engine makes no health checks", "leave the option out");
        }
    }

    private static Fault unsupported(String option, String reason, String remedy) {
        return Fault.of(Fault.Kind.UNSUPPORTED, "create", option, reason).hint(remedy);
    }
}
