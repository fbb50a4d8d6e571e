module dev.carafe.conformance {
    requires static transitive org.jspecify;
    requires transitive dev.carafe.base;
    requires transitive dev.carafe.kernel;
    requires transitive dev.carafe.oci;
    requires transitive dev.carafe.archive;
    requires transitive dev.carafe.content;
    requires transitive dev.carafe.snapshot;
    requires transitive dev.carafe.plan;
    requires transitive dev.carafe.runtime;
    requires transitive dev.carafe.engine;
    requires transitive dev.carafe.cli;
    requires transitive org.junit.jupiter.api;
    requires org.junit.jupiter.params;
    requires transitive org.assertj.core;

    exports dev.carafe.conformance;
}
