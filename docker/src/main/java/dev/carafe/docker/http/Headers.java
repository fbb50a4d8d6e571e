package dev.carafe.docker.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The fields of a head in their order; names are not case-sensitive (RFC 9110, 5.1). */
public final class Headers {
    private final List<String> names = new ArrayList<>();
    private final List<String> values = new ArrayList<>();

    void add(String name, String value) {
        names.add(name.toLowerCase(Locale.ROOT));
        values.add(value);
    }

    int size() {
        return names.size();
    }

    /** The first field of that name. */
    public Optional<String> get(String name) {
        int at = names.indexOf(name.toLowerCase(Locale.ROOT));
        return at < 0 ? Optional.empty() : Optional.of(values.get(at));
    }

    int count(String name) {
        int count = 0;
        for (String other : names) {
            count += other.equals(name) ? 1 : 0;
        }
        return count;
    }

    /** Whether a field of that name, which is a list, has that word, such as {@code Connection: keep-alive, Upgrade}. */
    public boolean hasWord(String name, String word) {
        for (int k = 0; k < names.size(); k++) {
            if (names.get(k).equals(name)) {
                for (String part : values.get(k).split(",")) {
                    if (part.strip().equalsIgnoreCase(word)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
