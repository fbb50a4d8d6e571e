package dev.carafe.kernel;

import dev.carafe.base.Errno;
import java.io.InputStream;
import java.io.OutputStream;

/** An open regular file. Not for use by several threads at once where the calls share its offset. */
public final class OpenFile extends Opened {
    private static final int SEEK_SET = 0;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    /** ioctl FICLONE: share the other file's blocks until either is written (Linux 4.5; btrfs, xfs, …). */
    private static final long FICLONE = 0x40049409;

    OpenFile(FileSystem files, Fd fd, String path) {
        super(files, fd, path);
    }

    /** Reads at the file's offset; returns the count, or -1 at the end. */
    public int read(byte[] into, int from, int length) {
        try (Scratch scratch = files.borrow()) {
            int count = Math.min(length, Scratch.DATA_BYTES);
            long got;
            do {
                got = files.kernel().call(SystemCall.READ, number(), scratch.dataAddress(), count);
            } while (got == -Errno.EINTR.number());
            check(got, "read");
            scratch.bytes().get(scratch.dataAt(), into, from, (int) got);
            return got == 0 && length > 0 ? -1 : (int) got;
        }
    }

    /** Writes all the bytes at the file's offset. */
    public void write(byte[] bytes, int from, int length) {
        try (Scratch scratch = files.borrow()) {
            int done = 0;
            while (done < length) {
                int count = Math.min(length - done, Scratch.DATA_BYTES);
                scratch.bytes().put(scratch.dataAt(), bytes, from + done, count);
                int sent = 0;
                while (sent < count) {
                    long put = files.kernel().call(SystemCall.WRITE, number(), scratch.dataAddress() + sent, count - sent);
                    if (put != -Errno.EINTR.number()) {
                        sent += (int) check(put, "write");
                    }
                }
                done += count;
            }
        }
    }

    /** Moves the offset to that many bytes from the start. */
    public void seek(long offset) {
        check(files.kernel().call(SystemCall.LSEEK, number(), offset, SEEK_SET), "seek in");
    }

    /** ftruncate(2): cuts the file, or lengthens it by a hole. */
    public void truncate(long size) {
        check(files.kernel().call(SystemCall.FTRUNCATE, number(), size), "resize");
    }

    /** The first offset at or after the given one where data lies, or -1 when only a hole follows. */
    public long data(long offset) {
        long found = files.kernel().call(SystemCall.LSEEK, number(), offset, SEEK_DATA);
        return found == -Errno.ENXIO.number() ? -1 : check(found, "seek in");
    }

    /** The first offset at or after the given one where a hole begins; the end of the file counts as one. */
    public long hole(long offset) {
        return check(files.kernel().call(SystemCall.LSEEK, number(), offset, SEEK_HOLE), "seek in");
    }

    /** Makes this (empty) file share the source's blocks; false when the file system cannot. */
    public boolean reflink(OpenFile source) {
        return files.kernel().call(SystemCall.IOCTL, number(), FICLONE, source.number()) == 0;
    }

    /**
     * Copies a range inside the kernel by copy_file_range(2), to the same offset.
     *
     * @return how many bytes were copied, at least 1; 0 when the kernel cannot and the caller must read and write
     */
    public long copy(OpenFile source, long offset, long length) {
        try (Scratch scratch = files.borrow()) {
            int at = scratch.structAt();
            scratch.bytes().putLong(at, offset);
            scratch.bytes().putLong(at + 8, offset);
            long address = scratch.structAddress();
            long copied = files.kernel().call(
                    SystemCall.COPY_FILE_RANGE, source.number(), address, number(), address + 8, length, 0);
            boolean cannot = copied == -Errno.EXDEV.number() || copied == -Errno.EINVAL.number()
                    || copied == -Errno.EOPNOTSUPP.number() || copied == -Errno.ENOSYS.number();
            return cannot ? 0 : check(copied, "copy to");
        }
    }

    /** The file's bytes from its offset on; closing the stream leaves the file open. */
    public InputStream input() {
        return new InputStream() {
            @Override
            public int read() {
                byte[] one = new byte[1];
                return OpenFile.this.read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] into, int from, int length) {
                return length == 0 ? 0 : OpenFile.this.read(into, from, length);
            }
        };
    }

    /** Writes at the file's offset, unbuffered; closing the stream leaves the file open. */
    public OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                OpenFile.this.write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                OpenFile.this.write(bytes, from, length);
            }
        };
    }
}
