package dev.carafe.runtime;

import dev.carafe.oci.Json;
import dev.carafe.oci.runtime.Seccomp;
import dev.carafe.plan.seccomp.SeccompArchitecture;
import dev.carafe.plan.seccomp.SeccompCompiler;
import dev.carafe.plan.seccomp.SeccompProgram;
import dev.carafe.plan.seccomp.SeccompPrograms;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Compiled filters by what they were compiled from: in memory, and until the next boot on disk, since compiling takes a JVM that has
 * just started twenty milliseconds.
 *
 * <p>A file holds the checksum of all that follows, the length of the key, the flags, the key, the instructions. The key is the
 * compiler's version, the architecture and the whole profile, and is compared byte by byte: the file's name is only its checksum. A
 * file that is not as it was written is one that is not there.
 */
public final class KeptFilters implements SeccompPrograms {
    private static final int HEAD = Long.BYTES + Integer.BYTES + Long.BYTES;
    private static final int MOST_IN_MEMORY = 32;

    private final Path directory;
    /** By checksum. */
    private final Map<Long, Known> known = new ConcurrentHashMap<>();
    /** To print a profile takes longer than all else here, and most containers have the very profile of the last one. */
    private volatile @Nullable Answer last;

    private record Answer(Seccomp profile, SeccompArchitecture nativeArchitecture, SeccompProgram program) {
    }

    private record Known(byte[] key, SeccompProgram program) {
    }

    /** @param directory that only this user can write to; made when there is something to keep */
    public KeptFilters(Path directory) {
        this.directory = directory;
    }

    @Override
    public SeccompProgram program(Seccomp profile, SeccompArchitecture nativeArchitecture) {
        Answer known = last;
        if (known == null || known.profile != profile || known.nativeArchitecture != nativeArchitecture) {
            known = new Answer(profile, nativeArchitecture, find(profile, nativeArchitecture));
            last = known;
        }
        return known.program;
    }

    private SeccompProgram find(Seccomp profile, SeccompArchitecture nativeArchitecture) {
        byte[] key = key(profile, nativeArchitecture);
        Long checksum = checksum(key, 0);
        Known before = known.get(checksum);
        if (before != null && Arrays.equals(before.key, key)) {
            return before.program;
        }
        Path file = directory.resolve(Long.toHexString(checksum));
        SeccompProgram found = read(file, key).map(in -> program(in, profile, nativeArchitecture)).orElse(null);
        if (found == null) {
            found = SeccompCompiler.compile(profile, nativeArchitecture);
            keep(file, key, found);
        }
        if (known.size() >= MOST_IN_MEMORY) {
            known.clear();
        }
        known.put(checksum, new Known(key, found));
        return found;
    }

    private static byte[] key(Seccomp profile, SeccompArchitecture nativeArchitecture) {
        byte[] what = (SeccompCompiler.VERSION + " " + nativeArchitecture + " ").getBytes(StandardCharsets.US_ASCII);
        byte[] json = Json.bytes(profile.json());
        byte[] key = Arrays.copyOf(what, what.length + json.length);
        System.arraycopy(json, 0, key, what.length, json.length);
        return key;
    }

    private static SeccompProgram program(ByteBuffer in, Seccomp profile, SeccompArchitecture nativeArchitecture) {
        long flags = in.getLong(Long.BYTES + Integer.BYTES);
        byte[] instructions = new byte[in.remaining()];
        in.get(instructions);
        return SeccompProgram.kept(instructions, flags, profile, nativeArchitecture);
    }

    /** The file, from its instructions on, if it is whole and of that key. */
    private static Optional<ByteBuffer> read(Path file, byte[] key) {
        try {
            byte[] whole = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            var in = ByteBuffer.wrap(whole);
            if (whole.length <= HEAD + key.length || in.getLong(0) != checksum(whole, Long.BYTES) || in.getInt(Long.BYTES) != key.length
                    || !Arrays.equals(whole, HEAD, HEAD + key.length, key, 0, key.length)) {
                return Optional.empty();
            }
            return Optional.of(in.position(HEAD + key.length));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whole or not at all; what cannot be kept is compiled again the next time. */
    private void keep(Path file, byte[] key, SeccompProgram program) {
        byte[] instructions = program.bytes();
        var out = ByteBuffer.allocate(HEAD + key.length + instructions.length);
        out.putInt(Long.BYTES, key.length).putLong(Long.BYTES + Integer.BYTES, program.flags()).position(HEAD).put(key).put(instructions);
        out.putLong(0, checksum(out.array(), Long.BYTES));
        Path draft = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid() + "." + Thread.currentThread().threadId());
        try {
            Files.createDirectories(directory);
            Files.write(draft, out.array());
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // Where nothing can be written there is nothing to take back either.
            draft.toFile().delete();
        }
    }

    private static long checksum(byte[] bytes, int from) {
        var sum = new CRC32();
        sum.update(bytes, from, bytes.length - from);
        return sum.getValue();
    }
}
