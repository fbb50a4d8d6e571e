module dev.carafe.runtime {
    requires static transitive org.jspecify;
    requires transitive dev.carafe.base;
    requires transitive dev.carafe.kernel;
    requires transitive dev.carafe.oci;
    requires transitive dev.carafe.plan;

    exports dev.carafe.runtime;
    exports dev.carafe.runtime.command;
    exports dev.carafe.runtime.oci;
}
