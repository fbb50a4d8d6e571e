package dev.carafe.engine;

import dev.carafe.base.Fault;

/** What may be asked for and this engine cannot do: refused before anything is made, by the name of the option. */
final class Refusals {
    /** The only runtime. */
    static final String RUNTIME = "carafe";
    /** The driver of logs that are kept. */
    static final String LOG_DRIVER = LogPolicy.FRAMES;

    private Refusals() {
    }

    static void check(ContainerOptions options) {
        if (options.runtime().isPresent() && !options.runtime().get().equals(RUNTIME)) {
            throw unsupported("--runtime " + options.runtime().get(), "the only runtime is " + RUNTIME, "leave the option out");
        }
        if (options.logDriver().isPresent() || !options.logOptions().isEmpty()) {
            LogPolicy.of(options.logDriver().orElse(LOG_DRIVER), options.logOptions());
        }
    }

    private static Fault unsupported(String option, String reason, String remedy) {
        return Fault.of(Fault.Kind.UNSUPPORTED, "create", option, reason).hint(remedy);
    }
}
