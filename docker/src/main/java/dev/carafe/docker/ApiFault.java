package dev.carafe.docker;

import dev.carafe.base.Fault;

/** A refusal with its HTTP status, in dockerd's words where clients go by them. */
final class ApiFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    ApiFault(int status, String message) {
        super(message);
        this.status = status;
    }

    static ApiFault invalid(String message) {
        return new ApiFault(400, message);
    }

    static ApiFault notFound(String message) {
        return new ApiFault(404, message);
    }

    static ApiFault conflict(String message) {
        return new ApiFault(409, message);
    }

    /** What the API has and this engine has not, by name. */
    static ApiFault unsupported(String message) {
        return new ApiFault(501, message);
    }

    int status() {
        return status;
    }

    /** How a fault of the engine is told. */
    static int status(Fault fault) {
        return switch (fault.kind()) {
            case INVALID -> 400;
            case NOT_FOUND -> 404;
            case ALREADY_EXISTS, CONFLICT -> 409;
            case PERMISSION -> 403;
            case UNSUPPORTED -> 501;
            case UNAVAILABLE, EXHAUSTED -> 503;
            case TIMEOUT -> 504;
            case CANCELLED, CORRUPT, INTERNAL -> 500;
        };
    }
}
