module dev.carafe.bench {
    requires static transitive org.jspecify;
    requires transitive dev.carafe.base;
    requires transitive dev.carafe.kernel;
    requires transitive dev.carafe.oci;
    requires dev.carafe.transport;
    requires transitive dev.carafe.plan;
    requires dev.carafe.runtime;
    requires jmh.core;

    exports dev.carafe.bench;
    exports dev.carafe.bench.micro;
}
