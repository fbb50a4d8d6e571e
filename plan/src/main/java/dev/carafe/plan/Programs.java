package dev.carafe.plan;

import java.util.ArrayList;
import java.util.List;

/** Where a program may be that is called by its name. */
final class Programs {
    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private Programs() {
    }

    /** A name without a slash is sought along PATH of its own environment, as execvp(3) does. */
    static List<String> candidates(String name, List<String> environment) {
        if (name.indexOf('/') >= 0) {
            return List.of(name);
        }
        String path = DEFAULT_PATH;
        for (String variable : environment) {
            if (variable.startsWith("PATH=")) {
                path = variable.substring(5);
            }
        }
        var list = new ArrayList<String>();
        for (int start = 0, end; start <= path.length(); start = end + 1) {
            end = path.indexOf(':', start) < 0 ? path.length() : path.indexOf(':', start);
            String directory = path.substring(start, end);
            list.add((directory.isEmpty() ? "." : directory) + "/" + name);
        }
        return List.copyOf(list);
    }
}
