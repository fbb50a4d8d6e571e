package dev.carafe.conformance;

import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.SystemCall;
import dev.carafe.oci.runtime.Mount;
import java.nio.file.Path;
import java.util.List;

/** Performs the mounts that a snapshot driver answers with, so that a suite can look at what they give; closing it unmounts. */
public final class TestMount implements AutoCloseable {
    private static final int HERE = -100;
    private static final int BIND = 0x1000;
    private static final int READ_ONLY = 1;
    private static final int REMOUNT = 0x20;
    private static final int DETACH = 2;
    private static final int SET_FLAG = 0;
    private static final int SET_STRING = 1;
    private static final int CREATE = 6;
    private static final int EMPTY_PATH = 4;

    private final Kernel kernel;
    private final Path target;

    private TestMount(Kernel kernel, Path target) {
        this.kernel = kernel;
        this.target = target;
    }

    /** Mounts at that directory. */
    public static TestMount at(Kernel kernel, List<Mount> mounts, Path target) {
        var mounted = new TestMount(kernel, target);
        for (Mount mount : mounts) {
            if (mount.type().orElseThrow().equals("bind")) {
                mounted.bind(mount);
            } else {
                mounted.overlay(mount);
            }
        }
        return mounted;
    }

    private void bind(Mount mount) {
        boolean readOnly = mount.options().contains("ro");
        mount(mount.source().orElseThrow(), BIND);
        if (readOnly) {
            mount("", BIND | REMOUNT | READ_ONLY);
        }
    }

    private void mount(String source, int flags) {
        try (Memory from = kernel.string(source);
                Memory to = kernel.string(target.toString())) {
            check(kernel.call(SystemCall.MOUNT, from.address(), to.address(), 0, flags, 0), "mount");
        }
    }

    private void overlay(Mount mount) {
        int context;
        try (Memory type = kernel.string("overlay")) {
            context = (int) check(kernel.call(SystemCall.FSOPEN, type.address(), 1), "fsopen");
        }
        try {
            for (String option : mount.options()) {
                int equals = option.indexOf('=');
                if (equals < 0) {
                    configure(context, SET_FLAG, option, "");
                } else {
                    configure(context, SET_STRING, option.substring(0, equals), option.substring(equals + 1));
                }
            }
            check(kernel.call(SystemCall.FSCONFIG, context, CREATE, 0, 0, 0), "fsconfig create");
            int made = (int) check(kernel.call(SystemCall.FSMOUNT, context, 1, 0), "fsmount");
            try (Memory empty = kernel.string("");
                    Memory to = kernel.string(target.toString())) {
                check(kernel.call(SystemCall.MOVE_MOUNT, made, empty.address(), HERE, to.address(), EMPTY_PATH), "move_mount");
            } finally {
                kernel.call(SystemCall.CLOSE, made);
            }
        } finally {
            kernel.call(SystemCall.CLOSE, context);
        }
    }

    private void configure(int context, int command, String key, String value) {
        try (Memory name = kernel.string(key);
                Memory text = kernel.string(value)) {
            long address = command == SET_FLAG ? 0 : text.address();
            check(kernel.call(SystemCall.FSCONFIG, context, command, name.address(), address, 0), "fsconfig " + key);
        }
    }

    private long check(long result, String operation) {
        return Kernel.check(result, operation, "\"" + target + "\"");
    }

    @Override
    public void close() {
        try (Memory at = kernel.string(target.toString())) {
            check(kernel.call(SystemCall.UMOUNT2, at.address(), DETACH), "unmount");
        }
    }
}
