package dev.carafe.engine;

import java.util.Optional;

/** Whose namespace of one kind a container lives in (namespaces(7)). */
public sealed interface NamespaceMode {
    /** As {@link #parse} reads it, and as docker's inspect shows it. */
    String word();

    /** What the engine does unless told otherwise. */
    record Usual() implements NamespaceMode {
        @Override
        public String word() {
            return "default";
        }
    }

    /** One of its own. */
    record Private() implements NamespaceMode {
        @Override
        public String word() {
            return "private";
        }
    }

    /** One of its own that other containers may join; for IPC only. */
    record Shareable() implements NamespaceMode {
        @Override
        public String word() {
            return "shareable";
        }
    }

    /** One of its own with nothing in it: no /dev/shm, no network but loopback. */
    record None() implements NamespaceMode {
        @Override
        public String word() {
            return "none";
        }
    }

    /** The host's. */
    record Host() implements NamespaceMode {
        @Override
        public String word() {
            return "host";
        }
    }

    /** That of another container, which must be running: its name, or its id or a part of it. */
    record Container(String reference) implements NamespaceMode {
        @Override
        public String word() {
            return "container:" + reference;
        }
    }

    /** A network of the engine by its name; for networks only. */
    record Named(String name) implements NamespaceMode {
        @Override
        public String word() {
            return name;
        }
    }

    /** The one that a file of the host stands for, such as {@code /run/netns/blue}; for networks only. */
    record At(String path) implements NamespaceMode {
        @Override
        public String word() {
            return "ns:" + path;
        }
    }

    /**
     * Reads a word that all kinds share: nothing or {@code default}, {@code private}, {@code shareable}, {@code none}, {@code host},
     * {@code container:REFERENCE}; empty for any other. Which of them a kind allows is for the caller to say.
     */
    static Optional<NamespaceMode> parse(String text) {
        return switch (text) {
            case "", "default" -> Optional.of(new Usual());
            case "private" -> Optional.of(new Private());
            case "shareable" -> Optional.of(new Shareable());
            case "none" -> Optional.of(new None());
            case "host" -> Optional.of(new Host());
            default -> text.startsWith("container:") && text.length() > "container:".length()
                    ? Optional.of(new Container(text.substring("container:".length())))
                    : Optional.empty();
        };
    }
}
