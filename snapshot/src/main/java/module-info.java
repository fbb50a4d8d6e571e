module dev.carafe.snapshot {
    requires static transitive org.jspecify;
    requires transitive dev.carafe.base;
    requires transitive dev.carafe.kernel;
    requires transitive dev.carafe.oci;
    requires transitive dev.carafe.archive;

    exports dev.carafe.snapshot;
}
