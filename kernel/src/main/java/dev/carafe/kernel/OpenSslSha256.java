package dev.carafe.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/** SHA-256 by the machine's OpenSSL, libcrypto (SHA256_Init(3)); linked when it is first wanted, and not needed. */
final class OpenSslSha256 extends MessageDigest {
    /** The size of SHA256_CTX: eight words of state, two of length, a block and two numbers. */
    private static final int CONTEXT_BYTES = 112;
    private static final int DIGEST_BYTES = 32;
    /** While the library reads an array of ours, the collector waits. */
    private static final int PIECE = 1 << 17;
    private static final List<String> LIBRARIES = List.of("libcrypto.so.3", "libcrypto.so.1.1");

    private record Functions(MethodHandle init, MethodHandle update, MethodHandle end) {
        static final Optional<Functions> FOUND = link();

        private static Optional<Functions> link() {
            for (String library : LIBRARIES) {
                try {
                    SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
                    Linker linker = Linker.nativeLinker();
                    var init = linker.downcallHandle(symbols.findOrThrow("SHA256_Init"), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
                    var update = linker.downcallHandle(symbols.findOrThrow("SHA256_Update"),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG), Linker.Option.critical(true));
                    var end = linker.downcallHandle(symbols.findOrThrow("SHA256_Final"), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
                    return Optional.of(new Functions(init, update, end));
                } catch (IllegalArgumentException | java.util.NoSuchElementException absent) {
                    // Another version, or none: Java hashes by itself.
                }
            }
            return Optional.empty();
        }
    }

    /** Told apart from {@link Functions}, whose loading links. */
    private static volatile boolean linked;

    private final Functions functions = Functions.FOUND.orElseThrow();
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment context = arena.allocate(CONTEXT_BYTES, 8);

    OpenSslSha256() {
        super("SHA-256");
        engineReset();
    }

    /** Whether it is there; links it. */
    static boolean isAvailable() {
        boolean available = Functions.FOUND.isPresent();
        linked = available;
        return available;
    }

    /** Whether somebody has linked it already, so that using it costs nothing. */
    static boolean isLinked() {
        return linked;
    }

    @Override
    protected void engineUpdate(byte b) {
        engineUpdate(new byte[] {b}, 0, 1);
    }

    @Override
    protected void engineUpdate(byte[] bytes, int from, int length) {
        try {
            for (int at = 0; at < length; at += PIECE) {
                int size = Math.min(PIECE, length - at);
                int done = (int) functions.update().invokeExact(context, MemorySegment.ofArray(bytes).asSlice(from + at, size), (long) size);
                check(done);
            }
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    @Override
    protected byte[] engineDigest() {
        try {
            MemorySegment digest = arena.allocate(DIGEST_BYTES);
            check((int) functions.end().invokeExact(digest, context));
            engineReset();
            return digest.toArray(ValueLayout.JAVA_BYTE);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    @Override
    protected void engineReset() {
        try {
            check((int) functions.init().invokeExact(context));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    private static void check(int done) {
        if (done != 1) {
            throw new IllegalStateException("libcrypto does not hash");
        }
    }

    private static IllegalStateException broken(Throwable e) {
        return e instanceof IllegalStateException known ? known : new IllegalStateException(e);
    }
}
