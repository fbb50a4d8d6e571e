package dev.carafe.cli.text;

/** How many places text takes on a terminal, and text cut to that many. */
public final class Width {
    /** First and last of the ranges that Unicode's EastAsianWidth.txt calls wide or fullwidth, rounded to whole blocks. */
    private static final int[] WIDE = {0x1100, 0x115f, 0x2e80, 0x303e, 0x3041, 0x33ff, 0x3400, 0x4dbf, 0x4e00, 0xa4cf, 0xa960, 0xa97f, 0xac00,
        0xd7a3, 0xf900, 0xfaff, 0xfe30, 0xfe6f, 0xff01, 0xff60, 0xffe0, 0xffe6, 0x17000, 0x18aff, 0x1b000, 0x1b2ff, 0x1f300, 0x1f64f, 0x1f680, 0x1f6ff,
        0x1f900, 0x1f9ff, 0x20000, 0x3fffd};

    private Width() {}

    /** The places that a text takes. */
    public static int of(String text) {
        int places = 0;
        for (int i = 0; i < text.length(); ) {
            int rune = text.codePointAt(i);
            i += Character.charCount(rune);
            places += of(rune);
        }
        return places;
    }

    private static int of(int rune) {
        if (rune < WIDE[0]) {
            return 1;
        }
        for (int i = 0; i < WIDE.length && WIDE[i] <= rune; i += 2) {
            if (rune <= WIDE[i + 1]) {
                return 2;
            }
        }
        return 1;
    }

    /** The text where it fits into that many places, otherwise its beginning and an ellipsis. */
    public static String cut(String text, int places) {
        if (of(text) <= places) {
            return text;
        }
        int used = 0;
        int end = 0;
        while (end < text.length()) {
            int rune = text.codePointAt(end);
            if (used + of(rune) > places - 1) {
                break;
            }
            used += of(rune);
            end += Character.charCount(rune);
        }
        return text.substring(0, end) + "…";
    }

    /** The first twelve characters of an id, without the name of its digest's algorithm. */
    public static String shortId(String id) {
        String bare = id.substring(id.indexOf(':') + 1);
        return bare.length() > 12 ? bare.substring(0, 12) : bare;
    }
}
