package dev.carafe.runtime;

import dev.carafe.base.Errno;
import dev.carafe.kernel.SystemCall;
import dev.carafe.plan.Capability;
import dev.carafe.plan.IdentityOperation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Ids, capabilities, labels and the filter as system calls. */
final class IdentityLowering {
    private static final long CAPABILITY_VERSION_3 = 0x20080522;
    private static final int SECCOMP_SET_MODE_FILTER = 1;

    private final Assembler asm;
    private final Wiring wiring;

    IdentityLowering(Assembler asm, Wiring wiring) {
        this.asm = asm;
        this.wiring = wiring;
    }

    void lower(IdentityOperation operation) {
        if (operation instanceof IdentityOperation.DropBounding drop) {
            drop.dropped().forEach(
                    capability -> asm.call(SystemCall.PRCTL, Flags.PR_CAPBSET_DROP, capability.ordinal()));
        } else if (operation instanceof IdentityOperation.SetIds ids) {
            setIds(ids);
        } else if (operation instanceof IdentityOperation.SetCapabilities caps) {
            capset(caps.effective(), caps.permitted(), caps.inheritable());
            asm.call(SystemCall.PRCTL, Flags.PR_CAP_AMBIENT, Flags.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
            for (Capability capability : Capability.of(caps.ambient())) {
                asm.call(SystemCall.PRCTL, Flags.PR_CAP_AMBIENT, Flags.PR_CAP_AMBIENT_RAISE, capability.ordinal(), 0, 0);
            }
        } else if (operation instanceof IdentityOperation.NoNewPrivileges) {
            asm.call(SystemCall.PRCTL, Flags.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        } else if (operation instanceof IdentityOperation.LoadSeccomp load) {
            // struct sock_fprog: count, padding, filter.
            long filter = asm.longs(load.program().count(), asm.bytes(load.program().bytes()));
            asm.call(SystemCall.SECCOMP, SECCOMP_SET_MODE_FILTER, load.program().flags(), filter);
        } else if (operation instanceof IdentityOperation.LoadListened load) {
            new ListenerLowering(asm, wiring).lower(load, wiring.startedAt);
        } else if (operation instanceof IdentityOperation.Label label) {
            label(label);
        } else {
            throw new MatchException(String.valueOf(operation), null);
        }
    }

    private void setIds(IdentityOperation.SetIds ids) {
        asm.call(SystemCall.PRCTL, Flags.PR_SET_KEEPCAPS, 1);
        List<Long> groups = ids.groups();
        var list = ByteBuffer.allocate(4 * groups.size()).order(ByteOrder.nativeOrder());
        groups.forEach(group -> list.putInt(group.intValue()));
        asm.call(SystemCall.SETGROUPS, groups.size(), groups.isEmpty() ? 0 : asm.bytes(list.array()));
        if (groups.isEmpty()) {
            // A user namespace that denies setgroups leaves no group to drop.
            asm.orElseGoOn(Errno.EPERM);
        }
        asm.call(SystemCall.SETRESGID, ids.gid(), ids.gid(), ids.gid());
        asm.call(SystemCall.SETRESUID, ids.uid(), ids.uid(), ids.uid());
        capset(ids.retained(), ids.retained(), 0);
        // The change of ids has cleared it.
        wiring.dieWithMonitor();
    }

    /** capset(2): two blocks of effective, permitted, inheritable, for the lower and the upper 32 capabilities. */
    private void capset(long effective, long permitted, long inheritable) {
        long low = 0xffff_ffffL;
        long data = asm.longs(effective & low | permitted << 32, inheritable & low | effective >>> 32 << 32, permitted >>> 32 | inheritable >>> 32 << 32);
        asm.call(SystemCall.CAPSET, asm.longs(CAPABILITY_VERSION_3), data);
    }

    /** Read by the kernel at the next execve. AppArmor has its own file since 5.8; where it lacks, the shared one is used. */
    private void label(IdentityOperation.Label label) {
        String text = label.module().equals("apparmor") ? "exec " + label.label() : label.label();
        var write = new Assembler.Label();
        var shared = new Assembler.Label();
        if (label.module().equals("apparmor")) {
            int own = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string("/proc/thread-self/attr/apparmor/exec"), Flags.O_WRONLY | Flags.O_CLOEXEC, 0);
            asm.onError(shared, Errno.ENOENT);
            asm.call(SystemCall.WRITE, Assembler.result(own), asm.string(text), text.length());
            asm.onOk(write);
            asm.bind(shared);
        }
        int fd = asm.call(SystemCall.OPENAT, Flags.AT_FDCWD, asm.string("/proc/thread-self/attr/exec"), Flags.O_WRONLY | Flags.O_CLOEXEC, 0);
        asm.call(SystemCall.WRITE, Assembler.result(fd), asm.string(text), text.length());
        asm.bind(write);
    }
}
