package dev.carafe.plan;

import java.util.List;
import java.util.Optional;

/** Control groups: cgroups(7), the kernel's cgroup-v1 and cgroup-v2 documents. Directories are absolute host paths. */
public sealed interface CgroupOperation extends Operation {
    /** Creates a group and those above it; one that exists is used as it is. */
    record Make(String directory) implements CgroupOperation {
        @Override
        public String text() {
            return "make cgroup \"" + directory + "\"";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("mkdir -p " + directory);
        }

        @Override
        public Optional<Operation> inverse() {
            return Optional.of(new Remove(directory));
        }
    }

    /** Removes an empty group; one that is gone is no error. */
    record Remove(String directory) implements CgroupOperation {
        @Override
        public String text() {
            return "remove cgroup \"" + directory + "\"";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("rmdir " + directory);
        }
    }

    /** Sets one value of a group. */
    record Write(String directory, String file, String value) implements CgroupOperation {
        @Override
        public String text() {
            return "write \"" + value + "\" to \"" + directory + "/" + file + "\"";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("echo '" + value + "' > " + directory + "/" + file);
        }
    }

    /**
     * The calling process joins a group of a version 1 hierarchy. A process that writes 0 to {@code tasks} moves only itself,
     * which spares the wait for all processors that a move through {@code cgroup.procs} costs.
     */
    record Join(String directory) implements CgroupOperation {
        @Override
        public String text() {
            return "join cgroup \"" + directory + "\"";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("echo 0 > " + directory + "/tasks");
        }
    }

    /** Attaches a program that decides on every opening of a device in a version 2 group (bpf(2), BPF_CGROUP_DEVICE). */
    record AttachDeviceProgram(String directory, List<String> rules, DeviceProgram program) implements CgroupOperation {
        @Override
        public String text() {
            return "attach device program to \"" + directory + "\" (" + String.join(", ", rules) + ")";
        }
    }
}
