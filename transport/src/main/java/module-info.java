module dev.carafe.transport {
    requires static transitive org.jspecify;
    requires transitive dev.carafe.base;
    requires transitive dev.carafe.oci;
    requires transitive dev.carafe.archive;
    requires transitive dev.carafe.content;
    requires com.google.gson;
    requires java.net.http;

    exports dev.carafe.transport;
    exports dev.carafe.transport.registry;
}
