package dev.carafe.transport.registry;

import java.util.List;

/**
 * What rights a request needs, in the words of token services: {@code repository:NAME:pull,push}.
 *
 * @param repository the repository that credentials are looked up for; empty for the registry itself
 */
record Scope(String repository, List<String> words) {
    /** Of the first request, which is to be anonymous: its refusal tells how to ask. Told from others by identity. */
    static final Scope GREETING = new Scope("", List.of());
    static final Scope NONE = new Scope("", List.of());
    static final Scope CATALOG = new Scope("", List.of("registry:catalog:*"));

    static Scope pull(String repository) {
        return new Scope(repository, List.of("repository:" + repository + ":pull"));
    }

    static Scope push(String repository) {
        return new Scope(repository, List.of("repository:" + repository + ":pull,push"));
    }

    static Scope delete(String repository) {
        return new Scope(repository, List.of("repository:" + repository + ":delete,pull"));
    }

    /** To push by mounting what another repository has. */
    static Scope mount(String repository, String from) {
        return new Scope(repository, List.of("repository:" + repository + ":pull,push", "repository:" + from + ":pull"));
    }

    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
