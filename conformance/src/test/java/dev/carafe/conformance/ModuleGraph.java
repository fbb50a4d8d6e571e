package dev.carafe.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.module.ModuleDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The rules of the house: which module may lean on which, and which touch nothing. */
final class ModuleGraph {
    /** Each may depend only on those before it. */
    static final List<String> ORDER = List.of("base", "kernel", "oci", "archive", "content", "transport", "snapshot", "plan", "runtime", "network", "engine", "build", "junit", "docker", "bootstrap", "cli",
            "conformance", "bench");
    /** Their values are computed, printed and tested without a machine. */
    static final Set<String> PURE = Set.of("oci", "plan");

    private static final String OWN = "dev.carafe.";
    private static final List<String> EFFECTS = List.of("java/io/File", "java/io/RandomAccessFile", "java/nio/file/", "java/nio/channels/", "java/net/",
            "java/lang/Process", "java/lang/Runtime", "java/lang/foreign/", "dev/carafe/kernel/", "java/sql/", "javax/net/");
    /** They name no file of a disk: an address of the web, a path as text. */
    private static final List<String> HARMLESS = List.of("java/net/URI", "java/lang/RuntimeException");

    private ModuleGraph() {
    }

    /** Where a module is in the source tree: {@code build/} holds what the build makes. */
    static String folder(String module) {
        return module.equals("build") ? "builder" : module;
    }

    /** What is wrong with a module's arrows, a line for each. */
    static List<String> wrongArrows(ModuleDescriptor module) {
        var wrong = new ArrayList<String>();
        int self = place(module.name());
        if (self < 0) {
            wrong.add(module.name() + " has no place in the order");
        }
        for (ModuleDescriptor.Requires required : module.requires()) {
            if (required.name().startsWith(OWN) && (place(required.name()) < 0 || place(required.name()) >= self)) {
                wrong.add(module.name() + " requires " + required.name() + ", which does not come before it");
            }
        }
        return wrong;
    }

    private static int place(String module) {
        return module.startsWith(OWN) ? ORDER.indexOf(module.substring(OWN.length())) : -1;
    }

    static ModuleDescriptor read(InputStream moduleInfo) throws IOException {
        return ModuleDescriptor.read(moduleInfo);
    }

    /** The types with effects that a compiled class refers to, by its constant pool, whether as a class or in a signature. */
    static List<String> effects(byte[] compiled) {
        var found = new ArrayList<String>();
        for (PoolEntry entry : ClassFile.of().parse(compiled).constantPool()) {
            String text = switch (entry) {
                case ClassEntry type -> type.asInternalName();
                case Utf8Entry utf8 when utf8.stringValue().startsWith("(") || utf8.stringValue().startsWith("L") -> utf8.stringValue();
                default -> "";
            };
            for (String effect : EFFECTS) {
                if (text.contains(effect) && HARMLESS.stream().noneMatch(text::contains)) {
                    found.add(text);
                }
            }
        }
        return found;
    }
}
