package dev.carafe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ModuleGraphTest {
    private static final Path TOP = Carafe.program().getParent().getParent().getParent().getParent();

    private static Path classes(String module) {
        return TOP.resolve(ModuleGraph.folder(module)).resolve("target/classes");
    }

    /** Those that are built; this module comes before the last one. */
    private static List<String> built() {
        return ModuleGraph.ORDER.stream().filter(module -> Files.exists(classes(module).resolve("module-info.class"))).toList();
    }

    @Test
    void everyModuleOfTheBuildHasItsPlace() throws IOException {
        String pom = Files.readString(TOP.resolve("pom.xml"));
        var modules = new ArrayList<String>();
        for (String line : pom.lines().toList()) {
            if (line.strip().startsWith("<module>")) {
                modules.add(line.strip().replace("<module>", "").replace("</module>", ""));
            }
        }
        assertThat(modules).containsExactlyElementsOf(ModuleGraph.ORDER.stream().map(ModuleGraph::folder).toList());
        assertThat(built()).contains("base", "kernel", "oci", "plan", "runtime", "engine", "cli", "conformance");
    }

    @Test
    void noArrowGoesBack() throws IOException {
        for (String module : built()) {
            try (InputStream in = Files.newInputStream(classes(module).resolve("module-info.class"))) {
                ModuleDescriptor descriptor = ModuleGraph.read(in);
                assertThat(descriptor.name()).isEqualTo("dev.carafe." + module);
                assertThat(ModuleGraph.wrongArrows(descriptor)).isEmpty();
            }
        }
    }

    @Test
    void noDependencyOfTheBuildGoesBackEither() throws IOException {
        for (String module : ModuleGraph.ORDER) {
            String pom = Files.readString(TOP.resolve(ModuleGraph.folder(module)).resolve("pom.xml"));
            for (String other : ModuleGraph.ORDER.subList(ModuleGraph.ORDER.indexOf(module) + 1, ModuleGraph.ORDER.size())) {
                assertThat(pom).as(module + "/pom.xml").doesNotContain("<artifactId>carafe-" + other + "</artifactId><", "<artifactId>carafe-" + other + "</artifactId></dependency>");
            }
        }
    }

    @Test
    void anArrowThatGoesBackIsFound() {
        var back = ModuleDescriptor.newModule("dev.carafe.oci").requires("dev.carafe.base").requires("dev.carafe.engine").build();
        assertThat(ModuleGraph.wrongArrows(back)).containsExactly("dev.carafe.oci requires dev.carafe.engine, which does not come before it");
        var stranger = ModuleDescriptor.newModule("dev.carafe.attic").build();
        assertThat(ModuleGraph.wrongArrows(stranger)).containsExactly("dev.carafe.attic has no place in the order");
        assertThat(ModuleGraph.wrongArrows(ModuleDescriptor.newModule("dev.carafe.plan").requires("dev.carafe.oci").requires("java.base").build())).isEmpty();
    }

    @Test
    void pureModulesTouchNothing() throws IOException {
        for (String module : ModuleGraph.PURE) {
            try (Stream<Path> files = Files.walk(classes(module))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                    assertThat(ModuleGraph.effects(Files.readAllBytes(file))).as(classes(module).relativize(file).toString()).isEmpty();
                }
            }
        }
    }

    @Test
    void aClassThatTouchesTheDiskIsFound() throws IOException {
        try (InputStream in = ModuleGraphTest.class.getResourceAsStream("Tools.class")) {
            assertThat(ModuleGraph.effects(in.readAllBytes())).contains("java/nio/file/Files", "java/io/File");
        }
        try (InputStream in = ModuleGraphTest.class.getResourceAsStream("Outcome.class")) {
            assertThat(ModuleGraph.effects(in.readAllBytes())).isEmpty();
        }
    }

    @Test
    void everyPackageHasItsPage() throws IOException {
        for (String module : ModuleGraph.ORDER) {
            Path sources = TOP.resolve(ModuleGraph.folder(module)).resolve("src/main/java");
            try (Stream<Path> files = Files.walk(sources)) {
                for (Path directory : files.filter(Files::isDirectory).toList()) {
                    try (Stream<Path> types = Files.list(directory)) {
                        if (types.anyMatch(t -> t.toString().endsWith(".java") && !t.endsWith("module-info.java"))) {
                            assertThat(directory.resolve("package-info.java")).content().contains("/**", "@NullMarked");
                        }
                    }
                }
            }
        }
    }
}
