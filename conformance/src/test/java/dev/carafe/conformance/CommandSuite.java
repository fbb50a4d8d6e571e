package dev.carafe.conformance;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests of the command line on the running kernel, once with a warm engine and once without; nothing may be left by any of them. */
@ParameterizedClass(name = "{0}")
@EnumSource(EngineMode.class)
@Timeout(180)
abstract class CommandSuite {
    static Carafe carafe;

    @Parameter
    EngineMode mode;

    @BeforeParameterizedClassInvocation
    static void open(EngineMode mode) {
        carafe = Carafe.open(mode);
    }

    @AfterParameterizedClassInvocation
    static void close() {
        if (carafe != null) {
            carafe.close();
        }
    }

    @AfterEach
    void nothingIsLeft() {
        carafe.removeContainers();
        carafe.removeVolumes();
        try {
            carafe.residue().assertNone("after the test");
        } finally {
            carafe.mark();
        }
    }
}
