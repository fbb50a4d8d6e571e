package dev.carafe.conformance;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests of the command line that have a registry of their own; the images named after it vanish with it. */
abstract class RegistrySuite extends CommandSuite {
    DebianRegistry registry;

    @BeforeEach
    void startRegistry() {
        registry = DebianRegistry.start(carafe.work(), "");
    }

    @AfterEach
    void stopRegistry() {
        registry.close();
        String[] names = carafe.check("images", "--format", "{{.Repository}}:{{.Tag}}").lines().filter(name -> name.startsWith("127.")).toArray(String[]::new);
        if (names.length > 0) {
            var words = new ArrayList<String>(List.of("rmi", "-f"));
            words.addAll(List.of(names));
            carafe.call(words.toArray(String[]::new));
        }
    }

    String pushed(String rest) {
        String name = registry.name(rest);
        carafe.check("tag", "busybox", name);
        carafe.check("push", name);
        carafe.check("rmi", name);
        return name;
    }

    static Outcome with(ProcessBuilder builder, String key, String value) {
        builder.environment().put(key, value);
        return new Running(builder).await();
    }
}
