package dev.carafe.archive;

import dev.carafe.kernel.ByteText;
import dev.carafe.kernel.Xattr;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a tar archive: ustar headers, and a pax extended header before the members that need one. The same entries give the
 * same bytes, always. Sparse files are written with their holes filled.
 */
public final class TarWriter {
    private static final byte[] ZEROS = new byte[2 * TarFields.BLOCK];
    private static final long OCTAL_11 = 077777777777L;
    private static final long OCTAL_7 = 07777777;

    private final OutputStream out;

    public TarWriter(OutputStream out) {
        this.out = out;
    }

    /** Adds a member without content. */
    public void put(TarEntry entry) throws IOException {
        put(entry, InputStream.nullInputStream());
    }

    /** Adds a member whose content is exactly as long as the entry's size; a stream that ends before is an IOException. */
    public void put(TarEntry entry, InputStream content) throws IOException {
        extendedHeader(entry);
        header(entry);
        if (entry.kind() == TarEntry.Kind.FILE) {
            byte[] buffer = new byte[(int) Math.min(65536, Math.max(entry.size(), 1))];
            long left = entry.size();
            while (left > 0) {
                int got = content.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (got < 0) {
                    throw new java.io.EOFException("content ends " + left + " bytes early");
                }
                out.write(buffer, 0, got);
                left -= got;
            }
            pad(entry.size());
        }
    }

    /** Writes the two blocks of zeros that end an archive. The stream stays open. */
    public void finish() throws IOException {
        out.write(ZEROS);
    }

    private void pad(long size) throws IOException {
        out.write(ZEROS, 0, (int) (-size & TarFields.BLOCK - 1));
    }

    private void extendedHeader(TarEntry entry) throws IOException {
        var records = new TreeMap<String, byte[]>();
        if (!fits(entry.path())) {
            records.put("path", ByteText.encode(entry.path()));
        }
        if (!fits(entry.link())) {
            records.put("linkpath", ByteText.encode(entry.link()));
        }
        if (entry.size() > OCTAL_11) {
            records.put("size", ascii(Long.toString(entry.size())));
        }
        if (Integer.toUnsignedLong(entry.uid()) > OCTAL_7) {
            records.put("uid", ascii(Integer.toUnsignedString(entry.uid())));
        }
        if (Integer.toUnsignedLong(entry.gid()) > OCTAL_7) {
            records.put("gid", ascii(Integer.toUnsignedString(entry.gid())));
        }
        Instant time = entry.modified();
        if (time.getNano() != 0 || time.getEpochSecond() < 0 || time.getEpochSecond() > OCTAL_11) {
            records.put("mtime", ascii(seconds(time)));
        }
        for (Xattr xattr : entry.xattrs()) {
            records.put(PaxRecords.XATTR + xattr.name(), xattr.value());
        }
        if (!records.isEmpty()) {
            byte[] body = format(records);
            byte[] block = new byte[TarFields.BLOCK];
            String path = entry.path().endsWith("/") ? entry.path().substring(0, entry.path().length() - 1) : entry.path();
            byte[] name = ByteText.encode("PaxHeaders.0/" + MemberPath.name(path));
            System.arraycopy(name, 0, block, 0, Math.min(name.length, TarFields.NAME_LENGTH));
            finishHeader(block, 0644, 0, 0, body.length, 0, 'x');
            out.write(body);
            pad(body.length);
        }
    }

    private static boolean fits(String name) {
        if (name.length() > TarFields.NAME_LENGTH) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** Decimal seconds; a fraction counts away from zero, as pax has it. */
    private static String seconds(Instant time) {
        boolean negative = time.getEpochSecond() < 0;
        long whole = negative && time.getNano() != 0 ? time.getEpochSecond() + 1 : time.getEpochSecond();
        int nanos = negative && time.getNano() != 0 ? 1_000_000_000 - time.getNano() : time.getNano();
        var text = new StringBuilder(negative ? "-" : "").append(Math.abs(whole));
        if (nanos != 0) {
            String digits = Integer.toString(nanos);
            text.append('.').repeat('0', 9 - digits.length()).append(digits);
            while (text.charAt(text.length() - 1) == '0') {
                text.setLength(text.length() - 1);
            }
        }
        return text.toString();
    }

    private static byte[] format(Map<String, byte[]> records) {
        var body = new ByteArrayOutputStream();
        for (var record : records.entrySet()) {
            byte[] key = ByteText.encode(record.getKey());
            int rest = key.length + record.getValue().length + 3;
            int length = rest + Integer.toString(rest).length();
            length = rest + Integer.toString(length).length();
            body.writeBytes(ascii(length + " "));
            body.writeBytes(key);
            body.write('=');
            body.writeBytes(record.getValue());
            body.write('\n');
        }
        return body.toByteArray();
    }

    private void header(TarEntry entry) throws IOException {
        byte[] block = new byte[TarFields.BLOCK];
        put(block, TarFields.NAME, entry.path());
        put(block, TarFields.LINK, entry.link());
        put(block, TarFields.MAJOR, 8, entry.major());
        put(block, TarFields.MINOR, 8, entry.minor());
        long seconds = entry.modified().getEpochSecond();
        finishHeader(block, entry.mode(), entry.uid(), entry.gid(), entry.size(),
                seconds >= 0 && seconds <= OCTAL_11 ? seconds : 0, type(entry.kind()));
    }

    private void finishHeader(byte[] block, int mode, int uid, int gid, long size, long seconds, char type)
            throws IOException {
        put(block, TarFields.MODE, 8, mode);
        put(block, TarFields.UID, 8, Integer.toUnsignedLong(uid) <= OCTAL_7 ? uid : 0);
        put(block, TarFields.GID, 8, Integer.toUnsignedLong(gid) <= OCTAL_7 ? gid : 0);
        put(block, TarFields.SIZE, 12, size <= OCTAL_11 ? size : 0);
        put(block, TarFields.MODIFIED, 12, seconds);
        block[TarFields.TYPE] = (byte) type;
        System.arraycopy(ascii("ustar\00000"), 0, block, TarFields.MAGIC, 8);
        java.util.Arrays.fill(block, TarFields.CHECKSUM, TarFields.CHECKSUM + 8, (byte) ' ');
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xFF;
        }
        put(block, TarFields.CHECKSUM, 7, sum);
        out.write(block);
    }

    private static void put(byte[] block, int at, String name) {
        byte[] bytes = ByteText.encode(name);
        System.arraycopy(bytes, 0, block, at, Math.min(bytes.length, TarFields.NAME_LENGTH));
    }

    /** Octal digits with leading zeros and a NUL at the end. */
    private static void put(byte[] block, int at, int length, long number) {
        long rest = number;
        for (int i = at + length - 2; i >= at; i--) {
            block[i] = (byte) ('0' + (rest & 7));
            rest >>>= 3;
        }
        block[at + length - 1] = 0;
    }

    private static char type(TarEntry.Kind kind) {
        return switch (kind) {
            case FILE -> '0';
            case HARD_LINK -> '1';
            case SYMBOLIC_LINK -> '2';
            case CHARACTER_DEVICE -> '3';
            case BLOCK_DEVICE -> '4';
            case DIRECTORY -> '5';
            case FIFO -> '6';
        };
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
