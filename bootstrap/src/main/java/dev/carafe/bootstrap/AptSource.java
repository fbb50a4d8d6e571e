package dev.carafe.bootstrap;

import dev.carafe.base.Fault;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One suite of an archive of packages, as sources.list(5) has it.
 *
 * @param archive ends in a slash
 * @param signedBy the file of keys that it is signed by; absent: those that apt trusts
 */
public record AptSource(URI archive, String suite, List<String> components, Optional<Path> signedBy) {
    public AptSource {
        components = List.copyOf(components);
    }

    /** Those that a directory such as {@code /etc/apt} configures, in either form of file. */
    public static List<AptSource> configured(Path directory) {
        var all = new ArrayList<AptSource>();
        if (Files.exists(directory.resolve("sources.list"))) {
            lines(read(directory.resolve("sources.list")), all);
        }
        Path parts = directory.resolve("sources.list.d");
        if (Files.isDirectory(parts)) {
            try (Stream<Path> files = Files.list(parts)) {
                for (Path file : files.sorted().toList()) {
                    if (file.toString().endsWith(".list")) {
                        lines(read(file), all);
                    } else if (file.toString().endsWith(".sources")) {
                        Stanzas.parse(read(file)).forEach(stanza -> stanza(stanza, all));
                    }
                }
            } catch (IOException e) {
                throw Fault.of(Fault.Kind.UNAVAILABLE, "read", "\"" + parts + "\"", String.valueOf(e.getMessage())).cause(e);
            }
        }
        return all;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "read", "\"" + file + "\"", String.valueOf(e.getMessage())).cause(e);
        }
    }

    private static void lines(String text, List<AptSource> into) {
        for (String line : text.split("\n")) {
            String plain = line.strip();
            Optional<Path> signedBy = Optional.empty();
            int open = plain.indexOf('[');
            int close = plain.indexOf(']');
            if (open > 0 && close > open) {
                for (String option : plain.substring(open + 1, close).strip().split("\\s+")) {
                    signedBy = option.startsWith("signed-by=") ? Optional.of(Path.of(option.substring("signed-by=".length()))) : signedBy;
                }
                plain = plain.substring(0, open) + plain.substring(close + 1);
            }
            String[] words = plain.split("\\s+");
            if (words.length > 3 && words[0].equals("deb")) {
                add(words[1], words[2], List.of(words).subList(3, words.length), signedBy, into);
            }
        }
    }

    private static void stanza(Map<String, String> stanza, List<AptSource> into) {
        if (!List.of(stanza.getOrDefault("types", "").split("\\s+")).contains("deb") || stanza.getOrDefault("enabled", "yes").equals("no")) {
            return;
        }
        String keys = stanza.getOrDefault("signed-by", "");
        Optional<Path> signedBy = keys.startsWith("/") ? Optional.of(Path.of(keys.split("\\s+")[0])) : Optional.empty();
        for (String archive : stanza.getOrDefault("uris", "").split("\\s+")) {
            for (String suite : stanza.getOrDefault("suites", "").split("\\s+")) {
                if (!archive.isEmpty() && !suite.isEmpty()) {
                    add(archive, suite, List.of(stanza.getOrDefault("components", "").split("\\s+")), signedBy, into);
                }
            }
        }
    }

    private static void add(String archive, String suite, List<String> components, Optional<Path> signedBy, List<AptSource> into) {
        URI uri;
        try {
            uri = URI.create(archive.endsWith("/") ? archive : archive + "/");
        } catch (IllegalArgumentException notAnAddress) {
            return;
        }
        // A suite that ends in a slash is a directory of packages without components, which no distribution is made of.
        if (List.of("http", "https", "file").contains(String.valueOf(uri.getScheme())) && !suite.endsWith("/")) {
            into.add(new AptSource(uri, suite, components, signedBy));
        }
    }
}
