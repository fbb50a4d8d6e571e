package dev.carafe.engine;

/**
 * How files are copied (docker's reference of {@code docker cp}).
 *
 * @param archive into a container: everything becomes its user's; out of it: everything stays whose it was. Without it, owners stay by their numbers
 *     on the way in, and everything becomes the caller's on the way out
 * @param followLinks whether a link as source stands for where it leads
 */
public record CopyOptions(boolean archive, boolean followLinks) {
    public static final CopyOptions USUAL = new CopyOptions(false, false);
}
