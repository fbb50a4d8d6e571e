module dev.carafe.oci {
    requires static transitive org.jspecify;
    requires transitive dev.carafe.base;
    requires transitive com.google.gson;

}
