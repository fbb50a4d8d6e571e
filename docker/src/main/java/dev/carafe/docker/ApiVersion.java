package dev.carafe.docker;

/**
 * A version of the API; the major number is 1.
 *
 * @param minor behind the dot
 */
record ApiVersion(int minor) {
    static final ApiVersion OLDEST = new ApiVersion(24);
    static final ApiVersion NEWEST = new ApiVersion(51);

    /** The version that a path begins with, as {@code v1.41}. */
    static ApiVersion parse(String text) {
        int dot = text.indexOf('.');
        String major = dot < 0 ? text : text.substring(0, dot);
        String rest = dot < 0 ? "0" : text.substring(dot + 1);
        if (!isNumber(major) || !isNumber(rest)) {
            throw ApiFault.notFound("page not found");
        }
        int minor = Integer.parseInt(rest);
        if (Integer.parseInt(major) > 1 || minor > NEWEST.minor && major.equals("1")) {
            throw ApiFault.invalid("client version " + text + " is too new. Maximum supported API version is " + NEWEST);
        }
        if (Integer.parseInt(major) < 1 || minor < OLDEST.minor) {
            throw ApiFault.invalid("client version " + text + " is too old. Minimum supported API version is " + OLDEST
                    + ", please upgrade your client to a newer version");
        }
        return new ApiVersion(minor);
    }

    private static boolean isNumber(String text) {
        for (int k = 0; k < text.length(); k++) {
            if (text.charAt(k) < '0' || text.charAt(k) > '9') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() < 6;
    }

    boolean atLeast(int wanted) {
        return minor >= wanted;
    }

    @Override
    public String toString() {
        return "1." + minor;
    }
}
