package dev.carafe.build.dockerfile;

import java.util.Map;
import java.util.Optional;

/** What names stand for where variables are replaced. */
@FunctionalInterface
public interface Variables {
    /** Nothing is set. */
    Variables NONE = name -> Optional.empty();

    /** The value; empty when the name is not set. */
    Optional<String> value(String name);

    /** Those of a map. */
    static Variables of(Map<String, String> values) {
        return name -> Optional.ofNullable(values.get(name));
    }
}
