module dev.carafe.engine {
    requires static transitive org.jspecify;
    requires transitive dev.carafe.base;
    requires transitive dev.carafe.kernel;
    requires transitive dev.carafe.oci;
    requires transitive dev.carafe.archive;
    requires transitive dev.carafe.content;
    requires transitive dev.carafe.transport;
    requires transitive dev.carafe.snapshot;
    requires transitive dev.carafe.plan;
    requires transitive dev.carafe.runtime;
    requires transitive dev.carafe.network;
    requires jdk.jfr;

    exports dev.carafe.engine;
}
