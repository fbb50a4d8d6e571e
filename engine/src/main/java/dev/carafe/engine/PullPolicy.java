package dev.carafe.engine;

/** When an image is fetched before a container is made of it. */
public enum PullPolicy {
    /** Each time, so that a moved tag is noticed. */
    ALWAYS,
    /** When it is not here yet. */
    MISSING,
    /** Not at all; a missing image is an error. */
    NEVER
}
