module dev.carafe.docker {
    requires static transitive org.jspecify;
    requires transitive dev.carafe.base;
    requires transitive dev.carafe.oci;
    requires transitive dev.carafe.engine;

    exports dev.carafe.docker;
}
