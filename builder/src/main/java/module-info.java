module dev.carafe.build {
    requires static transitive org.jspecify;
    requires transitive dev.carafe.base;
    requires transitive dev.carafe.kernel;
    requires transitive dev.carafe.oci;
    requires transitive dev.carafe.archive;
    requires transitive dev.carafe.engine;

    requires java.net.http;

    exports dev.carafe.build;
    exports dev.carafe.build.dockerfile;
}
