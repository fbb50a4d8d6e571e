package dev.carafe.bootstrap;

/** A version of a package, in the order of deb-version(7). */
record DebVersion(String text) implements Comparable<DebVersion> {
    @Override
    public int compareTo(DebVersion other) {
        long epoch = epoch() - other.epoch();
        if (epoch != 0) {
            return epoch < 0 ? -1 : 1;
        }
        int upstream = compare(upstream(), other.upstream());
        return upstream != 0 ? upstream : compare(revision(), other.revision());
    }

    private long epoch() {
        int colon = text.indexOf(':');
        try {
            return colon < 0 ? 0 : Long.parseLong(text.substring(0, colon));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private String upstream() {
        String rest = text.substring(text.indexOf(':') + 1);
        int dash = rest.lastIndexOf('-');
        return dash < 0 ? rest : rest.substring(0, dash);
    }

    private String revision() {
        int dash = text.lastIndexOf('-');
        return dash < 0 ? "" : text.substring(dash + 1);
    }

    /** Stretches without digits and with digits in turn: letters before others, a tilde before everything, even the end. */
    private static int compare(String one, String other) {
        int i = 0;
        int j = 0;
        while (i < one.length() || j < other.length()) {
            while (i < one.length() && !digit(one, i) || j < other.length() && !digit(other, j)) {
                int order = order(one, i) - order(other, j);
                if (order != 0) {
                    return order;
                }
                i++;
                j++;
            }
            int from = i;
            int otherFrom = j;
            while (digit(one, i)) {
                i++;
            }
            while (digit(other, j)) {
                j++;
            }
            int order = new java.math.BigInteger("0" + one.substring(Math.min(from, one.length()), Math.min(i, one.length())))
                    .compareTo(new java.math.BigInteger("0" + other.substring(Math.min(otherFrom, other.length()), Math.min(j, other.length()))));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static boolean digit(String text, int at) {
        return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    private static int order(String text, int at) {
        if (at >= text.length() || digit(text, at)) {
            return 0;
        }
        char c = text.charAt(at);
        return c == '~' ? -1 : Character.isLetter(c) ? c : c + 256;
    }
}
