package dev.carafe.archive;

import dev.carafe.base.Fault;

/**
 * The path of an archive's member, relative to the root that it is unpacked into: no leading slash, no empty component, no dot
 * or dot-dot. A path that climbs above the root is a fault; an absolute one starts at the root, as every engine reads it.
 */
public final class MemberPath {
    private MemberPath() {}

    /** The clean form of what an archive says; empty for the root itself. */
    public static String of(String path) {
        if (isClean(path)) {
            return path;
        }
        var clean = new StringBuilder(path.length());
        int start = 0;
        while (start <= path.length()) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            String component = path.substring(start, end);
            if (component.equals("..")) {
                climb(clean, path);
            } else if (!component.isEmpty() && !component.equals(".")) {
                clean.append(clean.isEmpty() ? "" : "/").append(component);
            }
            start = end + 1;
        }
        return clean.toString();
    }

    private static void climb(StringBuilder clean, String path) {
        if (clean.isEmpty()) {
            throw Fault.invalid("unpack", Shown.path(path), "the path leads out of the archive's root");
        }
        clean.setLength(Math.max(clean.lastIndexOf("/"), 0));
    }

    private static boolean isClean(String path) {
        int start = 0;
        for (int i = 0; i <= path.length(); i++) {
            if (i == path.length() || path.charAt(i) == '/') {
                boolean dots = i - start <= 2 && (i == start || path.charAt(start) == '.' && path.charAt(i - 1) == '.');
                if (dots) {
                    return false;
                }
                start = i + 1;
            }
        }
        return true;
    }

    /** The directory that holds a clean path; empty for the root. */
    static String parent(String clean) {
        int slash = clean.lastIndexOf('/');
        return slash < 0 ? "" : clean.substring(0, slash);
    }

    /** The last component of a clean path. */
    static String name(String clean) {
        return clean.substring(clean.lastIndexOf('/') + 1);
    }
}
