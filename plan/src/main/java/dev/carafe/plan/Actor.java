package dev.carafe.plan;

/** Which process performs an operation. */
public enum Actor {
    /** The container's parent, before it clones init and while init starts. */
    MONITOR,
    /** The process that becomes the container's first. */
    INIT,
    /** The container's parent, once init has ended or could not start. */
    MONITOR_AFTER
}
