package dev.carafe.engine;

import dev.carafe.archive.TarEntry;
import java.util.Optional;

/**
 * How the members of an archive are called where they are unpacked.
 *
 * @param from the first part of their paths that changes; empty: none does
 * @param to what it becomes
 */
record CopyNames(String from, String to) {
    /** The member below a directory; empty for the directory itself, which stays as it is. */
    Optional<TarEntry> placed(TarEntry member, String directory) {
        String path = renamed(member.path());
        if (path.isEmpty()) {
            return Optional.empty();
        }
        boolean hard = member.kind() == TarEntry.Kind.HARD_LINK;
        return Optional.of(member.at(below(directory, path), hard ? below(directory, renamed(member.link())) : member.link()));
    }

    private static String below(String directory, String path) {
        return directory.isEmpty() ? path : directory + "/" + path;
    }

    private String renamed(String path) {
        String clean = dev.carafe.archive.MemberPath.of(path);
        String first = from.equals(".") ? "" : from;
        if (from.isEmpty()) {
            return clean;
        }
        if (clean.equals(first)) {
            return to;
        }
        if (first.isEmpty()) {
            return to + "/" + clean;
        }
        return clean.startsWith(first + "/") ? to + clean.substring(first.length()) : clean;
    }
}
