package dev.carafe.plan;

import dev.carafe.base.Fault;

/** The version of a Linux kernel, as far as features depend on it. */
public record KernelVersion(int major, int minor) implements Comparable<KernelVersion> {
    /** Reads the release of uname(2), such as {@code 6.1.0-18-amd64}. */
    public static KernelVersion parse(String release) {
        int dot = release.indexOf('.');
        int end = dot + 1;
        while (end < release.length() && Character.isDigit(release.charAt(end))) {
            end++;
        }
        try {
            return new KernelVersion(Integer.parseInt(release.substring(0, dot)), Integer.parseInt(release.substring(dot + 1, end)));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw Fault.invalid("read", "kernel release \"" + release + "\"", "expected a version such as 6.1.0").cause(e);
        }
    }

    public boolean atLeast(int wantedMajor, int wantedMinor) {
        return major > wantedMajor || major == wantedMajor && minor >= wantedMinor;
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
