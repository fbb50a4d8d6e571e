package dev.carafe.docker;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where an operation is found.
 *
 * @param method such as {@code GET}
 * @param parts of the path: words, {@code *} for any one part, {@code **} for one or more, since names of images have slashes
 */
record Route(String method, List<String> parts, Operation operation) {
    static Route of(String method, String path, Operation operation) {
        return new Route(method, List.of(path.substring(1).split("/")), operation);
    }

    /** What stands in its places, not yet decoded; empty when the path is another. */
    Optional<List<String>> match(List<String> path) {
        int more = path.size() - parts.size();
        if (more < 0) {
            return Optional.empty();
        }
        var places = new ArrayList<String>();
        int at = 0;
        for (String part : parts) {
            int used = part.equals("**") ? 1 + more : 1;
            if (part.startsWith("*")) {
                places.add(String.join("/", path.subList(at, at + used)));
            } else if (!part.equals(path.get(at))) {
                return Optional.empty();
            }
            at += used;
        }
        return at == path.size() ? Optional.of(places) : Optional.empty();
    }
}
