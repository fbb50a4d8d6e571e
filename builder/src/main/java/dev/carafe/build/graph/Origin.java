package dev.carafe.build.graph;

import java.util.Optional;

/** Where files come from. */
public sealed interface Origin {
    /** An empty file system. */
    record Scratch() implements Origin {
    }

    /** What another stage of the same file has made. */
    record Stage(int index) implements Origin {
    }

    /** An image. @param platform of which it is to be; absent: the build's target */
    record Image(String reference, Optional<String> platform) implements Origin {
    }

    /** Files that come with the build. @param name empty for the main context */
    record Context(String name) implements Origin {
    }
}
