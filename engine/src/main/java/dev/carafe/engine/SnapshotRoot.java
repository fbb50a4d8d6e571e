package dev.carafe.engine;

import dev.carafe.base.Fault;
import dev.carafe.oci.runtime.Mount;
import dev.carafe.plan.Launch;
import dev.carafe.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.Optional;

/** The mounts of a snapshot as the root of a launch. */
final class SnapshotRoot {
    private SnapshotRoot() {
    }

    static Launch.Root of(Snapshot snapshot, String mountpoint) {
        Mount mount = snapshot.mounts().getFirst();
        if (mount.type().orElse("").equals("bind")) {
            return new Launch.Root.Directory(mount.source().orElseThrow());
        }
        if (!mount.type().orElse("").equals("overlay")) {
            throw Fault.of(Fault.Kind.INTERNAL, "start", "\"" + snapshot.name() + "\"", "unknown kind of snapshot " + mount.type());
        }
        var lower = new ArrayList<String>();
        var options = new ArrayList<String>();
        Optional<String> upper = Optional.empty();
        Optional<String> work = Optional.empty();
        for (String option : mount.options()) {
            if (option.startsWith("lowerdir+=")) {
                lower.add(option.substring(10));
            } else if (option.startsWith("upperdir=")) {
                upper = Optional.of(option.substring(9));
            } else if (option.startsWith("workdir=")) {
                work = Optional.of(option.substring(8));
            } else if (!option.equals("ro")) {
                options.add(option);
            }
        }
        return new Launch.Root.Overlay(lower, upper, work, options, mountpoint);
    }
}
