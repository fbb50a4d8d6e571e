package dev.carafe.base;

import dev.carafe.base.Fault.Kind;
import org.jspecify.annotations.Nullable;

/** The kernel's error numbers by name (errno(3)); the numbers are those of x86-64 and arm64. */
public enum Errno {
    EPERM(1, Kind.PERMISSION, "operation not permitted"),
    ENOENT(2, Kind.NOT_FOUND, "no such file or directory"),
    ESRCH(3, Kind.NOT_FOUND, "no such process"),
    EINTR(4, Kind.CANCELLED, "interrupted system call"),
    EIO(5, Kind.INTERNAL, "input/output error"),
    ENXIO(6, Kind.INTERNAL, "no such device or address"),
    E2BIG(7, Kind.INVALID, "argument list too long"),
    ENOEXEC(8, Kind.INVALID, "exec format error"),
    EBADF(9, Kind.INTERNAL, "bad file descriptor"),
    ECHILD(10, Kind.INTERNAL, "no child processes"),
    EAGAIN(11, Kind.UNAVAILABLE, "resource temporarily unavailable"),
    ENOMEM(12, Kind.EXHAUSTED, "cannot allocate memory"),
    EACCES(13, Kind.PERMISSION, "permission denied"),
    EFAULT(14, Kind.INTERNAL, "bad address"),
    ENOTBLK(15, Kind.INTERNAL, "block device required"),
    EBUSY(16, Kind.CONFLICT, "device or resource busy"),
    EEXIST(17, Kind.ALREADY_EXISTS, "file exists"),
    EXDEV(18, Kind.INTERNAL, "invalid cross-device link"),
    ENODEV(19, Kind.UNSUPPORTED, "no such device"),
    ENOTDIR(20, Kind.INVALID, "not a directory"),
    EISDIR(21, Kind.INVALID, "is a directory"),
    EINVAL(22, Kind.INVALID, "invalid argument"),
    ENFILE(23, Kind.EXHAUSTED, "too many open files in system"),
    EMFILE(24, Kind.EXHAUSTED, "too many open files"),
    ENOTTY(25, Kind.INTERNAL, "inappropriate ioctl for device"),
    ETXTBSY(26, Kind.INTERNAL, "text file busy"),
    EFBIG(27, Kind.INTERNAL, "file too large"),
    ENOSPC(28, Kind.EXHAUSTED, "no space left on device"),
    ESPIPE(29, Kind.INTERNAL, "illegal seek"),
    EROFS(30, Kind.PERMISSION, "read-only file system"),
    EMLINK(31, Kind.INTERNAL, "too many links"),
    EPIPE(32, Kind.INTERNAL, "broken pipe"),
    EDOM(33, Kind.INTERNAL, "numerical argument out of domain"),
    ERANGE(34, Kind.INTERNAL, "numerical result out of range"),
    EDEADLK(35, Kind.INTERNAL, "resource deadlock avoided"),
    ENAMETOOLONG(36, Kind.INVALID, "file name too long"),
    ENOLCK(37, Kind.INTERNAL, "no locks available"),
    ENOSYS(38, Kind.UNSUPPORTED, "function not implemented"),
    ENOTEMPTY(39, Kind.INTERNAL, "directory not empty"),
    ELOOP(40, Kind.INVALID, "too many levels of symbolic links"),
    ENOMSG(42, Kind.INTERNAL, "no message of desired type"),
    EIDRM(43, Kind.INTERNAL, "identifier removed"),
    ECHRNG(44, Kind.INTERNAL, "channel number out of range"),
    EL2NSYNC(45, Kind.INTERNAL, "level 2 not synchronized"),
    EL3HLT(46, Kind.INTERNAL, "level 3 halted"),
    EL3RST(47, Kind.INTERNAL, "level 3 reset"),
    ELNRNG(48, Kind.INTERNAL, "link number out of range"),
    EUNATCH(49, Kind.INTERNAL, "protocol driver not attached"),
    ENOCSI(50, Kind.INTERNAL, "no CSI structure available"),
    EL2HLT(51, Kind.INTERNAL, "level 2 halted"),
    EBADE(52, Kind.INTERNAL, "invalid exchange"),
    EBADR(53, Kind.INTERNAL, "invalid request descriptor"),
    EXFULL(54, Kind.INTERNAL, "exchange full"),
    ENOANO(55, Kind.INTERNAL, "no anode"),
    EBADRQC(56, Kind.INTERNAL, "invalid request code"),
    EBADSLT(57, Kind.INTERNAL, "invalid slot"),
    EBFONT(59, Kind.INTERNAL, "bad font file format"),
    ENOSTR(60, Kind.INTERNAL, "device not a stream"),
    ENODATA(61, Kind.INTERNAL, "no data available"),
    ETIME(62, Kind.INTERNAL, "timer expired"),
    ENOSR(63, Kind.INTERNAL, "out of streams resources"),
    ENONET(64, Kind.INTERNAL, "machine is not on the network"),
    ENOPKG(65, Kind.INTERNAL, "package not installed"),
    EREMOTE(66, Kind.INTERNAL, "object is remote"),
    ENOLINK(67, Kind.INTERNAL, "link has been severed"),
    EADV(68, Kind.INTERNAL, "advertise error"),
    ESRMNT(69, Kind.INTERNAL, "srmount error"),
    ECOMM(70, Kind.INTERNAL, "communication error on send"),
    EPROTO(71, Kind.INTERNAL, "protocol error"),
    EMULTIHOP(72, Kind.INTERNAL, "multihop attempted"),
    EDOTDOT(73, Kind.INTERNAL, "RFS specific error"),
    EBADMSG(74, Kind.INTERNAL, "bad message"),
    EOVERFLOW(75, Kind.INTERNAL, "value too large for defined data type"),
    ENOTUNIQ(76, Kind.INTERNAL, "name not unique on network"),
    EBADFD(77, Kind.INTERNAL, "file descriptor in bad state"),
    EREMCHG(78, Kind.INTERNAL, "remote address changed"),
    ELIBACC(79, Kind.INTERNAL, "can not access a needed shared library"),
    ELIBBAD(80, Kind.INTERNAL, "accessing a corrupted shared library"),
    ELIBSCN(81, Kind.INTERNAL, ".lib section in a.out corrupted"),
    ELIBMAX(82, Kind.INTERNAL, "attempting to link in too many shared libraries"),
    ELIBEXEC(83, Kind.INTERNAL, "cannot exec a shared library directly"),
    EILSEQ(84, Kind.INTERNAL, "invalid or incomplete multibyte or wide character"),
    ERESTART(85, Kind.INTERNAL, "interrupted system call should be restarted"),
    ESTRPIPE(86, Kind.INTERNAL, "streams pipe error"),
    EUSERS(87, Kind.INTERNAL, "too many users"),
    ENOTSOCK(88, Kind.INTERNAL, "socket operation on non-socket"),
    EDESTADDRREQ(89, Kind.INTERNAL, "destination address required"),
    EMSGSIZE(90, Kind.INTERNAL, "message too long"),
    EPROTOTYPE(91, Kind.INTERNAL, "protocol wrong type for socket"),
    ENOPROTOOPT(92, Kind.INTERNAL, "protocol not available"),
    EPROTONOSUPPORT(93, Kind.INTERNAL, "protocol not supported"),
    ESOCKTNOSUPPORT(94, Kind.INTERNAL, "socket type not supported"),
    EOPNOTSUPP(95, Kind.UNSUPPORTED, "operation not supported"),
    EPFNOSUPPORT(96, Kind.INTERNAL, "protocol family not supported"),
    EAFNOSUPPORT(97, Kind.INTERNAL, "address family not supported by protocol"),
    EADDRINUSE(98, Kind.INTERNAL, "address already in use"),
    EADDRNOTAVAIL(99, Kind.INTERNAL, "cannot assign requested address"),
    ENETDOWN(100, Kind.INTERNAL, "network is down"),
    ENETUNREACH(101, Kind.INTERNAL, "network is unreachable"),
    ENETRESET(102, Kind.INTERNAL, "network dropped connection on reset"),
    ECONNABORTED(103, Kind.INTERNAL, "software caused connection abort"),
    ECONNRESET(104, Kind.INTERNAL, "connection reset by peer"),
    ENOBUFS(105, Kind.INTERNAL, "no buffer space available"),
    EISCONN(106, Kind.INTERNAL, "transport endpoint is already connected"),
    ENOTCONN(107, Kind.INTERNAL, "transport endpoint is not connected"),
    ESHUTDOWN(108, Kind.INTERNAL, "cannot send after transport endpoint shutdown"),
    ETOOMANYREFS(109, Kind.INTERNAL, "too many references: cannot splice"),
    ETIMEDOUT(110, Kind.TIMEOUT, "connection timed out"),
    ECONNREFUSED(111, Kind.INTERNAL, "connection refused"),
    EHOSTDOWN(112, Kind.INTERNAL, "host is down"),
    EHOSTUNREACH(113, Kind.INTERNAL, "no route to host"),
    EALREADY(114, Kind.INTERNAL, "operation already in progress"),
    EINPROGRESS(115, Kind.INTERNAL, "operation now in progress"),
    ESTALE(116, Kind.INTERNAL, "stale file handle"),
    EUCLEAN(117, Kind.INTERNAL, "structure needs cleaning"),
    ENOTNAM(118, Kind.INTERNAL, "not a XENIX named type file"),
    ENAVAIL(119, Kind.INTERNAL, "no XENIX semaphores available"),
    EISNAM(120, Kind.INTERNAL, "is a named type file"),
    EREMOTEIO(121, Kind.INTERNAL, "remote I/O error"),
    EDQUOT(122, Kind.EXHAUSTED, "disk quota exceeded"),
    ENOMEDIUM(123, Kind.INTERNAL, "no medium found"),
    EMEDIUMTYPE(124, Kind.INTERNAL, "wrong medium type"),
    ECANCELED(125, Kind.CANCELLED, "operation canceled"),
    ENOKEY(126, Kind.INTERNAL, "required key not available"),
    EKEYEXPIRED(127, Kind.INTERNAL, "key has expired"),
    EKEYREVOKED(128, Kind.INTERNAL, "key has been revoked"),
    EKEYREJECTED(129, Kind.INTERNAL, "key was rejected by service"),
    EOWNERDEAD(130, Kind.INTERNAL, "owner died"),
    ENOTRECOVERABLE(131, Kind.INTERNAL, "state not recoverable"),
    ERFKILL(132, Kind.INTERNAL, "operation not possible due to RF-kill"),
    EHWPOISON(133, Kind.INTERNAL, "memory page has hardware error");

    private static final @Nullable Errno[] BY_NUMBER = new Errno[134];

    static {
        for (Errno e : values()) {
            BY_NUMBER[e.number] = e;
        }
    }

    private final int number;
    private final Kind kind;
    private final String text;

    Errno(int number, Kind kind, String text) {
        this.number = number;
        this.kind = kind;
        this.text = text;
    }

    /** The error of that number; numbers that the kernel never returns to user space read as {@link #EINVAL}. */
    public static Errno of(int number) {
        Errno known = number > 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
        return known == null ? EINVAL : known;
    }

    public int number() {
        return number;
    }

    /** The kind of {@link Fault} that this error stands for when nothing more is known. */
    public Kind kind() {
        return kind;
    }

    /** What strerror(3) says, in lower case. */
    public String text() {
        return text;
    }
}
