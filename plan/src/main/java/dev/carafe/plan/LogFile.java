package dev.carafe.plan;

/**
 * The file that takes a container's output, and those that it is moved to when it has grown: {@code PATH.1}, {@code PATH.2} and so on, the newest first.
 *
 * @param path absolute
 * @param mostBytes how long it may be before it is moved; 0: as long as it likes
 * @param files how many there are at most, itself included; with one, what it has is dropped
 */
public record LogFile(String path, long mostBytes, int files) {
    /** One that is never moved. */
    public static LogFile of(String path) {
        return new LogFile(path, 0, 1);
    }
}
