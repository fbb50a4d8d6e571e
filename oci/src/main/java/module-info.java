module dev.carafe.oci {
    requires static transitive org.jspecify;
    requires transitive dev.carafe.base;
    requires transitive com.google.gson;

    exports dev.carafe.oci;
    exports dev.carafe.oci.runtime;
}
