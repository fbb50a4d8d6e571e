package dev.carafe.runtime;

/** Numbers of the kernel's interface, by their names there; the same on x86-64 and arm64 unless said. */
final class Flags {
    static final long AT_FDCWD = -100;
    static final long AT_EMPTY_PATH = 0x1000;
    static final long AT_RECURSIVE = 0x8000;
    static final long AT_REMOVEDIR = 0x200;
    static final long AT_SYMLINK_NOFOLLOW = 0x100;

    static final long O_RDONLY = 0;
    static final long O_WRONLY = 1;
    static final long O_RDWR = 2;
    static final long MS_MOVE = 8192;
    static final long O_CREAT = 0100;
    static final long O_EXCL = 0200;
    static final long O_NOCTTY = 0400;
    static final long O_APPEND = 02000;
    static final long O_NONBLOCK = 04000;
    static final long O_DIRECTORY = arm() ? 040000 : 0200000;
    static final long O_NOFOLLOW = arm() ? 0100000 : 0400000;
    static final long O_CLOEXEC = 02000000;
    static final long O_PATH = 010000000;

    static final long OPEN_TREE_CLONE = 1;
    static final long MOVE_MOUNT_EMPTY_PATHS = 0x4 | 0x40;
    static final long FSOPEN_CLOEXEC = 1;
    static final long FSMOUNT_CLOEXEC = 1;
    static final long FSCONFIG_SET_FLAG = 0;
    static final long FSCONFIG_SET_STRING = 1;
    static final long FSCONFIG_CMD_CREATE = 6;
    static final long RESOLVE_NO_XDEV = 0x01;
    static final long RESOLVE_NO_MAGICLINKS = 0x02;
    static final long RESOLVE_NO_SYMLINKS = 0x04;
    static final long RESOLVE_BENEATH = 0x08;
    static final long FSCONFIG_CMD_RECONFIGURE = 7;
    static final long FSPICK_CLOEXEC = 1;
    static final long FSPICK_EMPTY_PATH = 8;
    static final long MOUNT_ATTR_IDMAP = 0x100000;
    static final long MS_PRIVATE = 1 << 18;
    static final long RESOLVE_IN_ROOT = 0x10;
    static final long MNT_DETACH = 2;

    static final long CLONE_NEWTIME = 0x80;
    static final long CLONE_NEWNS = 0x20000;
    static final long CLONE_NEWCGROUP = 0x2000000;
    static final long CLONE_NEWUTS = 0x4000000;
    static final long CLONE_NEWIPC = 0x8000000;
    static final long CLONE_NEWUSER = 0x10000000;
    static final long CLONE_NEWPID = 0x20000000;
    static final long CLONE_NEWNET = 0x40000000;
    static final long CLONE_PIDFD = 0x1000;
    static final long CLONE_FILES = 0x400;
    static final long CLONE_PARENT = 0x8000;
    static final long CLONE_INTO_CGROUP = 0x200000000L;
    static final long SIGCHLD = 17;
    static final long SIGKILL = 9;

    static final long PR_SET_PDEATHSIG = 1;
    static final long PR_SET_DUMPABLE = 4;
    static final long PR_SET_KEEPCAPS = 8;
    static final long PR_CAPBSET_DROP = 24;
    static final long PR_SET_NO_NEW_PRIVS = 38;
    static final long PR_CAP_AMBIENT = 47;
    static final long PR_CAP_AMBIENT_RAISE = 2;
    static final long PR_CAP_AMBIENT_CLEAR_ALL = 4;

    static final long AF_UNIX = 1;
    static final long SOCK_STREAM = 1;
    static final long SOCK_SEQPACKET = 5;
    static final long SOCK_CLOEXEC = 02000000;
    static final long F_SETFL = 4;

    static final long TIOCSCTTY = 0x540e;
    static final long TIOCSWINSZ = 0x5414;
    static final long TIOCSPTLCK = 0x40045431;
    static final long TIOCGPTPEER = 0x5441;

    private Flags() {
    }

    private static boolean arm() {
        return System.getProperty("os.arch").equals("aarch64");
    }
}
