package dev.carafe.archive;

import dev.carafe.archive.TarEntry.Extent;
import dev.carafe.kernel.ByteText;
import dev.carafe.kernel.Xattr;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The records of one pax extended header: {@code LENGTH KEY=VALUE\n}, POSIX.1-2017 pax "Extended Header". Values stay bytes,
 * since those of extended attributes are.
 */
final class PaxRecords {
    static final String XATTR = "SCHILY.xattr.";

    private final Map<String, byte[]> values = new HashMap<>();
    private final List<Extent> extents = new ArrayList<>();

    static PaxRecords parse(byte[] header, ArchiveLimits limits) {
        var records = new PaxRecords();
        int at = 0;
        while (at < header.length && header[at] != 0) {
            int digits = at;
            int length = 0;
            while (digits < header.length && header[digits] >= '0' && header[digits] <= '9' && length <= header.length) {
                length = length * 10 + header[digits++] - '0';
            }
            int end = at + length;
            boolean framed = digits > at && digits < header.length && header[digits] == ' ' && length <= header.length
                    && end <= header.length && end > digits + 1 && header[end - 1] == '\n';
            if (!framed) {
                throw TarFields.corrupt("an extended header's record has a wrong length");
            }
            records.add(header, digits + 1, end - 1, limits);
            at = end;
        }
        return records;
    }

    private void add(byte[] header, int start, int end, ArchiveLimits limits) {
        int equals = start;
        while (equals < end && header[equals] != '=') {
            equals++;
        }
        if (equals == end || equals == start) {
            throw TarFields.corrupt("an extended header's record has no key");
        }
        String key = ByteText.decode(header, start, equals);
        byte[] value = Arrays.copyOfRange(header, equals + 1, end);
        if (key.equals("GNU.sparse.numbytes")) {
            TarReader.addExtent(extents, number("GNU.sparse.offset", 0), number(value), limits);
        }
        values.put(key, value);
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    String text(String key, String otherwise) {
        byte[] value = values.get(key);
        return value == null || value.length == 0 ? otherwise : ByteText.decode(value);
    }

    long number(String key, long otherwise) {
        byte[] value = values.get(key);
        return value == null || value.length == 0 ? otherwise : number(value);
    }

    static long number(byte[] digits) {
        long value = 0;
        boolean negative = digits.length > 1 && digits[0] == '-';
        for (int i = negative ? 1 : 0; i < digits.length; i++) {
            if (digits[i] < '0' || digits[i] > '9' || value > (Long.MAX_VALUE - 9) / 10) {
                throw TarFields.corrupt("an extended header's number is not decimal");
            }
            value = value * 10 + digits[i] - '0';
        }
        return negative ? -value : value;
    }

    /** Seconds with a fraction, of which nine digits count. */
    Instant time(String key, Instant otherwise) {
        byte[] value = values.get(key);
        if (value == null || value.length == 0) {
            return otherwise;
        }
        String text = new String(value, StandardCharsets.ISO_8859_1);
        int dot = text.indexOf('.');
        if (dot < 0) {
            return TarReader.instant(number(value), 0);
        }
        long seconds = number(text.substring(0, dot).getBytes(StandardCharsets.ISO_8859_1));
        int nanos = 0;
        for (int i = 1; i <= 9; i++) {
            char digit = dot + i < text.length() ? text.charAt(dot + i) : '0';
            if (digit < '0' || digit > '9') {
                throw TarFields.corrupt("an extended header's time is not decimal");
            }
            nanos = nanos * 10 + digit - '0';
        }
        return TarReader.instant(seconds, text.startsWith("-") ? -nanos : nanos);
    }

    List<Xattr> xattrs() {
        var sorted = new TreeMap<String, byte[]>();
        for (var record : values.entrySet()) {
            if (record.getKey().startsWith(XATTR) && record.getKey().length() > XATTR.length()) {
                sorted.put(record.getKey().substring(XATTR.length()), record.getValue());
            }
        }
        var xattrs = new ArrayList<Xattr>(sorted.size());
        for (var xattr : sorted.entrySet()) {
            xattrs.add(new Xattr(xattr.getKey(), xattr.getValue()));
        }
        return xattrs;
    }

    /** The pieces by pax formats 0.0 (repeated records) and 0.1 (one list). */
    List<Extent> extents(ArchiveLimits limits) {
        String map = text("GNU.sparse.map", "");
        if (map.isEmpty()) {
            return extents;
        }
        var listed = new ArrayList<Extent>();
        String[] numbers = map.split(",", -1);
        if (numbers.length % 2 != 0) {
            throw TarFields.corrupt("a sparse file's map has an odd count of numbers");
        }
        for (int i = 0; i < numbers.length; i += 2) {
            TarReader.addExtent(listed, number(numbers[i].getBytes(StandardCharsets.UTF_8)),
                    number(numbers[i + 1].getBytes(StandardCharsets.UTF_8)), limits);
        }
        return listed;
    }
}
