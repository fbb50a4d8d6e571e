package dev.carafe.archive;

/** Paths of archives in messages: quoted, on one line, not endless. */
final class Shown {
    private static final int LONGEST = 200;

    private Shown() {}

    static String path(String path) {
        var shown = new StringBuilder("\"");
        for (int i = 0; i < Math.min(path.length(), LONGEST); i++) {
            char c = path.charAt(i);
            shown.append(c < ' ' || c == 0x7F || c >= 0xDC80 && c <= 0xDCFF && !paired(path, i) ? '?' : c);
        }
        return shown.append(path.length() > LONGEST ? "…\"" : "\"").toString();
    }

    private static boolean paired(String path, int i) {
        return i > 0 && Character.isHighSurrogate(path.charAt(i - 1));
    }
}
