package dev.carafe.build.dockerfile;

import java.util.Optional;

/**
 * The parser directives at the head of a file (Dockerfile reference, "Parser directives").
 *
 * @param syntax the front end that its author had in mind; this one reads them all
 * @param escape what continues lines and escapes characters
 * @param check how the file is to be checked
 */
public record Directives(Optional<String> syntax, char escape, Optional<String> check) {
    /** None said. */
    public static final Directives USUAL = new Directives(Optional.empty(), '\\', Optional.empty());
}
