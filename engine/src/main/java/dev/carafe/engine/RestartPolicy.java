package dev.carafe.engine;

import dev.carafe.base.Fault;

/**
 * Whether a container is started again when it ends.
 *
 * @param kind when
 * @param retries how often at most, for {@link Kind#ON_FAILURE}; 0: without end
 */
public record RestartPolicy(Kind kind, int retries) {
    /** When a container is started again. */
    public enum Kind {
        NO("no"), ON_FAILURE("on-failure"), ALWAYS("always"), UNLESS_STOPPED("unless-stopped");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /** Never. */
    public static final RestartPolicy NO = new RestartPolicy(Kind.NO, 0);

    public RestartPolicy {
        if (retries < 0) {
            throw invalid("maximum retry count cannot be negative");
        }
        if (retries > 0 && kind != Kind.ON_FAILURE) {
            throw invalid("maximum retry count can only be used with 'on-failure'");
        }
    }

    /**
     * Reads {@code no}, {@code always}, {@code unless-stopped}, {@code on-failure} or {@code on-failure:RETRIES}; nothing is {@code no}.
     *
     * @throws Fault of kind {@code INVALID}
     */
    public static RestartPolicy parse(String text) {
        int colon = text.indexOf(':');
        String word = colon < 0 ? text : text.substring(0, colon);
        if (text.isEmpty()) {
            return NO;
        }
        if (word.isEmpty()) {
            throw invalid("no policy provided before colon");
        }
        int retries = 0;
        if (colon >= 0 && colon + 1 < text.length()) {
            try {
                retries = Integer.parseInt(text.substring(colon + 1));
            } catch (NumberFormatException notANumber) {
                throw invalid("maximum retry count must be an integer");
            }
        }
        for (Kind kind : Kind.values()) {
            if (kind.word().equals(word)) {
                return new RestartPolicy(kind, retries);
            }
        }
        throw invalid("unknown policy '" + word + "'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'");
    }

    private static Fault invalid(String reason) {
        return Fault.invalid("invalid restart policy", "", reason);
    }

    @Override
    public String toString() {
        return retries == 0 ? kind.word() : kind.word() + ":" + retries;
    }
}
