package dev.carafe.base;

/**
 * A version of Linux as features and profiles compare it, by its first two numbers: 6.18.44-arch1 is 6.18.
 *
 * @param major as the 6 in 6.18
 * @param minor as the 18 in 6.18
 */
public record KernelVersion(int major, int minor) implements Comparable<KernelVersion> {
    /** Reads the start of a release as uname(2) gives it: two numbers with a dot between, and whatever follows. */
    public static KernelVersion parse(String release) {
        int dot = digits(release, 0);
        int end = dot < release.length() && release.charAt(dot) == '.' ? digits(release, dot + 1) : 0;
        if (dot == 0 || end <= dot + 1 || dot > 4 || end - dot > 5) {
            throw Fault.invalid("kernel version", '"' + release + '"', "expected two numbers with a dot between, such as 6.18");
        }
        return new KernelVersion(Integer.parseInt(release, 0, dot, 10), Integer.parseInt(release, dot + 1, end, 10));
    }

    public boolean atLeast(int wantedMajor, int wantedMinor) {
        return major > wantedMajor || major == wantedMajor && minor >= wantedMinor;
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    @Override
    public int compareTo(KernelVersion other) {
        return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
