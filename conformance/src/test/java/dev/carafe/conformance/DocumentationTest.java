package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The pages of the source tree lead where they say, and what they call a proof is a test. */
class DocumentationTest {
    private static final Path TREE = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern PROOF = Pattern.compile("`(?:([A-Z]\\w*(?:Test|Suite))(?:\\.([a-z]\\w+))?|([a-z]\\w*[A-Z]\\w+))`");
    private static final Pattern METHOD = Pattern.compile("void (\\w+)\\(");

    private static final List<Path> pages = new ArrayList<>();
    private static final Map<String, List<String>> tests = new HashMap<>();

    @BeforeAll
    static void readTree() throws IOException {
        try (Stream<Path> files = Files.walk(TREE)) {
            files.filter(Files::isRegularFile).filter(DocumentationTest::isSource).forEach(file -> {
                String name = file.getFileName().toString();
                if (name.endsWith(".md")) {
                    pages.add(file);
                } else if (name.endsWith("Test.java") || name.endsWith("Suite.java")) {
                    tests.put(name.substring(0, name.length() - ".java".length()),
                            METHOD.matcher(text(file)).results().map(match -> match.group(1)).toList());
                }
            });
        }
    }

    private static boolean isSource(Path file) {
        Path relative = TREE.relativize(file);
        if (relative.startsWith("build")) {
            return false;
        }
        for (Path part : relative) {
            if (List.of("target", ".git").contains(part.toString())) {
                return false;
            }
        }
        return true;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyRelativeLinkLeadsToAFileOfTheTree() {
        var broken = new ArrayList<String>();
        for (Path page : pages) {
            LINK.matcher(text(page)).results().map(match -> match.group(1)).filter(link -> !link.contains("://") && !link.startsWith("#")).forEach(link -> {
                Path target = page.resolveSibling(link.split("#")[0]).normalize();
                if (!target.startsWith(TREE) || !Files.exists(target)) {
                    broken.add(TREE.relativize(page) + ": " + link);
                }
            });
        }

        assertThat(pages).contains(TREE.resolve("README.md"), TREE.resolve("ARCHITECTURE.md"));
        assertThat(broken).isEmpty();
    }

    /** A method's name alone continues the list of the class that was named last, as in {@code `PlanTest.a`, `b`}. */
    @Test
    void everyProofInAConformanceStatementIsATest() {
        var missing = new ArrayList<String>();
        int proofs = 0;
        for (Path page : pages) {
            if (page.getParent().getFileName().toString().equals("conformance") && page.startsWith(TREE.resolve("docs"))) {
                for (String row : text(page).lines().filter(line -> line.startsWith("|")).toList()) {
                    String last = row.substring(row.lastIndexOf('|', row.length() - 2));
                    String named = "";
                    for (var match : PROOF.matcher(last).results().toList()) {
                        named = match.group(1) == null ? named : match.group(1);
                        String method = match.group(3) == null ? match.group(2) : match.group(3);
                        proofs++;
                        if (!tests.containsKey(named) || method != null && !tests.get(named).contains(method)) {
                            missing.add(TREE.relativize(page) + ": " + match.group());
                        }
                    }
                }
            }
        }

        assertThat(proofs).isPositive();
        assertThat(missing).isEmpty();
    }
}
