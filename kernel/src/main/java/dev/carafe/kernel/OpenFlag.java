package dev.carafe.kernel;

/** Flags of open(2); four of the numbers differ between x86-64 and arm64. */
final class OpenFlag {
    private static final boolean X86 = System.getProperty("os.arch").equals("amd64");

    static final long READ = 0;
    static final long WRITE = 1;
    static final long READ_WRITE = 2;
    static final long CREATE = 0x40;
    static final long EXCLUSIVE = 0x80;
    static final long NO_CONTROLLING_TERMINAL = 0x100;
    static final long TRUNCATE = 0x200;
    static final long NON_BLOCKING = 0x800;
    static final long DIRECTORY = X86 ? 0x10000 : 0x4000;
    static final long NO_FOLLOW = X86 ? 0x20000 : 0x8000;
    static final long CLOSE_ON_EXEC = 0x80000;
    static final long PATH = 0x200000;

    private OpenFlag() {}
}
