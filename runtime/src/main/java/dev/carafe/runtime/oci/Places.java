package dev.carafe.runtime.oci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Where mounts of a container are, in the words of whoever is inside. */
final class Places {
    /** The default devices (runtime-spec config-linux.md#default-devices), which are binds of the host's where they could not be made. */
    static final List<String> DEVICES = List.of("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty");
    private static final int MOST_LINKS = 40;

    private Places() {
    }

    /** The path without links, which lead nowhere but within the root; what does not exist stands for itself. */
    static String within(String root, String path) {
        var rest = new ArrayDeque<String>(List.of(path.split("/")));
        var found = new ArrayList<String>();
        int links = 0;
        while (!rest.isEmpty()) {
            String part = rest.pop();
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            if (part.equals("..")) {
                if (!found.isEmpty()) {
                    found.removeLast();
                }
                continue;
            }
            found.add(part);
            Path file = Path.of(root, String.join("/", found));
            if (links < MOST_LINKS && Files.isSymbolicLink(file)) {
                links++;
                found.removeLast();
                String target = target(file);
                if (target.startsWith("/")) {
                    found.clear();
                }
                for (String piece : List.of(target.split("/")).reversed()) {
                    rest.push(piece);
                }
            }
        }
        return "/" + String.join("/", found);
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            throw StateRoot.fault("read", link, e);
        }
    }
}
