module dev.carafe.bench {
    requires static transitive org.jspecify;
    requires transitive dev.carafe.base;
    requires transitive dev.carafe.kernel;
    requires transitive dev.carafe.oci;
    requires dev.carafe.transport;
    requires dev.carafe.plan;

    exports dev.carafe.bench;
}
