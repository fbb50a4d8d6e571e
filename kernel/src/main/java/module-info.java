module dev.carafe.kernel {
    requires static transitive org.jspecify;
    requires transitive dev.carafe.base;

    exports dev.carafe.kernel;
}
