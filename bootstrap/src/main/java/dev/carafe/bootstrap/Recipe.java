package dev.carafe.bootstrap;

import java.util.List;

/**
 * What a base image is to have.
 *
 * @param suite such as {@code bookworm}
 * @param variant {@code minbase}: what is required, and apt; {@code standard}: what is important, too, as debootstrap has it
 * @param include further packages, with all that they need
 * @param architecture in Debian's words
 */
public record Recipe(String suite, Variant variant, List<String> include, String architecture) {
    /** How much is in the image. */
    public enum Variant { MINBASE, STANDARD }

    public Recipe {
        include = List.copyOf(include);
    }

    /** What is required and apt, for this machine. */
    public static Recipe minimal(String suite) {
        return new Recipe(suite, Variant.MINBASE, List.of(), debian(System.getProperty("os.arch")));
    }

    public Recipe with(Variant value) {
        return new Recipe(suite, value, include, architecture);
    }

    public Recipe with(List<String> packages) {
        return new Recipe(suite, variant, packages, architecture);
    }

    /** Debian's word for Java's. */
    static String debian(String osArch) {
        return switch (osArch) {
            case "aarch64" -> "arm64";
            case "x86" -> "i386";
            default -> osArch;
        };
    }
}
