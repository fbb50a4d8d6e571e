/** Base images without a registry, from archives of packages. */
module dev.carafe.bootstrap {
    requires static transitive org.jspecify;
    requires transitive dev.carafe.base;
    requires dev.carafe.oci;
    requires dev.carafe.archive;
    requires transitive dev.carafe.transport;
    requires transitive dev.carafe.engine;
    requires java.net.http;
    requires org.tukaani.xz;

    exports dev.carafe.bootstrap;
}
