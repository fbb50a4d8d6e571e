module dev.carafe.network {
    requires static transitive org.jspecify;
    requires transitive dev.carafe.base;
    requires transitive dev.carafe.kernel;
    requires transitive dev.carafe.oci;
    requires transitive dev.carafe.plan;
    requires transitive dev.carafe.runtime;

    exports dev.carafe.network;
    exports dev.carafe.network.names;
}
