package dev.carafe.runtime;

import dev.carafe.base.Errno;
import dev.carafe.kernel.SystemCall;
import dev.carafe.plan.CgroupOperation;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/** Control groups as system calls. */
final class CgroupLowering {
    private static final int BPF_PROG_LOAD = 5;
    private static final int BPF_PROG_ATTACH = 8;
    private static final int BPF_PROG_TYPE_CGROUP_DEVICE = 15;
    private static final int BPF_CGROUP_DEVICE = 6;
    private static final int BPF_F_ALLOW_MULTI = 2;

    private final Assembler asm;
    private final Set<String> made = new HashSet<>();

    CgroupLowering(Assembler asm) {
        this.asm = asm;
    }

    void lower(CgroupOperation operation) {
        if (operation instanceof CgroupOperation.Make make) {
            make(make.directory());
        } else if (operation instanceof CgroupOperation.Remove remove) {
            asm.call(SystemCall.UNLINKAT, Flags.AT_FDCWD, asm.string(remove.directory()), Flags.AT_REMOVEDIR);
            asm.orElseGoOn();
        } else if (operation instanceof CgroupOperation.Write write) {
            write(write.directory() + "/" + write.file(), write.value());
        } else if (operation instanceof CgroupOperation.Join join) {
            write(join.directory() + "/tasks", "0");
        } else if (operation instanceof CgroupOperation.AttachDeviceProgram attach) {
            attach(attach);
        } else {
            throw new MatchException(String.valueOf(operation), null);
        }
    }

    /** The directory is nearly always new below one that is there, so those above are made only when that fails. */
    private void make(String directory) {
        var done = new Assembler.Label();
        var above = new Assembler.Label();
        asm.call(SystemCall.MKDIRAT, Flags.AT_FDCWD, asm.string(directory), 0755);
        asm.onOk(done);
        asm.onError(above, Errno.ENOENT, Errno.EEXIST);
        asm.bind(above);
        // Two levels are the mount point's: /sys/fs/cgroup/NAME; mkdir there would say EEXIST all the same.
        for (int slash = directory.indexOf('/', 1); slash > 0; slash = directory.indexOf('/', slash + 1)) {
            String ancestor = directory.substring(0, slash);
            if (ancestor.startsWith("/sys/fs/cgroup/") && made.add(ancestor)) {
                asm.call(SystemCall.MKDIRAT, Flags.AT_FDCWD, asm.string(ancestor), 0755);
                asm.orElseGoOn(Errno.EEXIST, Errno.EROFS);
            }
        }
        asm.call(SystemCall.MKDIRAT, Flags.AT_FDCWD, asm.string(directory), 0755);
        asm.orElseGoOn(Errno.EEXIST);
        asm.bind(done);
    }

    private void write(String file, String value) {
        int fd = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string(file), Flags.O_WRONLY | Flags.O_CLOEXEC, 0);
        asm.call(SystemCall.WRITE, Assembler.result(fd), asm.string(value), value.getBytes(StandardCharsets.UTF_8).length);
        asm.call(SystemCall.CLOSE, Assembler.result(fd));
    }

    private void attach(CgroupOperation.AttachDeviceProgram attach) {
        byte[] program = attach.program().instructions();
        int directory = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string(attach.directory()), Flags.O_RDONLY | Flags.O_DIRECTORY | Flags.O_CLOEXEC, 0);
        // union bpf_attr for BPF_PROG_LOAD: type, instruction count, instructions, license.
        long load = asm.longs(BPF_PROG_TYPE_CGROUP_DEVICE | (long) program.length / 8 << 32, asm.bytes(program), asm.string("GPL"), 0, 0, 0);
        int loaded = asm.call(SystemCall.BPF, BPF_PROG_LOAD, load, 48);
        // For BPF_PROG_ATTACH the attribute holds descriptors, which are known only now: they are written into it by dup3 to fixed numbers.
        int target = 40;
        int source = 41;
        asm.call(SystemCall.DUP3, Assembler.result(directory), target, Flags.O_CLOEXEC);
        asm.call(SystemCall.DUP3, Assembler.result(loaded), source, Flags.O_CLOEXEC);
        asm.call(SystemCall.BPF, BPF_PROG_ATTACH, asm.longs(target | (long) source << 32, BPF_CGROUP_DEVICE | (long) BPF_F_ALLOW_MULTI << 32, 0), 24);
        for (int fd : new int[] {target, source}) {
            asm.call(SystemCall.CLOSE, fd);
        }
        asm.call(SystemCall.CLOSE, Assembler.result(directory));
        asm.call(SystemCall.CLOSE, Assembler.result(loaded));
    }
}
