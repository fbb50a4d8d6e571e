package dev.carafe.build;

import dev.carafe.base.Fault;
import java.util.List;
import java.util.Optional;

/** What happens in a build. Events of steps that run at the same time are mixed; a step tells by its number whose they are. */
public sealed interface BuildEvent {
    /** The number of the step, counted from 1 in the order in which they began. */
    int step();

    /** A step begins. @param title such as {@code [2/3] RUN make} */
    record Started(int step, String title) implements BuildEvent {
    }

    /** Why a step could not be taken from the cache. */
    record Why(int step, String reason) implements BuildEvent {
    }

    /** It was taken from the cache. */
    record Cached(int step) implements BuildEvent {
    }

    /** Its command wrote something. @param nanos since the step began */
    record Output(int step, boolean error, byte[] bytes, long nanos) implements BuildEvent {
    }

    /** A line that a step tells of itself. */
    record Note(int step, String text) implements BuildEvent {
    }

    /** It has been done. */
    record Done(int step, long nanos) implements BuildEvent {
    }

    /**
     * It failed, and the build with it.
     *
     * @param excerpt the lines of the Dockerfile that it stands in
     */
    record Failed(int step, Fault fault, Optional<Excerpt> excerpt) implements BuildEvent {
    }

    /**
     * Lines of a Dockerfile.
     *
     * @param file its name
     * @param first the first line that is meant, counted from 1
     * @param last the last one
     * @param lines the whole file
     */
    record Excerpt(String file, int first, int last, List<String> lines) {
    }
}
