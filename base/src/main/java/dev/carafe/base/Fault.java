package dev.carafe.base;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which Carafe says that something did not work.
 *
 * <p>Prints as one line, {@code operation object: reason (ERRNO); hint}, in lower case and without a full stop. The first
 * fault wins; faults of the clean-up that follows it ride along as {@linkplain #getSuppressed() suppressed}. Secrets never
 * enter any part.
 */
public final class Fault extends RuntimeException {
    private static final int LONGEST = 2_000;

    private static final long serialVersionUID = 1L;

    /** What sort of failure it is; surfaces map it to an exit status, an HTTP status or a gRPC code. */
    public enum Kind {
        INVALID, NOT_FOUND, ALREADY_EXISTS, CONFLICT, PERMISSION, UNSUPPORTED, UNAVAILABLE, EXHAUSTED, CANCELLED, TIMEOUT,
        CORRUPT, INTERNAL
    }

    private final Kind kind;
    private final String operation;
    private final String object;
    private final String reason;
    private final @Nullable Errno errno;
    private final @Nullable String hint;

    private Fault(Kind kind, String operation, String object, String reason, @Nullable Errno errno, @Nullable String hint,
            @Nullable Throwable cause) {
        super(null, cause);
        this.kind = kind;
        this.operation = operation;
        this.object = object;
        this.reason = reason;
        this.errno = errno;
        this.hint = hint;
    }

    /** A fault of the given kind: {@code operation object: reason}. The object is printed as given, so quote it where it is a name. */
    public static Fault of(Kind kind, String operation, String object, String reason) {
        return new Fault(kind, operation, object, reason, null, null, null);
    }

    /** A fault that the kernel reported; kind and reason follow from the error number. */
    public static Fault of(Errno errno, String operation, String object) {
        return new Fault(errno.kind(), operation, object, errno.text(), errno, null, null);
    }

    /** Shorthand for the most frequent kind: what the caller gave cannot be used. */
    public static Fault invalid(String operation, String object, String reason) {
        return of(Kind.INVALID, operation, object, reason);
    }

    /** Shorthand: the named object does not exist. */
    public static Fault notFound(String operation, String object, String reason) {
        return of(Kind.NOT_FOUND, operation, object, reason);
    }

    /** The same fault with a remedy for the reader. */
    public Fault hint(String remedy) {
        return copy(kind, remedy, getCause());
    }

    /** The same fault with the throwable that led to it. */
    public Fault cause(Throwable cause) {
        return copy(kind, hint, cause);
    }

    /** The same fault under another kind, for a caller who knows better what it means. */
    public Fault kind(Kind other) {
        return copy(other, hint, getCause());
    }

    private Fault copy(Kind newKind, @Nullable String newHint, @Nullable Throwable newCause) {
        var copy = new Fault(newKind, operation, object, reason, errno, newHint, newCause);
        for (Throwable s : getSuppressed()) {
            copy.addSuppressed(s);
        }
        return copy;
    }

    public Kind kind() {
        return kind;
    }

    public String operation() {
        return operation;
    }

    public String object() {
        return object;
    }

    public String reason() {
        return reason;
    }

    /** The kernel's error number, when the kernel refused. */
    public Optional<Errno> errno() {
        return Optional.ofNullable(errno);
    }

    public Optional<String> hint() {
        return Optional.ofNullable(hint);
    }

    /** One line: what comes from elsewhere, a name or an answer, may neither break it nor move the reader's cursor, nor have no end. */
    @Override
    public String getMessage() {
        var line = new StringBuilder(operation);
        if (!object.isEmpty()) {
            append(line.append(' '), object);
        }
        append(line.append(": "), reason);
        if (errno != null) {
            line.append(" (").append(errno.name()).append(')');
        }
        if (hint != null) {
            append(line.append("; "), hint);
        }
        return line.toString();
    }

    private static void append(StringBuilder line, String text) {
        int end = Math.min(text.length(), LONGEST);
        for (int k = 0; k < end; k++) {
            char c = text.charAt(k);
            line.append(c == '\n' || c == '\r' || c == '\t' ? ' ' : Character.isISOControl(c) ? '?' : c);
        }
        if (end < text.length()) {
            line.append('…');
        }
    }
}
