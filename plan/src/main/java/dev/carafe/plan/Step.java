package dev.carafe.plan;

/**
 * An operation in its place.
 *
 * @param why the option or field that asked for it, in a few words
 * @param source the section of the specification, or the man page, that the rule comes from
 */
public record Step(Actor actor, Operation operation, String why, String source) {
}
