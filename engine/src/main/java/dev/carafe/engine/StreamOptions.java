package dev.carafe.engine;

import java.util.Set;

/**
 * What a container's caller has of its standard streams.
 *
 * @param attach the streams asked for by name; empty: standard output and error, and standard input where it is interactive
 * @param interactive whether its standard input stays open
 * @param tty whether a terminal stands in for its streams
 * @param detach whether the caller goes on at once instead of waiting
 * @param detachKeys the keys that let the caller go later
 * @param passSignals whether signals to the caller go to the container, where there is no terminal
 */
public record StreamOptions(Set<Stream> attach, boolean interactive, boolean tty, boolean detach, DetachKeys detachKeys, boolean passSignals) {
    /** The three streams of stdio(3). */
    public enum Stream {
        STDIN, STDOUT, STDERR
    }

    /** Attached to standard output and error. */
    public static final StreamOptions NONE = new StreamOptions(Set.of(), false, false, false, DetachKeys.USUAL, true);

    public StreamOptions {
        attach = Set.copyOf(attach);
    }

    /** Whether the caller is to see or feed that stream. */
    public boolean attached(Stream stream) {
        if (detach) {
            return false;
        }
        return attach.contains(stream) || switch (stream) {
            case STDIN -> interactive;
            case STDOUT, STDERR -> attach.isEmpty();
        };
    }

    public StreamOptions attach(Set<Stream> streams) {
        return new StreamOptions(streams, interactive, tty, detach, detachKeys, passSignals);
    }

    public StreamOptions interactive(boolean on) {
        return new StreamOptions(attach, on, tty, detach, detachKeys, passSignals);
    }

    public StreamOptions tty(boolean on) {
        return new StreamOptions(attach, interactive, on, detach, detachKeys, passSignals);
    }

    public StreamOptions detach(boolean on) {
        return new StreamOptions(attach, interactive, tty, on, detachKeys, passSignals);
    }

    public StreamOptions detachKeys(DetachKeys keys) {
        return new StreamOptions(attach, interactive, tty, detach, keys, passSignals);
    }

    public StreamOptions passSignals(boolean on) {
        return new StreamOptions(attach, interactive, tty, detach, detachKeys, on);
    }
}
