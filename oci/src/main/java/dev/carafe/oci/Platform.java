package dev.carafe.oci;

import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an image runs on (image-spec image-index.md#image-index-property-descriptions), in Go's words, and which images run on
 * what, as containerd's platforms decides it.
 *
 * @param os such as {@code linux}
 * @param architecture such as {@code amd64}, {@code arm64}, {@code arm}
 * @param variant such as {@code v7}; absent for the usual one
 * @param osVersion for Windows
 * @param osFeatures what the system must have
 */
public record Platform(String os, String architecture, Optional<String> variant, Optional<String> osVersion,
        List<String> osFeatures) implements JsonForm {
    private static final int OLDEST_ARM = 5;
    /** An arm64 v9.N has all that a v8.(N+5) has, up to v8.9. */
    private static final int V8_IN_V9 = 5;
    private static final int NEWEST_MINOR = 9;

    public Platform {
        osFeatures = List.copyOf(osFeatures);
    }

    /** With the usual variant. */
    public static Platform of(String os, String architecture) {
        return new Platform(os, architecture, Optional.empty(), Optional.empty(), List.of());
    }

    public static Platform of(String os, String architecture, String variant) {
        return new Platform(os, architecture, Optional.of(variant), Optional.empty(), List.of());
    }

    /**
     * The platform of a Linux host.
     *
     * @param osArch Java's word for the CPU, the system property {@code os.arch}, or that of uname(2)
     */
    public static Platform host(String osArch) {
        return architecture("linux", osArch, "");
    }

    /**
     * Reads {@code os/architecture} or {@code os/architecture/variant}, in any of their usual spellings ({@code linux/x86_64},
     * {@code linux/armhf}), or one of the two words alone, which {@code host} completes.
     */
    public static Platform parse(String text, Platform host) {
        String[] parts = text.split("/", -1);
        for (String part : parts) {
            if (!word(part)) {
                throw fault(text, "expected os/architecture[/variant]");
            }
        }
        return switch (parts.length) {
            case 1 -> alone(text, parts[0], host);
            case 2 -> architecture(os(parts[0]), parts[1], "");
            case 3 -> {
                Platform platform = architecture(os(parts[0]), parts[1], parts[2]);
                // Said aloud, the usual variant of arm64 stays, so that it prints as it was given.
                boolean usual = platform.architecture.equals("arm64") && platform.variant.isEmpty();
                yield usual ? of(platform.os, platform.architecture, "v8") : platform;
            }
            default -> throw fault(text, "expected os/architecture[/variant]");
        };
    }

    public static Platform parse(Fields in) {
        Fields fields = in.section("image-spec image-index.md");
        return new Platform(
                fields.string("os"),
                fields.string("architecture"),
                fields.optionalString("variant"),
                fields.optionalString("os.version"),
                fields.strings("os.features"));
    }

    @Override
    public JsonObject json() {
        return new JsonFields()
                .put("architecture", architecture)
                .put("os", os)
                .optional("os.version", osVersion)
                .list("os.features", osFeatures)
                .optional("variant", variant)
                .json();
    }

    /** The same in the words that are compared: {@code aarch64/v8} is {@code arm64}, {@code arm} is {@code arm/v7}. */
    public Platform normalized() {
        Platform plain = architecture(os(os), architecture, variant.orElse(""));
        boolean arm = plain.architecture.equals("arm") && plain.variant.isEmpty();
        return new Platform(plain.os, plain.architecture, arm ? Optional.of("v7") : plain.variant, osVersion, osFeatures);
    }

    /** Whether an image for {@code other} is one for exactly this platform, spellings aside. */
    public boolean matches(Platform other) {
        Platform mine = normalized();
        Platform theirs = other.normalized();
        return mine.os.equals(theirs.os) && mine.architecture.equals(theirs.architecture) && mine.variant.equals(theirs.variant)
                && osFeatures.containsAll(other.osFeatures);
    }

    /**
     * How well an image suits this platform: 0 is best, -1 means that it does not run. After the same platform come older variants,
     * then the 32-bit one: amd64 runs 386, arm64 runs arm/v8 and older.
     */
    public int rank(Platform image) {
        List<Platform> candidates = candidates();
        for (int i = 0; i < candidates.size(); i++) {
            if (candidates.get(i).matches(image)) {
                return i;
            }
        }
        return -1;
    }

    /** Platforms whose images run on this one, best first; see {@link #rank}. */
    public List<Platform> candidates() {
        Platform mine = normalized();
        var all = new ArrayList<Platform>();
        switch (mine.architecture) {
            case "amd64" -> {
                all.add(mine);
                for (int version = version(mine.variant.orElse("")) - 1; version >= 1; version--) {
                    all.add(mine.with("amd64", "v" + version));
                }
                all.add(mine.with("386", ""));
            }
            case "arm" -> {
                all.add(mine);
                addOlderArm(all, mine, version(mine.variant.orElse("")));
            }
            case "arm64" -> {
                addArm64(all, mine);
                all.add(mine.with("arm", "v8"));
                addOlderArm(all, mine, 8);
            }
            default -> all.add(mine);
        }
        return List.copyOf(all);
    }

    /** {@code os/architecture} or {@code os/architecture/variant}. */
    @Override
    public String toString() {
        return os + "/" + architecture + (variant.isPresent() ? "/" + variant.get() : "");
    }

    private static void addOlderArm(List<Platform> all, Platform mine, int version) {
        for (int older = version - 1; older >= OLDEST_ARM; older--) {
            all.add(mine.with("arm", "v" + older));
        }
    }

    private static void addArm64(List<Platform> all, Platform mine) {
        String variant = mine.variant.orElse("v8");
        boolean nine = variant.startsWith("v9");
        int dot = variant.indexOf('.');
        int minor = dot < 0 ? 0 : Math.min(version(variant.substring(dot + 1)), NEWEST_MINOR);
        if (!nine && !variant.startsWith("v8") || minor < 0) {
            all.add(mine);
            return;
        }
        for (int i = minor; nine && i >= 0; i--) {
            all.add(mine.with("arm64", i == 0 ? "v9" : "v9." + i));
        }
        for (int i = nine ? Math.min(minor + V8_IN_V9, NEWEST_MINOR) : minor; i >= 0; i--) {
            all.add(mine.with("arm64", i == 0 ? "v8" : "v8." + i));
        }
    }

    private Platform with(String otherArchitecture, String otherVariant) {
        Optional<String> nullable = otherVariant.isEmpty() ? Optional.empty() : Optional.of(otherVariant);
        return new Platform(os, otherArchitecture, nullable, osVersion, osFeatures);
    }

    /** The number in {@code v3} or {@code 3}, or -1. */
    private static int version(String variant) {
        try {
            return Integer.parseInt(variant.startsWith("v") ? variant.substring(1) : variant);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static Platform alone(String text, String word, Platform host) {
        return switch (os(word)) {
            case "linux", "windows", "darwin", "freebsd", "netbsd", "openbsd", "solaris", "android", "aix", "illumos", "plan9",
                    "zos" ->
                os(word).equals(host.os) ? host : of(os(word), host.architecture);
            default -> {
                Platform platform = architecture(host.os, word, "");
                yield switch (platform.architecture) {
                    case "386", "amd64", "arm", "arm64", "loong64", "mips", "mipsle", "mips64", "mips64le", "ppc64", "ppc64le",
                            "riscv64", "s390x", "wasm" -> platform;
                    default -> throw fault(text, "no operating system and no architecture of that name");
                };
            }
        };
    }

    private static String os(String word) {
        String os = word.toLowerCase(Locale.ROOT);
        return os.equals("macos") ? "darwin" : os;
    }

    private static Platform architecture(String os, String word, String variantWord) {
        String variant = variantWord.toLowerCase(Locale.ROOT);
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "386", "i386", "i486", "i586", "i686", "x86" -> of(os, "386");
            case "amd64", "x86_64", "x86-64" -> variant(os, "amd64", variant.equals("v1") ? "" : variant);
            case "arm64", "aarch64" -> variant(os, "arm64", switch (variant) {
                case "8", "v8", "v8.0" -> "";
                case "9", "9.0", "v9.0" -> "v9";
                default -> variant;
            });
            case "armhf", "armv7", "armv7l" -> of(os, "arm");
            case "armel", "armv6", "armv6l" -> of(os, "arm", "v6");
            case "armv5", "armv5l" -> of(os, "arm", "v5");
            case "arm" -> variant(os, "arm", switch (variant) {
                case "7", "v7" -> "";
                case "5", "6", "8" -> "v" + variant;
                default -> variant;
            });
            case "loongarch64" -> variant(os, "loong64", variant);
            default -> variant(os, word.toLowerCase(Locale.ROOT), variant);
        };
    }

    private static Platform variant(String os, String architecture, String variant) {
        return variant.isEmpty() ? of(os, architecture) : of(os, architecture, variant);
    }

    private static boolean word(String part) {
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '.' && c != '-') {
                return false;
            }
        }
        return !part.isEmpty();
    }

    private static Fault fault(String text, String reason) {
        return Fault.invalid("platform", "\"" + text + "\"", reason).hint("such as linux/amd64 or linux/arm/v7");
    }
}
